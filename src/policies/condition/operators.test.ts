import { secondsAfter } from '../../kernel/clock.js';
import type { Json, JsonObject } from '../../kernel/json.js';
import { INPUT, SERVICES, holds } from '../../../test/support/conditions.js';
import { person } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';
import { operators } from './operators.js';

const group = (name: string) => ({ id: name, name, superuser: false });
const ada = person('ada', {
  username: 'Ada',
  email: 'Ada@Example.org',
  active: true,
  superuser: false,
  createdAt: secondsAfter(NOW, -3600),
  groups: [group('staff'), group('Editors')],
});
const at = (seconds: number) => secondsAfter(NOW, seconds).toISOString();
const location = {
  country: 'CH',
  continent: 'EU',
  city: 'Zürich',
  latitude: 47.4,
  longitude: 8.5,
  asn: 64500,
  organization: 'Example',
};
const given = {
  input: {
    user: ada,
    viewer: ada,
    client: { ...INPUT.client, location },
    context: {
      notes: {
        age: '42',
        level: 3,
        yes: 'true',
        future: at(60),
        when: at(-60),
        from: '10.0.0.7',
        word: 'no number',
        list: ['a'],
      },
      promptData: { site: 'https://example.org/a?b', empty: '', repeat: 'Ada', day: '2029-12-31' },
      private: 'in the way',
      'private.key': { deep: 'found' },
    },
  },
};

type Case = readonly [
  variable: string,
  operator: string,
  value: Json | undefined,
  expected: boolean,
  also?: JsonObject,
];

