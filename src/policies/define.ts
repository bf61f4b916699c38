import type { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import type { ObjectSchema } from '../kernel/object-schema.js';
import { onceFor } from '../kernel/once.js';
import { pick } from '../kernel/pick.js';
import type { FieldProblem } from '../kernel/refusal.js';
import type { PolicyKind, PolicyRun, PolicyServices, PolicyVerdict } from '../flow/policy-kind.js';
import type { PolicyVocabulary } from './vocabulary.js';

type ServiceName = keyof PolicyServices;

/** An evaluation as the author of a kind sees it: typed configuration, and only the services asked for. */
export type TypedPolicyRun<Config, Names extends ServiceName> = Omit<PolicyRun, 'services'> & {
  readonly config: Config;
  readonly services: Pick<PolicyServices, Names>;
};

/** A policy that another one's configuration names. */
export interface CalledName {
  readonly name: string;
  readonly path: string;
}

interface KindOfPolicy<Config extends ObjectSchema, Names extends ServiceName> {
  /** In kebab case, like the kind's folder. */
  readonly name: string;
  /** One sentence for administrators: what the policy decides on. */
  readonly description: string;
  readonly config: Config;
  readonly services: readonly Names[];
  /** For trying things out: not part of a production installation. */
  readonly developmentOnly?: true;
  /** Of kinds whose configuration is written in words of their own: these words. */
  readonly vocabulary?: () => PolicyVocabulary;
  /** What is wrong with a configuration beyond its form, found before it is saved. Paths start in the configuration. */
  problems?(config: z.infer<Config>, services: Pick<PolicyServices, Names>): readonly FieldProblem[];
  /** The policies that a configuration calls, by name, and where it names them. Paths start in the configuration. */
  calls?(config: z.infer<Config>, services: Pick<PolicyServices, Names>): readonly CalledName[];
  /** How many earlier passwords have to be kept for this configuration. */
  passwordsRemembered?(config: z.infer<Config>): number;
  /** Throws where it cannot decide. */
  evaluate(run: TypedPolicyRun<z.infer<Config>, Names>): Promise<PolicyVerdict>;
}

/** A kind as lists and schemas see it: the engine's face, and what GraphQL is derived from. */
export interface PolicyKindDefinition extends PolicyKind {
  readonly description: string;
  readonly config: ObjectSchema;
  readonly services: readonly ServiceName[];
  readonly developmentOnly: boolean;
  readonly vocabulary: (() => PolicyVocabulary) | undefined;
  problems(config: unknown, services: PolicyServices): readonly FieldProblem[];
  calls(config: unknown, services: PolicyServices): readonly CalledName[];
}

export function definePolicy<Config extends ObjectSchema, Names extends ServiceName>(
  kind: KindOfPolicy<Config, Names>,
): PolicyKindDefinition {
  const { name, description, config, services, developmentOnly = false, vocabulary } = kind;
  // Definitions do not change: one that is edited is another object in the next catalogue.
  const checked = onceFor((raw: JsonObject) => config.safeParse(raw));
  return {
    name,
    description,
    config,
    services,
    developmentOnly,
    vocabulary,
    problems: (raw, offered) => kind.problems?.(config.parse(raw), pick(offered, services)) ?? [],
    calls: (raw, offered) => kind.calls?.(config.parse(raw), pick(offered, services)) ?? [],
    passwordsRemembered(raw) {
      const parsed = checked(raw);
      return parsed.success ? (kind.passwordsRemembered?.(parsed.data) ?? 0) : 0;
    },
    evaluate: async (run) => {
      const parsed = checked(run.policy.config);
      if (!parsed.success) throw new Error(`the policy ${run.policy.name} is wrongly configured`);
      return kind.evaluate({ ...run, config: parsed.data, services: pick(run.services, services) });
    },
  };
}
