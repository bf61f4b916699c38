import { Secret } from '../../kernel/secret.js';
import type { Path } from '../problem.js';
import type { Entry, Given } from './entry.js';
import { models } from './models/list.js';
import type { Model } from './models/model.js';
import { failsAlways } from './models/policies.js';
import type { Names } from './names.js';
import { textOf } from './names.js';
import { ObjectStatement } from './our-document.js';
import type { Problems } from './problems.js';
import { words } from './rules.js';
import type { Rules, Writing } from './rules.js';
import { isSame } from './value.js';

const EVERYWHERE = [
  'pk',
  'created',
  'last_updated',
  'component',
  'verbose_name',
  'verbose_name_plural',
  'meta_model_name',
  'flow_set',
  'bound_to',
];

export interface ObjectParts {
  readonly names: Names;
  readonly problems: Problems;
}

/** The objects that a document of ours speaks of. */
export class Objects {
  /** By type and name. */
  readonly all = new Map<string, ObjectStatement>();
  /** What the document says that is secret, by the names that ours has for it. */
  readonly secrets = new Map<string, Secret>();
  /** Policies of the document that decide something, by name. */
  readonly #deciding = new Set<string>();

  constructor(private readonly parts: ObjectParts) {}

  /** Takes up what an entry says of an object; nothing where it is no object of ours. */
  add(entry: Entry): void {
    if (entry.skipped || entry.model === undefined) return;
    const model = models.get(entry.model);
    if (!model) return;
    const name = this.#nameOf(entry, model);
    if (name === undefined) return;
    const statement = this.#statement(entry, model, name);
    if (!statement || entry.state === 'absent') return;
    if (model.kind !== undefined) statement.set('kind', model.kind, [...entry.path, 'model']);
    applyRules(entry, model.rules, model.key, this.#writing(entry, statement));
    model.finish?.(this.#writing(entry, statement));
    const isCode = entry.model === 'authentik_policies_expression.expressionpolicy';
    if (model.type === 'policy' && !(isCode && failsAlways(entry.fields.get('expression')))) {
      this.#deciding.add(name);
    }
  }

  /** The statement about an object, for what is bound to it; a new one where the document says nothing else of it. */
  flow(slug: string, path: Path): ObjectStatement {
    const key = `flow:${slug}`;
    const there = this.all.get(key);
    if (there) return there;
    const statement = new ObjectStatement(path, 'present', 'flow', slug);
    this.all.set(key, statement);
    return statement;
  }

  /** Has the flows that entries have described so far hold nothing but what the document lists. */
  replaceFlows(): void {
    for (const statement of this.all.values()) {
      if (statement.object !== 'flow' || statement.state !== 'present') continue;
      statement.set('prune', true, statement.path);
    }
  }

  /** Whether a policy is one that this document makes, and that comes to a verdict. */
  decides(policy: string): boolean {
    return this.#deciding.has(policy);
  }

  #writing(entry: Entry, statement: ObjectStatement): Writing {
    return {
      ...{ entry, ...this.parts },
      set: (field, value, path) => statement.set(field, value, path),
      secret: (field, given) => this.#setSecret(statement, field, given),
    };
  }

  /** A document of ours only names secrets: what theirs says goes along beside it. */
  #setSecret(statement: ObjectStatement, field: string, { value, path }: Given): void {
    if (value === null || value === '') return statement.set(field, null, path);
    if (typeof value !== 'string')
      return this.parts.problems.error(path, 'INVALID_TYPE', 'A secret must be text.');
    const name = `GIVEN_${this.secrets.size + 1}`;
    this.secrets.set(name, new Secret(value));
    statement.set(field, { secret: name }, path);
  }

  /** What an object is called: how it is found must be how we know it, or another one would be meant. */
  #nameOf(entry: Entry, model: Model): string | undefined {
    const { problems } = this.parts;
    const { identifiers, fields, failed } = entry;
    const at = [...entry.path, 'identifiers'];
    const given = fields.get(model.key);
    if (failed.has(model.key)) return undefined;
    const name = textOf(given?.value);
    if (given && name === undefined) {
      problems.error(given.path, 'INVALID_TYPE', 'Must be text.');
      return undefined;
    }
    const others = [...identifiers.keys()].filter((field) => field !== 'pk' && field !== model.key);
    if (name === undefined || (!identifiers.has(model.key) && others.length > 0)) {
      problems.error(
        at,
        'REQUIRED',
        `Here a ${words[model.type]} is known by its ${model.key}: it has to be here.`,
      );
      return undefined;
    }
    return name;
  }

  #statement(entry: Entry, model: Model, name: string): ObjectStatement | undefined {
    const key = `${model.type}:${name}`;
    const there = this.all.get(key);
    if (!there) {
      const statement = new ObjectStatement(entry.path, entry.state, model.type, name);
      this.all.set(key, statement);
      return statement;
    }
    const kind = there.fields.get('kind')?.value;
    if (
      there.state === entry.state &&
      (kind === undefined || model.kind === undefined || kind === model.kind)
    )
      return there;
    const message = `Another entry says something else of the ${words[model.type]} ${name} already.`;
    this.parts.problems.error(entry.path, 'REPEATED', message);
    return undefined;
  }
}

/** Does with each field that is given what is to be done with it; one without a rule has no counterpart. */
export function applyRules(entry: Entry, rules: Rules, key: string, writing: Writing): void {
  for (const [field, given] of entry.fields) {
    if (field === key || EVERYWHERE.includes(field)) continue;
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule) rule(given, writing);
    else
      writing.problems.error(
        given.path,
        'UNSUPPORTED',
        `There is no counterpart for ${field}. Take it out, if it may be missing.`,
      );
  }
  renaming(entry, key, writing.problems);
}

/** What identifies an object and what is written into it have to agree. */
function renaming(entry: Entry, key: string, problems: Problems): void {
  const identifier = entry.identifiers.get(key);
  const written = entry.written.get(key);
  if (!identifier || !written || isSame(identifier.value, written.value)) return;
  problems.unsupported(
    written.path,
    `An object keeps its ${key}: it cannot be called otherwise by a document.`,
  );
}