/** Each operator, so that it holds and so that it does not. */
const matrix: readonly Case[] = [
  ['user.email', 'is_set', undefined, true],
  ['request.organization', 'is_set', undefined, true],
  ['execution.redirectedFrom', 'is_set', undefined, false],
  ['context', 'is_set', undefined, true, { parameter: 'notes.list' }],
  ['context', 'is_set', undefined, false, { parameter: 'notes.nothing' }],
  ['context', 'is_set', undefined, false, { parameter: 'notes.word', as: 'number' }],
  ['context', 'is_not_set', undefined, true, { parameter: 'notes.word', as: 'number' }],
  ['user.email', 'is_not_set', undefined, false],
  ['execution.redirectedFrom', 'is_not_set', undefined, true],

  ['user.username', 'eq', 'Ada', true],
  ['user.username', 'eq', 'ada', false],
  ['user.username', 'eq', 'ADA', true, { caseSensitive: false }],
  ['user.username', 'eq', 'Bob', false, { caseSensitive: false }],
  ['user.isActive', 'eq', true, true],
  ['user.isActive', 'eq', false, false],
  ['request.asn', 'eq', 64500, true],
  ['request.asn', 'eq', 64501, false],
  ['user.createdAt', 'eq', at(-3600).replace('Z', '+00:00'), true],
  ['user.createdAt', 'eq', at(-3601), false],
  ['request.clientIp', 'eq', '::ffff:192.0.2.1', true],
  ['request.clientIp', 'eq', '192.0.2.2', false],
  ['request.client', 'eq', 'BROWSER', true],
  ['request.client', 'eq', 'NATIVE', false],
  ['user.username', 'ne', 'Bob', true],
  ['user.username', 'ne', 'Ada', false],
  ['user.username', 'ne', 'ADA', false, { caseSensitive: false }],

  ['user.username', 'in', ['Bob', 'Ada'], true],
  ['user.username', 'in', ['bob', 'ada'], false],
  ['user.username', 'in', ['bob', 'ada'], true, { caseSensitive: false }],
  ['request.asn', 'in', [1, 64500], true],
  ['request.clientIp', 'in', ['10.0.0.1', '192.0.2.1'], true],
  ['flow.designation', 'in', ['ENROLLMENT', 'RECOVERY'], true],
  ['flow.designation', 'in', ['RECOVERY'], false],
  ['user.username', 'not_in', ['Bob', 'Ada'], false],
  ['user.username', 'not_in', ['Bob', 'ada'], true],
  ['user.username', 'not_in', ['Bob', 'ada'], false, { caseSensitive: false }],

  ['user.email', 'contains', '@Example', true],
  ['user.email', 'contains', '@example', false],
  ['user.email', 'contains', '@example', true, { caseSensitive: false }],
  ['user.email', 'starts_with', 'Ada@', true],
  ['user.email', 'starts_with', 'ada@', false],
  ['user.email', 'starts_with', 'ada@', true, { caseSensitive: false }],
  ['user.email', 'ends_with', '.org', true],
  ['user.email', 'ends_with', '.ORG', false],
  ['user.email', 'ends_with', '.ORG', true, { caseSensitive: false }],
  ['user.email', 'matches', '^[A-Z]\\w+@', true],
  ['user.email', 'matches', 'Example', true],
  ['user.email', 'matches', '^ada@', false],
  ['user.email', 'matches', '^ada@', true, { caseSensitive: false }],
  ['user.email', 'matches', '^\\p{Lu}', true],
  ['promptData', 'matches', '^https://[^/]+/', true, { parameter: 'site' }],

  ['request.asn', 'lt', 64501, true],
  ['request.asn', 'lt', 64500, false],
  ['request.asn', 'lte', 64500, true],
  ['request.asn', 'lte', 64499, false],
  ['request.asn', 'gt', 64499, true],
  ['request.asn', 'gt', 64500, false],
  ['request.asn', 'gte', 64500, true],
  ['request.asn', 'gte', 64501, false],
  ['user.createdAt', 'lt', at(-3599), true],
  ['user.createdAt', 'gt', at(-3599), false],
  ['request.asn', 'between', [64500, 64500], true],
  ['request.asn', 'between', [0, 64499], false],
  ['user.createdAt', 'between', [at(-3600), at(0)], true],
  ['user.createdAt', 'between', [at(-10), at(0)], false],

  ['user.isActive', 'is_true', undefined, true],
  ['user.isSuperuser', 'is_true', undefined, false],
  ['user.isSuperuser', 'is_false', undefined, true],
  ['user.isActive', 'is_false', undefined, false],

  ['user.createdAt', 'within_last', 'PT1H', true],
  ['user.createdAt', 'within_last', 'PT59M', false],
  ['context', 'within_last', 'P1D', false, { parameter: 'notes.future', as: 'datetime' }],
  ['user.createdAt', 'older_than', 'PT59M', true],
  ['user.createdAt', 'older_than', 'PT1H', false],

  ['request.clientIp', 'in_network', '192.0.2.0/24', true],
  ['request.clientIp', 'in_network', '192.0.3.0/24', false],
  ['request.clientIp', 'in_network', ['10.0.0.0/8', '192.0.2.0/31'], true],
  ['request.clientIp', 'in_network', '::/0', false],
  ['context', 'is_private', undefined, true, { parameter: 'notes.from', as: 'ip' }],
  ['request.clientIp', 'is_private', undefined, false],
  ['request.clientIp', 'is_global', undefined, false],
  ['promptData', 'is_url', undefined, true, { parameter: 'site' }],
  ['user.email', 'is_url', undefined, false],

  ['user.groups', 'has_item', 'staff', true],
  ['user.groups', 'has_item', 'editors', false],
  ['user.groups', 'has_item', 'editors', true, { caseSensitive: false }],
  ['user.groups', 'has_any', ['guests', 'staff'], true],
  ['user.groups', 'has_any', ['guests', 'STAFF'], false],
  ['user.groups', 'has_any', ['guests', 'STAFF'], true, { caseSensitive: false }],
  ['user.groups', 'has_all', ['staff', 'Editors'], true],
  ['user.groups', 'has_all', ['staff', 'editors'], false],
  ['user.groups', 'has_all', ['STAFF', 'editors'], true, { caseSensitive: false }],
  ['user.groups', 'is_empty', undefined, false],
  ['execution.methods', 'is_empty', undefined, true],
  ['promptData', 'is_empty', undefined, true, { parameter: 'empty' }],
  ['user.groups', 'length_eq', 2, true],
  ['user.username', 'length_eq', 2, false],
  ['user.groups', 'length_gt', 1, true],
  ['user.username', 'length_gt', 3, false],
  ['user.groups', 'length_lt', 3, true],
  ['user.username', 'length_lt', 3, false],
];

const nodeOf = ([variable, operator, value, , also]: Case): JsonObject => ({
  variable,
  operator,
  ...(value !== undefined && { value }),
  ...also,
});
const named = matrix.map((entry): [string, Case] => [JSON.stringify(nodeOf(entry)), entry]);

