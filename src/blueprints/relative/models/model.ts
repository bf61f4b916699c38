import type { NamedModel } from '../names.js';
import type { Rules, Writing } from '../rules.js';

/** Something that the relative's documents describe and that has a counterpart here. */
export interface Model extends NamedModel {
  readonly type: Exclude<NamedModel['type'], 'user'>;
  /** Of stages and policies: the kind that it is here. */
  readonly kind?: string;
  /** What becomes of its fields; one without a rule has no counterpart. */
  readonly rules: Rules;
  /** What follows from several fields together, or from one that is not given. */
  readonly finish?: (writing: Writing) => void;
}

export function stage(kind: string, rules: Rules, finish?: Model['finish']): Model {
  return { type: 'stage', key: 'name', kind, rules, ...(finish && { finish }) };
}

export function policy(kind: string, rules: Rules, finish?: Model['finish']): Model {
  return { type: 'policy', key: 'name', kind, rules, ...(finish && { finish }) };
}
