import { IpAddress, IpNetwork } from '../../kernel/ip.js';
import { codePointLength } from '../../kernel/text.js';
import type { OperandForm } from './operands.js';
import type { Value, ValueType } from './values.js';

/** How a comparison is made. */
export interface Comparing {
  readonly now: Date;
  /** The form in which texts are compared. */
  readonly fold: (text: string) => string;
  /** Whether a regular expression finds something in a text, in bounded time. */
  readonly finds: (pattern: string, text: string) => Promise<boolean>;
}

export interface Operator {
  /** The types of variables that have it. */
  readonly types: readonly ValueType[];
  /** What it compares with. */
  readonly operand: OperandForm;
  /** Whether `negate` may turn it round. */
  readonly negatable: boolean;
  /** Whether `caseSensitive` says something to it. */
  readonly folds: boolean;
  readonly description: string;
  holds(value: Value, operand: readonly Value[], how: Comparing): boolean | Promise<boolean>;
}

const plain = { negatable: false, folds: false } as const;
const negatable = { negatable: true, folds: false } as const;

type TextTest = (value: string, operand: string) => boolean;

/** Compares with one text. */
const onText = (description: string, test: TextTest): Operator => ({
  types: ['string'],
  operand: 'text',
  negatable: true,
  folds: true,
  description,
  holds: (value, [operand], { fold }) => test(fold(text(value)), fold(text(operand))),
});

/** Compares the order of two values. */
const onOrder = (description: string, test: (difference: number) => boolean): Operator => ({
  ...plain,
  types: ['number', 'datetime'],
  operand: 'same',
  description,
  holds: (value, [operand]) => test(size(value) - size(operand)),
});

/** Compares how long a text or a list is. */
const onLength = (description: string, test: (difference: number) => boolean): Operator => ({
  ...plain,
  types: ['string', 'list'],
  operand: 'count',
  description,
  holds: (value, [operand]) => test(lengthOf(value) - size(operand)),
});

/** Asks something of the value alone. */
const on = (
  types: readonly ValueType[],
  description: string,
  test: (value: Value) => boolean,
  also: Pick<Operator, 'negatable' | 'folds'> = negatable,
): Operator => ({ ...also, types, operand: 'none', description, holds: (value) => test(value) });

const equatable: readonly ValueType[] = ['string', 'number', 'boolean', 'datetime', 'ip', 'enum'];
const listable: readonly ValueType[] = ['string', 'number', 'ip', 'enum'];
const every: readonly ValueType[] = [...equatable, 'list', 'any'];
const equality = { negatable: false, folds: true } as const;
const membership = { types: ['list'], negatable: true, folds: true } as const;

const isAmong = (value: Value, operand: readonly Value[], { fold }: Comparing): boolean =>
  operand.some((other) => isSame(value, other, fold));

