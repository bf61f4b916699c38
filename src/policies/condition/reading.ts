import { contextAfter } from '../../flow/policy-context.js';
import type { ContextChange } from '../../flow/context.js';
import type { PolicyInput, PolicyServices } from '../../flow/policy-kind.js';
import { policyWrite } from '../../flow/policy-writes.js';
import { cleansed } from '../../kernel/cleansed.js';
import type { Json, JsonObject } from '../../kernel/json.js';
import { storableText } from '../../kernel/text.js';
import type { Reference } from './document.js';
import { lookupsFor } from './lookups.js';
import type { Lookups } from './lookups.js';
import { valueOf } from './values.js';
import type { Raw, Value } from './values.js';
import { variableNamed } from './variables.js';

const LONGEST_SHOWN = 100;

/** What one evaluation reads and writes: what it has written, it reads. */
export class Reading {
  readonly #shown = new Map<string, Json>();
  readonly #lookups: Lookups;
  readonly #written: { readonly target: string; readonly value: Json }[] = [];
  readonly #writtenByOthers: ContextChange[] = [];

  constructor(
    private readonly input: PolicyInput,
    services: Pick<PolicyServices, 'passwordHistory' | 'auditLog' | 'reputations'>,
  ) {
    this.#lookups = lookupsFor(input, services);
  }

  /** What a variable is; null and undefined where there is nothing. */
  async raw(reference: Reference): Promise<Raw> {
    const variable = variableNamed(reference.variable);
    if (!variable) throw new Error(`there is no variable ${reference.variable}`);
    const input = { ...this.input, context: this.#context };
    const raw = await variable.read({ input, lookups: this.#lookups }, reference.parameter ?? '');
    const label = labelOf(reference);
    this.#shown.set(label, shownOf(label, raw, variable.parameter !== undefined));
    return raw;
  }

  /** What a variable is, as a value of its type or of the one that it is read as; undefined where it is none. */
  async value(reference: Reference): Promise<Value | undefined> {
    const raw = await this.raw(reference);
    const type = reference.as ?? variableNamed(reference.variable)?.type;
    if (type === undefined || type === 'any') throw new Error(`${labelOf(reference)} has no type`);
    return raw == null ? undefined : valueOf(type, raw);
  }

  /** What was last read of a variable, as it may be shown. */
  shown(reference: Reference): Json {
    return this.#shown.get(labelOf(reference)) ?? null;
  }

  /** Everything that was read, by name. */
  get read(): JsonObject {
    return Object.fromEntries(this.#shown);
  }

  write(target: string, raw: Raw): void {
    if (!this.input.mayWrite) throw new Error('nothing can be written where this is asked');
    const value = jsonOf(raw);
    policyWrite(this.#context, target, value);
    this.#written.push({ target, value });
  }

  /** Takes note of what a called policy has written. */
  writtenByOthers(changes: readonly ContextChange[]): void {
    this.#writtenByOthers.push(...changes);
  }

  /** What it has written itself, over what others have. */
  get changes(): readonly ContextChange[] {
    const changes: ContextChange[] = [];
    const before = contextAfter(this.input.context, this.#writtenByOthers);
    for (const { target, value } of this.#written) {
      changes.push(policyWrite(contextAfter(before, changes), target, value));
    }
    return changes;
  }

  get #context(): JsonObject {
    return contextAfter(this.input.context, [...this.#writtenByOthers, ...this.changes]);
  }
}

/** The name under which it is told what a variable was. */
export function labelOf({ variable, parameter }: Reference): string {
  return parameter === undefined ? variable : `${variable}.${parameter}`;
}

function jsonOf(raw: Raw): Json {
  return raw instanceof Date ? raw.toISOString() : (raw ?? null);
}

/** What others have put there may be called like a secret, and then is one. */
function shownOf(label: string, raw: Raw, isFromOthers: boolean): Json {
  const json = jsonOf(raw);
  const kept = isFromOthers ? (cleansed({ [label]: json })[label] ?? null) : json;
  if (typeof kept === 'string') return brief(kept);
  return typeof kept === 'object' && kept !== null ? brief(JSON.stringify(kept)) : kept;
}

function brief(text: string): string {
  return storableText(text.slice(0, LONGEST_SHOWN));
}