describe('a comparison', () => {
  it.each(named)('of %s', async (_, entry) => {
    expect(await holds(nodeOf(entry), given)).toBe(entry[3]);
  });

  it('has every operator in the matrix above', () => {
    expect(new Set(matrix.map(([, operator]) => operator))).toEqual(new Set(Object.keys(operators)));
  });

  it.each(
    named.filter(([, [, operator]]) =>
      Object.entries(operators).some(([name, { negatable }]) => name === operator && negatable),
    ),
  )('is turned round by negate, where nothing is missing: %s', async (_, entry) => {
    expect(await holds({ ...nodeOf(entry), negate: true }, given)).toBe(!entry[3]);
  });

  it.each([
    ['a number in text', { as: 'number', parameter: 'notes.age', operator: 'gt', value: 41 }],
    ['a truth value in text', { as: 'boolean', parameter: 'notes.yes', operator: 'is_true' }],
    ['a moment', { as: 'datetime', parameter: 'notes.when', operator: 'within_last', value: 'PT2M' }],
    ['an address', { as: 'ip', parameter: 'notes.from', operator: 'in_network', value: '10.0.0.0/8' }],
    ['text', { as: 'string', parameter: 'notes.level', operator: 'eq', value: '3' }],
    [
      'an entry whose name has a dot in it',
      { as: 'string', parameter: 'private.key.deep', operator: 'eq', value: 'found' },
    ],
  ])('reads something of any type as %s', async (_, comparison) => {
    expect(await holds({ variable: 'context', ...comparison }, given)).toBe(true);
  });

  it('reads what was filled in as a day', async () => {
    const day = {
      variable: 'promptData',
      parameter: 'day',
      as: 'datetime',
      operator: 'within_last',
      value: 'P2D',
    };
    expect(await holds(day, given)).toBe(true);
  });

  it.each([
    ['word', 'number'],
    ['word', 'boolean'],
    ['word', 'datetime'],
    ['word', 'ip'],
    ['list', 'string'],
    ['list', 'number'],
  ])('misses what cannot be read as what it should be: %s as %s', async (key, as) => {
    expect(
      await holds({ variable: 'context', parameter: `notes.${key}`, as, operator: 'is_set' }, given),
    ).toBe(false);
  });
});

describe('a comparison of two variables', () => {
  it.each([
    ['user.username', 'eq', { variable: 'promptData', parameter: 'repeat' }, true],
    ['user.username', 'ne', { variable: 'promptData', parameter: 'repeat' }, false],
    ['user.id', 'eq', { variable: 'viewer.id' }, true],
    ['user.email', 'starts_with', { variable: 'user.username' }, true],
    ['user.groups', 'has_item', { variable: 'user.username' }, false],
    ['user.groups', 'has_all', { variable: 'user.groups' }, true],
    ['user.groups', 'has_all', { variable: 'execution.methods' }, false],
    ['user.username', 'in', { variable: 'user.groups' }, false],
    ['user.createdAt', 'lt', { variable: 'request.time' }, true],
    ['request.clientIp', 'eq', { variable: 'context', parameter: 'notes.from', as: 'ip' }, false],
    ['request.asn', 'gt', { variable: 'context', parameter: 'notes.age', as: 'number' }, true],
  ])('%s %s %j: %s', async (variable, operator, value, expected) => {
    expect(await holds({ variable, operator, value }, given)).toBe(expected);
  });
});

describe('a regular expression', () => {
  const input = { context: { promptData: { text: `${'a'.repeat(40)}!` } } };
  const finds = (value: string) =>
    holds({ variable: 'promptData', parameter: 'text', operator: 'matches', value }, { input });
  afterAll(() => SERVICES.expressions.close());

  it('that goes back and forth without end has no verdict, in bounded time, and holds up no other', async () => {
    const began = performance.now();
    await expect(finds('^(a+)+$')).rejects.toThrow('TIMEOUT');
    expect(performance.now() - began).toBeLessThan(10_000);
    const again = expect(finds('^(a+)+$')).rejects.toThrow('came to no end');
    expect(await finds('a!$')).toBe(true);
    await again;
  });
});