/** Each operator, under the name that conditions call it by. */
export const operators = {
  is_set: on(every, 'There is a value.', () => true, plain),
  is_not_set: on(every, 'There is no value.', () => false, plain),
  eq: {
    ...equality,
    types: equatable,
    operand: 'same',
    description: 'It is the same.',
    holds: isAmong,
  },
  ne: {
    ...equality,
    types: equatable,
    operand: 'same',
    description: 'It is another one.',
    holds: (value, operand, how) => !isAmong(value, operand, how),
  },
  in: {
    ...equality,
    types: listable,
    operand: 'list',
    description: 'It is one of these.',
    holds: isAmong,
  },
  not_in: {
    ...equality,
    types: listable,
    operand: 'list',
    description: 'It is none of these.',
    holds: (value, operand, how) => !isAmong(value, operand, how),
  },
  contains: onText('This occurs in it.', (value, operand) => value.includes(operand)),
  starts_with: onText('It begins with this.', (value, operand) => value.startsWith(operand)),
  ends_with: onText('It ends with this.', (value, operand) => value.endsWith(operand)),
  matches: {
    types: ['string'],
    operand: 'pattern',
    negatable: true,
    folds: true,
    description: 'A regular expression (JavaScript, Unicode) finds something in it; anchor it with ^ and $.',
    holds: (value, [operand], { finds }) => finds(text(operand), text(value)),
  },
  lt: onOrder('It is less, or earlier.', (difference) => difference < 0),
  lte: onOrder('It is less, or earlier, or the same.', (difference) => difference <= 0),
  gt: onOrder('It is more, or later.', (difference) => difference > 0),
  gte: onOrder('It is more, or later, or the same.', (difference) => difference >= 0),
  between: {
    ...negatable,
    types: ['number', 'datetime'],
    operand: 'range',
    description: 'It lies between these two, or is one of them.',
    holds: (value, [low, high]) => size(value) >= size(low) && size(value) <= size(high),
  },
  is_true: on(['boolean'], 'It is true.', (value) => value === true, plain),
  is_false: on(['boolean'], 'It is false.', (value) => value === false, plain),
  within_last: {
    ...plain,
    types: ['datetime'],
    operand: 'duration',
    description: 'It is no longer ago than this, and not in the future.',
    holds: (value, [seconds], { now }) =>
      secondsAgo(value, now) >= 0 && secondsAgo(value, now) <= size(seconds),
  },
  older_than: {
    ...plain,
    types: ['datetime'],
    operand: 'duration',
    description: 'It is longer ago than this.',
    holds: (value, [seconds], { now }) => secondsAgo(value, now) > size(seconds),
  },
  in_network: {
    ...negatable,
    types: ['ip'],
    operand: 'networks',
    description: 'It belongs to this network, or to one of these.',
    holds: (value, operand) => operand.some((network) => networkOf(network).has(addressOf(value))),
  },
  is_private: on(
    ['ip'],
    'It belongs to a private network or to the machine itself.',
    (value) => addressOf(value).isPrivate,
  ),
  is_global: on(['ip'], 'It can be reached from everywhere.', (value) => addressOf(value).isGlobal),
  is_url: on(['string'], 'It is an http or https address.', (value) => isUrl(text(value))),
  has_item: {
    ...membership,
    operand: 'item',
    description: 'This is in the list.',
    holds: (value, operand, { fold }) => items(value).some((item) => fold(item) === fold(text(operand[0]))),
  },
  has_any: {
    ...membership,
    operand: 'items',
    description: 'At least one of these is in the list.',
    holds: (value, operand, { fold }) => {
      const held = new Set(items(value).map(fold));
      return operand.some((item) => held.has(fold(text(item))));
    },
  },
  has_all: {
    ...membership,
    operand: 'items',
    description: 'Each of these is in the list. Of nothing at all it does not hold.',
    holds: (value, operand, { fold }) => {
      const held = new Set(items(value).map(fold));
      return operand.length > 0 && operand.every((item) => held.has(fold(text(item))));
    },
  },
  is_empty: on(['string', 'list'], 'There is nothing in it.', (value) => lengthOf(value) === 0),
  length_eq: onLength('It has so many characters or entries.', (difference) => difference === 0),
  length_gt: onLength('It has more characters or entries.', (difference) => difference > 0),
  length_lt: onLength('It has fewer characters or entries.', (difference) => difference < 0),
} as const satisfies Readonly<Record<string, Operator>>;

export type OperatorName = keyof typeof operators;

/** Whether an operator asks only for presence: it is evaluated where there is no value, too. */
export function asksForPresence(name: OperatorName): name is 'is_set' | 'is_not_set' {
  return name === 'is_set' || name === 'is_not_set';
}

function isSame(value: Value, other: Value, fold: Comparing['fold']): boolean {
  if (typeof value === 'string' && typeof other === 'string') return fold(value) === fold(other);
  if (value instanceof Date) return size(value) === size(other);
  if (value instanceof IpAddress) return String(value) === String(addressOf(other));
  return value === other;
}

function isUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

function secondsAgo(value: Value, now: Date): number {
  return (now.getTime() - size(value)) / 1000;
}

// What is compared has been checked when it was saved; what is of another type all the same is no answer.

function text(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw new TypeError('this is not text');
}

function size(value: Value | undefined): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value;
  throw new TypeError('this is neither a number nor a moment');
}

function lengthOf(value: Value): number {
  return typeof value === 'string' ? codePointLength(value) : items(value).length;
}

function items(value: Value): readonly string[] {
  if (typeof value === 'object' && 'map' in value) return value;
  throw new TypeError('this is not a list');
}

function addressOf(value: Value): IpAddress {
  if (value instanceof IpAddress) return value;
  throw new TypeError('this is not an address');
}

function networkOf(value: Value): IpNetwork {
  if (value instanceof IpNetwork) return value;
  throw new TypeError('this is not a network');
}
