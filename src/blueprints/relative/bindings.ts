import type { Path } from '../problem.js';
import type { Entry, Given, Value } from './entry.js';
import { PLACE } from './models/list.js';
import { applyRules } from './objects.js';
import type { Objects } from './objects.js';
import { textOf } from './names.js';
import type { Names, ObjectName } from './names.js';
import { GuardStatement, PlaceStatement } from './our-document.js';
import type { ObjectStatement, Statement } from './our-document.js';
import type { Problems } from './problems.js';
import { flag, meaningless, nameOf, renamed, truthOf } from './rules.js';
import type { Rules, Writing } from './rules.js';
import { Named } from './entry.js';

const modes = { any: 'ANY', all: 'ALL' };

const placeRules: Rules = {
  ...{ target: meaningless, stage: meaningless, order: meaningless, policybindingmodel_ptr_id: meaningless },
  evaluate_on_plan: flag('evaluateOnPlan'),
  re_evaluate_policies: flag('reEvaluatePolicies'),
  invalid_response_action: renamed('invalidResponseAction', {
    retry: 'RETRY',
    restart: 'RESTART',
    restart_with_context: 'RESTART_WITH_CONTEXT',
  }),
  policy_engine_mode: renamed('policyEngineMode', modes),
};

const guardRules: Rules = {
  ...{ target: meaningless, policy: meaningless, group: meaningless, user: meaningless, order: meaningless },
  enabled: flag('enabled'),
  negate: flag('negate'),
  timeout: ({ value, path }, { problems, set }) => {
    if (typeof value === 'number' && Number.isInteger(value)) set('timeout', `PT${value}S`, path);
    else problems.error(path, 'INVALID_TYPE', 'Must be a number of seconds.');
  },
  failure_result: flag('failureResult'),
  expires: ({ value, path }, { problems, set }) => {
    if (value === null || typeof value === 'string') set('expiresAt', value, path);
    else problems.error(path, 'INVALID_TYPE', 'Must be a moment.');
  },
  expiring: meaningless,
};

export interface BindingParts {
  readonly names: Names;
  readonly problems: Problems;
  readonly objects: Objects;
}

/** What binds the objects of a document to one another: stages to flows, and what guards these. */
export class Bindings {
  readonly #places = new Map<Entry, PlaceStatement>();
  /** To what nothing stays bound that the document does not list. */
  readonly #alone = new Set<Statement>();

  constructor(private readonly parts: BindingParts) {}

  addPlace(entry: Entry): void {
    const { names, objects, problems } = this.parts;
    const [target, stage] = [this.#required(entry, 'target'), this.#required(entry, 'stage')];
    const order = this.#order(entry);
    const slug = target && nameOf(target, 'flow', names, problems);
    const name = stage && nameOf(stage, 'stage', names, problems);
    if (!stage || slug === undefined || name === undefined || order === undefined) return;
    const flow = objects.flow(slug, entry.path);
    const place = new PlaceStatement(entry.path, entry.state, name, order);
    place.set('stage', name, stage.path);
    this.#places.set(entry, place);
    if (flow.fields.has('prune')) this.#alone.add(flow).add(place);
    this.#expectIdentified(entry, flow, ['stage']);
    if (!this.#put(flow.places, `${name}@${order}`, place, entry)) return;
    this.#expectApplied(flow, entry);
    if (entry.state === 'absent') return;
    applyRules(entry, placeRules, '', this.#writing(entry, place));
    evaluation(entry, place, problems);
  }

  addGuard(entry: Entry): void {
    const target = this.#required(entry, 'target');
    const subject = this.#subject(entry);
    const order = this.#order(entry);
    const guarded = target && this.#guarded(target);
    if (!subject || !guarded || order === undefined) return;
    this.#expectIdentified(entry, guarded, ['policy', 'group', 'user']);
    const guard = new GuardStatement(entry.path, entry.state, subject, order);
    guard.set(subject.type, subject.name, entry.fields.get(subject.type)?.path ?? entry.path);
    if (!this.#put(guarded.guards, guard.key, guard, entry)) return;
    this.#expectApplied(guarded, entry);
    if (entry.state === 'absent') return;
    applyRules(entry, guardRules, '', this.#writing(entry, guard));
    this.#failSafe(entry, guard);
  }

  /** An error must not let anybody in where it is only for us that the policy cannot decide. */
  #failSafe(entry: Entry, guard: GuardStatement): void {
    const given = entry.fields.get('failure_result');
    if (guard.subject.type !== 'policy' || !given || truthOf(given.value) !== true) return;
    if (this.parts.objects.decides(guard.subject.name)) return;
    const message = `Whether ${guard.subject.name} can decide is not certain here, so that an error counts as failed.`;
    this.parts.problems.warning(given.path, message);
    guard.set('failureResult', false, given.path);
  }

  #writing(entry: Entry, statement: Statement): Writing {
    const { names, problems } = this.parts;
    return {
      ...{ entry, names, problems },
      set: (field, value, path) => statement.set(field, value, path),
      secret: (_, { path }) => problems.error(path, 'INVALID', 'Holds no secret.'),
    };
  }

  #required(entry: Entry, field: string): Given | undefined {
    const given = entry.fields.get(field);
    if (!given && !entry.failed.has(field)) {
      this.parts.problems.error([...entry.path, 'identifiers'], 'REQUIRED', `Must have ${field}.`);
    }
    return given;
  }

  #order(entry: Entry): number | undefined {
    const given = this.#required(entry, 'order');
    if (!given) return undefined;
    if (typeof given.value === 'number') return given.value;
    this.parts.problems.error(given.path, 'INVALID_TYPE', 'Must be a whole number.');
    return undefined;
  }

  #subject(entry: Entry): ObjectName | undefined {
    const { names, problems } = this.parts;
    const given = (['policy', 'group', 'user'] as const).flatMap((type) => {
      const field = entry.fields.get(type);
      return field && field.value !== null ? [{ type, field }] : [];
    });
    const [one, ...others] = given;
    if (!one || others.length > 0) {
      if (entry.failed.size === 0) {
        const message = 'Must have exactly one of policy, group and user.';
        problems.error([...entry.path, 'identifiers'], one ? 'REPEATED' : 'REQUIRED', message);
      }
      return undefined;
    }
    const name = nameOf(one.field, one.type, names, problems);
    return name === undefined ? undefined : { type: one.type, name };
  }

