import { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import type { ObjectSchema } from '../kernel/object-schema.js';
import { pick } from '../kernel/pick.js';
import { TELLING_MISSING } from '../kernel/schema-problems.js';
import { deny, retry } from '../flow/outcome.js';
import type { AuthenticatorDemand } from '../flow/authenticator-kind.js';
import type { AnswerOutcome, PresentOutcome } from '../flow/outcome.js';
import type { FlowInfo } from '../flow/definition.js';
import type { StageFacts, TellingKind } from '../flow/stage-facts.js';
import type { StageKind, StageRun, StageServices } from '../flow/stage-kind.js';
import { responseErrors } from './response-errors.js';

type ServiceName = keyof StageServices;

/** A run as the author of a kind sees it: with a typed configuration, and only the services asked for. */
export type TypedRun<Config, Names extends ServiceName> = Omit<StageRun, 'services'> & {
  readonly config: Config;
  readonly services: Pick<StageServices, Names>;
};

interface KindBasics<Config extends ObjectSchema, Names extends ServiceName> {
  /** In kebab case, like the kind's folder. */
  readonly name: string;
  /** One sentence for administrators: what the stage does. */
  readonly description: string;
  readonly config: Config;
  readonly services: readonly Names[];
  /** What it turns people away for who have not set it up; left out: for nothing. */
  readonly demands?: (config: z.infer<Config>) => AuthenticatorDemand | null;
  /** Signs the person in; only such a kind may. */
  readonly opensSession?: true;
  /** Is of no use where mails get nowhere. */
  readonly needsMail?: true;
  /** For trying things out: not part of a production installation. */
  readonly developmentOnly?: true;
  /** What can be told of a stage without running it. */
  readonly facts?: (config: z.infer<Config>, flow: FlowInfo) => StageFacts;
}

interface InteractiveKind<
  Config extends ObjectSchema,
  Names extends ServiceName,
  Challenge extends ObjectSchema,
  Response extends ObjectSchema,
> extends KindBasics<Config, Names> {
  /** What the client is shown, beyond what every challenge has. Never a secret of the installation. */
  readonly challenge: Challenge;
  /** What the client may send back. */
  readonly response: Response;
  /** Every code that an answer can be refused with, and what it means. */
  readonly errors: Readonly<Record<string, string>>;
  /** Writes nothing: presenting twice is the same as presenting once. */
  present(run: TypedRun<z.infer<Config>, Names>): Promise<PresentOutcome<z.infer<Challenge>>>;
  answer(run: TypedRun<z.infer<Config>, Names>, response: z.infer<Response>): Promise<AnswerOutcome>;
  /** Its challenge as it looks now, where what it shows depends on what happens elsewhere. Writes nothing. */
  readonly refresh?: (
    challenge: z.infer<Challenge>,
    glance: Pick<TypedRun<z.infer<Config>, Names>, 'context' | 'services'>,
  ) => Promise<z.infer<Challenge>>;
}

interface OneWayKind<Config extends ObjectSchema, Names extends ServiceName, Challenge extends ObjectSchema>
  extends KindBasics<Config, Names> {
  /** What the client is shown, beyond what every challenge has. */
  readonly challenge: Challenge;
  /** Writes nothing: presenting twice is the same as presenting once. */
  present(run: TypedRun<z.infer<Config>, Names>): Promise<PresentOutcome<z.infer<Challenge>>>;
}

interface SilentKind<Config extends ObjectSchema, Names extends ServiceName>
  extends KindBasics<Config, Names> {
  /** Does the stage's work at once; there is nobody to ask. */
  run(run: TypedRun<z.infer<Config>, Names>): Promise<Exclude<PresentOutcome, { type: 'ask' }>>;
}

/** A kind as lists and schemas see it: the engine's face, and what GraphQL is derived from. */
export interface StageKindDefinition extends StageKind, TellingKind {
  readonly description: string;
  readonly config: ObjectSchema;
  readonly services: readonly ServiceName[];
  readonly needsMail: boolean;
  readonly developmentOnly: boolean;
  readonly interaction: {
    readonly challenge: ObjectSchema;
    /** Null where the kind takes no answers. */
    readonly response: ObjectSchema | null;
    readonly errors: Readonly<Record<string, string>>;
  } | null;
}

/** A stage kind that asks the person for something. */
export function defineStage<
  Config extends ObjectSchema,
  Names extends ServiceName,
  Challenge extends ObjectSchema,
  Response extends ObjectSchema,
>(kind: InteractiveKind<Config, Names, Challenge, Response>): StageKindDefinition {
  const { challenge, response, errors } = kind;
  return {
    ...basics(kind),
    interaction: { challenge, response, errors },
    present: presenting(kind),
    answer: (run, raw) =>
      configured(kind, run, async (typed) => {
        const parsed = response.safeParse(raw, TELLING_MISSING);
        return parsed.success ? kind.answer(typed, parsed.data) : retry(responseErrors(parsed.error));
      }),
    refresh: refreshing(kind),
  };
}

/** A stage kind that shows the person where to go, and takes no answer: the flow does not go on from there. */
export function defineOneWayStage<
  Config extends ObjectSchema,
  Names extends ServiceName,
  Challenge extends ObjectSchema,
>(kind: OneWayKind<Config, Names, Challenge>): StageKindDefinition {
  return {
    ...basics(kind),
    interaction: { challenge: kind.challenge, response: null, errors: {} },
    present: presenting(kind),
    answer: null,
    refresh: null,
  };
}

/** A stage kind that does its work without asking. */
export function defineSilentStage<Config extends ObjectSchema, Names extends ServiceName>(
  kind: SilentKind<Config, Names>,
): StageKindDefinition {
  return {
    ...basics(kind),
    interaction: null,
    present: (run) => configured(kind, run, (typed) => kind.run(typed)),
    answer: null,
    refresh: null,
  };
}

function basics<Config extends ObjectSchema, Names extends ServiceName>(kind: KindBasics<Config, Names>) {
  const { name, description, config, services } = kind;
  const { opensSession = false, needsMail = false, developmentOnly = false } = kind;
  return {
    ...{ name, description, config, services, opensSession, needsMail, developmentOnly },
    // What is wrongly configured turns everybody away, whatever they have.
    demands(raw: JsonObject) {
      const parsed = config.safeParse(raw);
      return parsed.success ? (kind.demands?.(parsed.data) ?? null) : null;
    },
    // Of a stage that is wrongly configured nothing is known: it denies.
    facts(raw: JsonObject, flow: FlowInfo): StageFacts {
      const parsed = config.safeParse(raw);
      return parsed.success ? (kind.facts?.(parsed.data, flow) ?? {}) : {};
    },
  };
}

/** Presents with a checked configuration; what is shown is checked as well. */
function presenting<Config extends ObjectSchema, Names extends ServiceName, Challenge extends ObjectSchema>(
  kind: OneWayKind<Config, Names, Challenge>,
): StageKind['present'] {
  return (run) =>
    configured(kind, run, async (typed) => {
      const outcome = await kind.present(typed);
      if (outcome.type !== 'ask') return outcome;
      return { ...outcome, challenge: jsonOf(kind.challenge.parse(outcome.challenge)) };
    });
}

/** A challenge that is kept from before the kind has changed is shown as it is. */
function refreshing<
  Config extends ObjectSchema,
  Names extends ServiceName,
  Challenge extends ObjectSchema,
  Response extends ObjectSchema,
>(kind: InteractiveKind<Config, Names, Challenge, Response>): StageKind['refresh'] {
  const { challenge: schema, refresh } = kind;
  if (!refresh) return null;
  return async (challenge, { context, services }) => {
    const shown = schema.safeParse(challenge);
    if (!shown.success) return challenge;
    const seen = await refresh(shown.data, { context, services: pick(services, kind.services) });
    return jsonOf(schema.parse(seen));
  };
}

/** Runs with a checked configuration, or denies: a stage that is wrongly configured is never skipped. */
async function configured<Config extends ObjectSchema, Names extends ServiceName, Outcome>(
  kind: KindBasics<Config, Names>,
  run: StageRun,
  work: (typed: TypedRun<z.infer<Config>, Names>) => Promise<Outcome>,
) {
  const config = kind.config.safeParse(run.stage.config);
  if (!config.success) {
    return deny(
      'CONFIGURATION_ERROR',
      `The stage ${run.stage.name} is wrongly configured. Please tell an administrator.`,
    );
  }
  return work({ ...run, config: config.data, services: pick(run.services, kind.services) });
}

const jsonValue: z.ZodType<Json> = z.json();

function jsonOf(challenge: Record<string, unknown>): JsonObject {
  return z.record(z.string(), jsonValue).parse(challenge);
}
