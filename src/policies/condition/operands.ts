import { z } from 'zod';

import { durationSeconds, durationText } from '../../kernel/duration.js';
import { IpNetwork } from '../../kernel/ip.js';
import { valueOf } from './values.js';
import type { Value, ValueType } from './values.js';

/** What an operator compares with, in the words in which it is told. */
export const operandForms = {
  none: 'nothing',
  same: 'a value of the same type, or a variable of it',
  list: 'a list of values of the same type, or, for text, a variable that is a list',
  text: 'text, or a variable that is text',
  pattern: 'a regular expression of at most 256 characters',
  range: 'a list of two values of the same type, the lower one first',
  duration: 'a duration in ISO 8601, such as PT30M or P30D',
  networks: 'a network such as 10.0.0.0/8, or a list of them',
  item: 'text, or a variable that is text',
  items: 'a list of texts, or a variable that is a list',
  count: 'a whole number from 0',
} as const;

export type OperandForm = keyof typeof operandForms;

export type Literal = string | number | boolean;

type Typed = Exclude<ValueType, 'any'>;
type Literals = Literal | readonly Literal[] | undefined;

/** What a literal operand stands for, beside a variable of this type; undefined where it does not fit. */
export function literalOperand(
  form: OperandForm,
  type: Typed,
  options: readonly string[] | undefined,
  operand: Literals,
): readonly Value[] | undefined {
  const one = (of: Typed, allowed?: readonly string[]) => each(of, allowed, [operand]);
  const several = (of: Typed, allowed?: readonly string[]) =>
    isList(operand) && operand.length > 0 ? each(of, allowed, operand) : undefined;
  switch (form) {
    case 'none':
      return operand === undefined ? [] : undefined;
    case 'same':
      return one(type, options);
    case 'list':
      return several(type, options);
    case 'text':
    case 'item':
      return one('string');
    case 'pattern':
      return one('string');
    case 'range':
      return range(several(type));
    case 'duration': {
      const parsed = durationText.safeParse(operand);
      return parsed.success ? [durationSeconds(parsed.data)] : undefined;
    }
    case 'networks':
      return networks(isList(operand) ? operand : [operand]);
    case 'items':
      return several('string');
    case 'count':
      return z.int().min(0).safeParse(operand).success ? one('number') : undefined;
  }
}

/** The types of variables that can be compared with, beside a variable of this type. */
export function operandTypes(form: OperandForm, type: Typed): readonly ValueType[] {
  const texts: readonly ValueType[] = ['string', 'enum'];
  switch (form) {
    case 'same':
      return texts.includes(type) ? texts : [type];
    case 'text':
    case 'item':
      return texts;
    case 'list':
      return texts.includes(type) ? ['list'] : [];
    case 'items':
      return ['list'];
    case 'none':
    case 'pattern':
    case 'range':
    case 'duration':
    case 'networks':
    case 'count':
      return [];
  }
}

/** A variable's value as an operand of this form. */
export function variableOperand(value: Value): readonly Value[] {
  return typeof value === 'object' && 'map' in value ? value : [value];
}

function isList(operand: Literals): operand is readonly Literal[] {
  return typeof operand === 'object';
}

/** All of them as values of a type; undefined where one of them is of another. */
function each(
  type: Typed,
  allowed: readonly string[] | undefined,
  literals: readonly Literals[],
): readonly Value[] | undefined {
  const values = literals.flatMap((literal) => literalValue(type, allowed, literal) ?? []);
  return values.length === literals.length ? values : undefined;
}

/** Unlike what is read, a literal is not turned into another type: its author knows what is wanted. */
function literalValue(
  type: Typed,
  allowed: readonly string[] | undefined,
  literal: Literals,
): Value | undefined {
  const written = type === 'number' || type === 'boolean' ? type : 'string';
  if (typeof literal !== written || isList(literal)) return undefined;
  if (typeof literal === 'string' && allowed && !allowed.includes(literal)) return undefined;
  return valueOf(type, literal);
}

function range(values: readonly Value[] | undefined): readonly Value[] | undefined {
  const [low, high, ...others] = values ?? [];
  if (low === undefined || high === undefined || others.length > 0) return undefined;
  return low <= high ? [low, high] : undefined;
}

function networks(operand: readonly Literals[]): readonly Value[] | undefined {
  const found = operand.flatMap((text) => (typeof text === 'string' ? (IpNetwork.parse(text) ?? []) : []));
  return found.length > 0 && found.length === operand.length ? found : undefined;
}