  #guarded({ value, path }: Given): ObjectStatement | PlaceStatement | undefined {
    const { names, problems, objects } = this.parts;
    const entry = names.entryOf(value);
    // A place that could not be made out has a problem already.
    if (entry?.model === PLACE) return this.#places.get(entry);
    if (value instanceof Named && value.reference.to === 'found' && value.reference.model === PLACE) {
      return this.#foundPlace(value.reference.criteria, path);
    }
    const slug = nameOf({ value, path }, 'flow', names, problems);
    return slug === undefined ? undefined : objects.flow(slug, path);
  }

  /** A place that is found by its flow, its stage and its order. */
  #foundPlace(criteria: Readonly<Record<string, Value>>, path: Path): PlaceStatement | undefined {
    const { names, problems, objects } = this.parts;
    const { target, stage, order, ...others } = criteria;
    if (
      target === undefined ||
      stage === undefined ||
      typeof order !== 'number' ||
      Object.keys(others).length > 0
    ) {
      problems.unsupported(path, 'Here a place is found by its target, its stage and its order, all three.');
      return undefined;
    }
    const slug = nameOf({ value: target, path }, 'flow', names, problems);
    const name = nameOf({ value: stage, path }, 'stage', names, problems);
    if (slug === undefined || name === undefined) return undefined;
    const flow = objects.flow(slug, path);
    const there = flow.places.get(`${name}@${order}`);
    if (there) return there;
    const place = new PlaceStatement(path, 'present', name, order);
    flow.places.set(`${name}@${order}`, place);
    return place;
  }

  /** What a binding is found by there must be what it is known by here, or another one would stay beside it. */
  #expectIdentified(entry: Entry, to: Statement, what: readonly string[]): void {
    const { identifiers, fields } = entry;
    const { problems } = this.parts;
    if (entry.state === 'must-created' || identifiers.has('pk')) return;
    if (this.#alone.has(to) && entry.state !== 'absent') return;
    if (!what.some((field) => textOf(field) !== undefined && identifiers.has(field))) {
      const message = `What is bound there already would stay beside this. Have ${what.join(', ')} and order among the identifiers, or import it with the parameter \`stagedoor/replace: true\`.`;
      problems.unsupported([...entry.path, 'identifiers'], message);
    } else if (!identifiers.has('order') && (entry.model === PLACE || entry.state === 'absent')) {
      const path = fields.get('order')?.path ?? entry.path;
      problems.warning(path, 'Where the same is bound at another order already, it stays there.');
    }
  }

  /** Of what is left alone where it is there already, so is what is bound to it. */
  #expectApplied(to: Statement, entry: Entry): void {
    if (to.state !== 'created' || to.path === entry.path) return;
    const { problems } = this.parts;
    const message = 'What this is bound to is left alone where it is there already, and so is this.';
    if (entry.state === 'created') problems.warning(entry.path, message);
    else problems.unsupported(entry.path, `${message} Give both the same state.`);
  }

  #put<T extends Statement>(all: Map<string, T>, key: string, statement: T, entry: Entry): boolean {
    if (!all.has(key)) {
      all.set(key, statement);
      return true;
    }
    this.parts.problems.error(
      entry.path,
      'REPEATED',
      'Another entry binds the same at the same order already.',
    );
    return false;
  }
}

/** Documents of before `evaluate_on_plan` was false by itself switch the other one off alone. */
function evaluation(entry: Entry, place: PlaceStatement, problems: Problems): void {
  const whenRun = entry.fields.get('re_evaluate_policies');
  if (!whenRun || truthOf(whenRun.value) !== false || entry.fields.has('evaluate_on_plan')) return;
  problems.warning(
    whenRun.path,
    'Policies have to be asked at some time: here they are when the flow is planned.',
  );
  place.set('evaluateOnPlan', true, whenRun.path);
}
