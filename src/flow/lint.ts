import type { Catalogue } from './catalogue.js';
import type { AuthenticationRequirement, FlowDefinition, StageBindingDefinition } from './definition.js';
import { factsOf } from './stage-facts.js';
import type { LeadsTo, StageFacts, Standing, TellingKind } from './stage-facts.js';

/** What is worth a second look in a flow; each with what it means. */
export const flowWarnings = {
  SECOND_FACTOR_NOT_ASKED:
    'People who have set up a second factor are signed in here without being asked for it: the stage waives it, and no stage that no policy can take out asks everybody before.',
  SECOND_FACTOR_REMEMBERED:
    'People are signed in here without being asked for their second factor, where their browser has shown one lately.',
  NOTHING_PROVED:
    'The stage takes somebody who has proved who they are, and no stage before can have proved it.',
  NOBODY_NAMED: 'The stage takes somebody, and no stage before can have found out whom the flow is about.',
  NEVER_REACHED: 'A stage before always ends the flow, or leads to another one that does not come back.',
} as const;

export type FlowWarningCode = keyof typeof flowWarnings;

export interface FlowWarning {
  readonly code: FlowWarningCode;
  readonly message: string;
  /** The place that it is about, in the flow itself or in one that it leads to. */
  readonly binding: StageBindingDefinition;
  /** The slugs of the flows on the way there, from the flow itself to the one that has the place. */
  readonly path: readonly string[];
}

/**
 * What an administrator should know of a flow before others find out: above all each way to a session on which a second
 * factor that is there is not asked for, in the flow itself and in those that it leads to. A stage that policies guard is
 * taken to have its turn where it would open a way, and to be left out where it would close one. Where a policy alone says
 * which flow comes next, nobody can tell beforehand.
 */
export function lintFlow(
  flow: FlowDefinition,
  catalogue: Pick<Catalogue, 'flow' | 'stage'>,
  kinds: ReadonlyMap<string, TellingKind>,
): readonly FlowWarning[] {
  const lint = new Lint(catalogue, kinds);
  lint.walk(flow, nothingYet, []);
  return lint.warnings;
}

/** Where somebody can be who has got that far. */
interface Progress {
  /** What can be known and proved at best. */
  readonly standing: number;
  /** Whether everybody was asked who has a second factor. */
  readonly asked: boolean;
  /** Whether some were not, because it was remembered. */
  readonly remembered: boolean;
}

const nothingYet: Progress = { standing: 0, asked: false, remembered: false };
const rank: Readonly<Record<Standing, number>> = { NAMED: 1, SIGNED_IN: 2, PROVED: 3 };

/** A flow token names its person, and is a proof; what another flow has proved before it leads here is not known. */
const standingAtEntry: Readonly<Record<AuthenticationRequirement, number>> = {
  NONE: 0,
  REQUIRE_UNAUTHENTICATED: 0,
  REQUIRE_AUTHENTICATED: rank.SIGNED_IN,
  REQUIRE_SUPERUSER: rank.SIGNED_IN,
  REQUIRE_REDIRECT: rank.PROVED,
  REQUIRE_TOKEN: rank.PROVED,
};

class Lint {
  readonly warnings: FlowWarning[] = [];

  constructor(
    private readonly catalogue: Pick<Catalogue, 'flow' | 'stage'>,
    private readonly kinds: ReadonlyMap<string, TellingKind>,
  ) {}

  /** Goes through a flow; with what it ends for whoever is led back from it. */
  walk(flow: FlowDefinition, before: Progress, outer: readonly string[]): Progress {
    const path = [...outer, flow.slug];
    let progress = { ...before, standing: Math.max(before.standing, standingAtEntry[flow.authentication]) };
    for (const [index, binding] of flow.stageBindings.entries()) {
      const facts = this.#facts(binding, flow);
      this.#look(binding, facts, progress, path);
      progress = this.#after(binding, facts, progress, path);
      const next = flow.stageBindings[index + 1];
      if (!isGuarded(binding) && isLast(facts)) {
        if (next) this.#warn('NEVER_REACHED', next, path);
        break;
      }
    }
    return progress;
  }

  #look(
    binding: StageBindingDefinition,
    facts: StageFacts,
    progress: Progress,
    path: readonly string[],
  ): void {
    const { takes, waivesSecondFactor } = facts;
    if (takes && progress.standing < rank[takes])
      this.#warn(takes === 'NAMED' ? 'NOBODY_NAMED' : 'NOTHING_PROVED', binding, path);
    if (waivesSecondFactor === undefined) return;
    if (waivesSecondFactor && !progress.asked) this.#warn('SECOND_FACTOR_NOT_ASKED', binding, path);
    if (progress.remembered && !progress.asked) this.#warn('SECOND_FACTOR_REMEMBERED', binding, path);
  }

  #after(
    binding: StageBindingDefinition,
    { gives, secondFactor, leadsTo }: StageFacts,
    before: Progress,
    path: readonly string[],
  ): Progress {
    const isAlways = !isGuarded(binding);
    const progress = {
      standing: Math.max(before.standing, gives ? rank[gives] : 0),
      asked: before.asked || (secondFactor === 'ASKED' && isAlways),
      remembered: before.remembered || secondFactor === 'REMEMBERED',
    };
    return leadsTo ? this.#led(leadsTo, progress, isAlways, path) : progress;
  }

  /** What another flow makes of it, and, where it leads back, what is left of that. */
  #led(
    { flowId, keepContext, returns }: LeadsTo,
    progress: Progress,
    isAlways: boolean,
    path: readonly string[],
  ): Progress {
    const flow = this.catalogue.flow(flowId);
    // A flow that leads back to itself has been looked at already.
    if (!flow || path.includes(flow.slug)) return progress;
    const come = this.walk(flow, keepContext ? progress : nothingYet, path);
    if (!returns || !keepContext) return progress;
    return isAlways ? come : { ...come, asked: progress.asked };
  }

  #facts({ stage }: StageBindingDefinition, flow: FlowDefinition): StageFacts {
    const facts = factsOf(this.kinds, stage, flow);
    const shown = (facts.shows ?? []).flatMap((id) => this.catalogue.stage(id) ?? []);
    const proves = shown.some((inner) => factsOf(this.kinds, inner, flow).gives === 'PROVED');
    return proves ? { ...facts, gives: 'PROVED' } : facts;
  }

  #warn(code: FlowWarningCode, binding: StageBindingDefinition, path: readonly string[]): void {
    this.warnings.push({ code, message: flowWarnings[code], binding, path });
  }
}

/** Whether policies can take the stage out. */
function isGuarded({ policyBindings }: StageBindingDefinition): boolean {
  return policyBindings.some(({ enabled }) => enabled);
}

function isLast({ ends = false, leadsTo }: StageFacts): boolean {
  return ends || leadsTo?.returns === false;
}
