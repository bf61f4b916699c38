import { changedFields } from './changed-fields.js';

describe('the fields that a change is recorded with', () => {
  it('are those that get another value, under the names that the API has for them', () => {
    const before = { slug: 'a', title: 'b', order: 1, timeoutSeconds: 30, expiresAt: new Date(0) };
    expect(changedFields(before, before)).toEqual([]);
    expect(changedFields(before, { ...before, expiresAt: new Date(0) })).toEqual([]);
    expect(changedFields(before, {})).toEqual([]);
    expect(changedFields(before, { title: 'c', timeoutSeconds: 31, expiresAt: null })).toEqual([
      'title',
      'timeout',
      'expiresAt',
    ]);
  });

  it('are named one by one in a configuration, whatever the order in which they are kept', () => {
    const config = { message: 'a', list: [1, 2], rule: { all: [{ a: 1, b: 2 }] } };
    const turned = { rule: { all: [{ b: 2, a: 1 }] }, list: [1, 2], message: 'a' };
    expect(changedFields({ config }, { config: turned })).toEqual([]);
    const changed = { list: [2, 1], rule: { all: [{ a: 1, b: 3 }] }, extra: null };
    expect(changedFields({ config }, { config: changed })).toEqual([
      'config.message',
      'config.list',
      'config.rule',
      'config.extra',
    ]);
  });

  it('are all of them for what is new', () => {
    expect(changedFields({}, { name: 'a', config: { __proto__: null, message: '' } })).toEqual([
      'name',
      'config.message',
    ]);
  });
});
