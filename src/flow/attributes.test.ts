import fc from 'fast-check';

import type { Json, JsonObject } from '../kernel/json.js';
import { attributeAt, isJsonObject, withAttributes } from './attributes.js';
import type { AttributePath, AttributeWrite } from './attributes.js';

const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString');
const path: fc.Arbitrary<AttributePath> = fc
  .tuple(name, fc.array(name, { maxLength: 3 }))
  .map(([first, others]) => [first, ...others]);
const value = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const write: fc.Arbitrary<AttributeWrite> = fc.record({ path, value });
const { attributes } = fc.letrec<{ attributes: JsonObject; member: Json }>((tie) => ({
  attributes: fc
    .array(fc.tuple(name, tie('member')), { maxLength: 3 })
    .map((entries) => Object.fromEntries(entries)),
  member: fc.oneof({ maxDepth: 3 }, fc.string(), fc.constant(null), tie('attributes')),
}));

/** Every place that holds no object, with what it holds. */
function leaves(within: JsonObject, above: readonly string[] = []): [string, Json][] {
  return Object.entries(within).flatMap(([key, inner]): [string, Json][] =>
    isJsonObject(inner) ? leaves(inner, [...above, key]) : [[JSON.stringify([...above, key]), inner]],
  );
}

const startsWith = (long: readonly string[], short: readonly string[]): boolean =>
  short.every((key, index) => long[index] === key);

describe('attributes', () => {
  it('get a leaf, with the objects that are missing on the way, and keep what lies beside it', () => {
    const before = { settings: { theme: 'dark' }, team: 'blue' };
    const written = withAttributes(before, [
      { path: ['settings', 'locale'], value: 'de' },
      { path: ['address', 'home', 'city'], value: 'Ghent' },
      { path: ['team'], value: 7 },
    ]);
    expect(written).toEqual({
      settings: { theme: 'dark', locale: 'de' },
      address: { home: { city: 'Ghent' } },
      team: 7,
    });
    expect(before).toEqual({ settings: { theme: 'dark' }, team: 'blue' });
  });

  it('get an object in the place of whatever else is on the way', () => {
    for (const there of ['text', 7, null, ['list']])
      expect(withAttributes({ a: there }, [{ path: ['a', 'b'], value: true }])).toEqual({ a: { b: true } });
  });

  it('hold what was written, and all else as before, under whatever names', () => {
    fc.assert(
      fc.property(attributes, write, (before, one) => {
        const after = withAttributes(before, [one]);
        expect(attributeAt(after, one.path)).toBe(one.value);
        const elsewhere = ([place]: [string, Json]): boolean => {
          const there: string[] = JSON.parse(place);
          return !startsWith(there, one.path) && !startsWith(one.path, there);
        };
        expect(leaves(after).filter(elsewhere)).toEqual(leaves(before).filter(elsewhere));
      }),
    );
  });

  it('never touch what objects inherit', () => {
    const names = Object.getOwnPropertyNames(Object.prototype);
    withAttributes({}, [
      { path: ['__proto__', 'polluted'], value: true },
      { path: ['constructor', 'prototype', 'polluted'], value: true },
    ]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(names);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(attributeAt({}, ['constructor', 'name'])).toBeUndefined();
    expect(attributeAt({ list: ['one'] }, ['list', '0'])).toBeUndefined();
  });
});
