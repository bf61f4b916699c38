import type { ProblemCode } from '../../kernel/problem-codes.js';
import type { DefinitionEditor } from '../../flow/definition-store.js';
import type { State } from '../document.js';
import { errorAt, warningAt } from '../problem.js';
import type { BlueprintProblem, Path } from '../problem.js';
import type { BlueprintChange } from '../result.js';
import type { Scene } from './scene.js';

/** What has to be there before something else can name it, and what has to be gone before that can go. */
const phases = [
  'groups',
  'nestingGroups',
  'promptFields',
  'flows',
  'policies',
  'stages',
  'unbinding',
  'placing',
  'binding',
  'invitations',
  'deletingInvitations',
  'deletingStages',
  'deletingFlows',
  'deletingPolicies',
  'deletingPromptFields',
  'deletingGroups',
] as const;
type Phase = (typeof phases)[number];

/** One change of the database, and the place in the document that asks for it. */
export interface Step {
  readonly phase: Phase;
  readonly path: Path;
  perform(editor: DefinitionEditor): Promise<unknown>;
}

/** What permissions speak of. */
export type Area =
  | 'GROUP'
  | 'PROMPT_FIELD'
  | 'POLICY'
  | 'STAGE'
  | 'FLOW'
  | 'STAGE_BINDING'
  | 'POLICY_BINDING'
  | 'INVITATION'
  | 'USER';

const verbs = { CREATE: 'ADD', UPDATE: 'CHANGE', DELETE: 'DELETE' } as const;

/** Something that the document speaks of, and what is to be true of it. */
export interface Wanted {
  readonly area: Area;
  /** As changes tell it. */
  readonly object: string;
  readonly state: State;
  readonly path: Path;
}

/** A plan while it is made: what is to be done, what that changes, and what is wrong with the document. */
export class Draft {
  readonly #steps: Step[] = [];
  readonly #changes: { readonly path: Path; readonly change: BlueprintChange }[] = [];
  readonly problems: BlueprintProblem[] = [];

  constructor(readonly scene: Scene) {}

  refuse(path: Path, code: ProblemCode, message: string): void {
    this.problems.push(errorAt(path, code, message));
  }

  warn(path: Path, code: ProblemCode, message: string): void {
    this.problems.push(warningAt(path, code, message));
  }

  /** Whether the importer may do this; a problem where not. */
  permits(verb: 'VIEW' | 'ADD' | 'CHANGE' | 'DELETE', area: Area, path: Path): boolean {
    const { superuser, permissions } = this.scene.rights;
    if (superuser || permissions.has(`${area}_${verb}`)) return true;
    this.refuse(path, 'FORBIDDEN', `This needs the permission ${area}_${verb}.`);
    return false;
  }

  /** Notes a change, and what makes it, where the importer may make it. */
  change(
    action: keyof typeof verbs,
    { area, object, path }: Omit<Wanted, 'state'>,
    fields: readonly string[],
    ...steps: readonly Omit<Step, 'path'>[]
  ): void {
    if (!this.permits(verbs[action], area, path)) return;
    this.#changes.push({ path, change: { action, object, fields } });
    this.#steps.push(...steps.map((step) => ({ ...step, path })));
  }

  unchanged({ object, path }: Pick<Wanted, 'object' | 'path'>): void {
    this.#changes.push({ path, change: { action: 'UNCHANGED', object, fields: [] } });
  }

  /** In the order in which the document names the objects. */
  changes(): readonly BlueprintChange[] {
    const entryOf = (path: Path): number => Number(path[1]);
    return this.#changes
      .toSorted((one, other) => entryOf(one.path) - entryOf(other.path))
      .map(({ change }) => change);
  }

  /** In the order in which they can be done. */
  orderedSteps(): readonly Step[] {
    return this.#steps.toSorted((one, other) => phases.indexOf(one.phase) - phases.indexOf(other.phase));
  }

  /** What follows from what is wanted of something and what there is of it; undefined where there is nothing to do. */
  decide(wanted: Wanted, isThere: boolean): 'CREATE' | 'UPDATE' | 'DELETE' | undefined {
    if (!this.permits('VIEW', wanted.area, wanted.path)) return undefined;
    switch (wanted.state) {
      case 'present':
        return isThere ? 'UPDATE' : 'CREATE';
      case 'must-created':
        if (isThere)
          this.refuse(wanted.path, 'EXISTS', 'It is there already, and the document wants to make it.');
        return isThere ? undefined : 'CREATE';
      case 'created':
        if (isThere) this.unchanged(wanted);
        return isThere ? undefined : 'CREATE';
      case 'absent':
        if (!isThere) this.unchanged(wanted);
        return isThere ? 'DELETE' : undefined;
    }
  }
}
