import fc from 'fast-check';
import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { attributeAt, isJsonObject, withAttributes } from '../../flow/attributes.js';
import type { AttributePath } from '../../flow/attributes.js';
import { fieldsOf, isInTheWay, writes, writtenBy } from './writes.js';

describe('the list of what may be written', () => {
  it.each([
    [['username', 'email', 'name', 'password']],
    [['attributes.locale', 'attributes.settings.locale', 'attributes.settings.*']],
    [['attributes.a.b.c.d.e.f.g.h.i.j']],
  ])('takes %j', (list) => {
    expect(writes.safeParse(list).success).toBe(true);
  });

  it.each([
    ['id'],
    ['groups'],
    ['superuser'],
    ['active'],
    ['version'],
    ['emailVerified'],
    ['passwordHash'],
    ['*'],
    [''],
    ['__proto__'],
    ['attributes'],
    ['attributes.'],
    ['attributes.*'],
    ['attributes.*.a'],
    ['attributes.a..b'],
    ['attributes.__proto__'],
    ['attributes.__proto__.*'],
    ['attributes.a.constructor'],
    ['attributes.prototype.*'],
    ['attributes.a b'],
    ['attributes.a.b.c.d.e.f.g.h.i.j.k'],
    ['Username'],
  ])('does not take %j, and says what can be in it', (entry) => {
    const parsed = writes.safeParse(['username', entry]);
    expect(parsed.error?.issues).toMatchObject([
      { path: [1], message: expect.stringContaining('attributes.settings.locale') },
    ]);
  });

  it('takes nothing twice, and not nothing', () => {
    expect(writes.safeParse(['name', 'name']).success).toBe(false);
    expect(writes.safeParse([]).success).toBe(false);
  });
});

describe('what is written', () => {
  const everything = ['username', 'email', 'name', 'password', 'attributes.a', 'attributes.s.*'];

  it('is what is collected under the names of the list', () => {
    const collected = {
      ...{ username: 'ada', email: 'ada@example.org', name: 'Ada' },
      ...{ 'attributes.a': true, 'attributes.s.x': 7, 'attributes.s.y.z': 'deep' },
    };
    const written = writtenBy(everything, collected, { password: 'secret', passwordRepeat: 'secret' });
    expect(written).toEqual({
      ...{ username: 'ada', email: 'ada@example.org', name: 'Ada', password: 'secret' },
      attributes: [
        { path: ['a'], value: true },
        { path: ['s', 'x'], value: 7 },
        { path: ['s', 'y', 'z'], value: 'deep' },
      ],
    });
    expect(fieldsOf(written)).toEqual([
      ...['username', 'email', 'name', 'attributes.a', 'attributes.s.x', 'attributes.s.y.z'],
    ]);
  });

  it('is nothing else, whatever it is called', () => {
    const collected = {
      ...{ id: 'x', groups: 'admins', superuser: true, active: true, attributes: 'all', password: 'open' },
      ...{ 'attributes.s': 'the whole', 'attributes.a.b': 'below', 'attributes.other': 'not named' },
      ...{ 'attributes.s.__proto__': 'x', 'attributes.s.constructor.name': 'x', 'attributes.s..x': 'x' },
      ...{
        'attributes.s.*': 'x',
        'attributes.s.b c': 'x',
        '__proto__.polluted': 'x',
        name: 7,
        username: true,
      },
    };
    expect(writtenBy(everything, collected, {})).toEqual({ attributes: [] });
    expect(writtenBy(['name'], { username: 'ada', email: 'a@example.org' }, { password: 'x' })).toEqual({
      attributes: [],
    });
  });

  it('is no e-mail address where it is left empty', () => {
    expect(writtenBy(['email'], { email: '' }, {})).toEqual({ email: null, attributes: [] });
  });
});

describe('something in the way', () => {
  const there = { leaf: 'x', list: [1], none: null, map: { a: 1, deeper: { b: 2 } } };

  it.each<[string[], AttributePath, boolean]>([
    [['attributes.map.new'], ['map', 'new'], false],
    [['attributes.new.leaf'], ['new', 'leaf'], false],
    [['attributes.leaf'], ['leaf'], false],
    [['attributes.leaf.below'], ['leaf', 'below'], true],
    [['attributes.leaf.below.more'], ['leaf', 'below', 'more'], true],
    [['attributes.list.below'], ['list', 'below'], true],
    [['attributes.none.below'], ['none', 'below'], true],
    [['attributes.leaf', 'attributes.leaf.below'], ['leaf', 'below'], false],
    [['attributes.leaf.*'], ['leaf', 'below'], true],
    [['attributes.map.*'], ['map', 'a', 'below'], false],
    [['attributes.map'], ['map'], true],
    [['attributes.map', 'attributes.map.*'], ['map'], false],
    [['attributes.map.*'], ['map', 'deeper'], false],
    [['attributes.map.deeper'], ['map', 'deeper'], true],
  ])('for a list of %j that is to write %j: %j', (list, path, expected) => {
    expect(isInTheWay(list, there, { path, value: 'new' })).toBe(expected);
  });
});

describe('nothing outside the list', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const place = fc
    .array(key, { minLength: 1, maxLength: 3 })
    .map((keys) => ['attributes', ...keys].join('.'));
  const list = fc.array(
    fc.oneof(
      place,
      place.map((text) => `${text}.*`),
    ),
    { minLength: 1, maxLength: 3 },
  );
  const anyKey = fc.oneof(
    place,
    fc.constantFrom(
      'id',
      'groups',
      '__proto__',
      'attributes',
      'attributes.__proto__.a',
      'attributes.a.__proto__',
    ),
    fc.string(),
  );
  const collected = fc.array(fc.tuple(anyKey, fc.string())).map((entries) => Object.fromEntries(entries));
  const leaf = fc.constantFrom('x', 'y');
  const level = (inner: fc.Arbitrary<unknown>) =>
    fc.dictionary(key, fc.oneof(leaf, inner), { noNullPrototype: true });
  const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());
  const attributes = level(level(leaf)).map((made) => jsonObject.parse(JSON.parse(JSON.stringify(made))));

  const leaves = (within: JsonObject, above: string[] = []): string[][] =>
    Object.entries(within).flatMap(([name, inner]) =>
      isJsonObject(inner) ? leaves(inner, [...above, name]) : [[...above, name]],
    );
  const named = (allowed: readonly string[], path: readonly string[]): boolean =>
    allowed.includes(['attributes', ...path].join('.')) ||
    path.some((_, n) => n > 0 && allowed.includes([...['attributes', ...path.slice(0, n)], '*'].join('.')));

  it('is changed, whatever was collected and whatever is there', () => {
    fc.assert(
      fc.property(list, collected, attributes, (allowed, data, before) => {
        const { attributes: all } = writtenBy(allowed, data, {});
        if (all.some((write) => isInTheWay(allowed, before, write))) return;
        const after = withAttributes(before, all);
        for (const path of [...leaves(before), ...leaves(after)]) {
          if (!named(allowed, path)) expect(attributeAt(after, path)).toEqual(attributeAt(before, path));
        }
        expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
