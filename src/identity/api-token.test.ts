import { apiTokenChanges, apiTokenFields, apiTokenIn, newApiToken, rightsByToken } from './api-token.js';
import { withImplied } from './permissions.js';
import type { Permission } from './permissions.js';
import { systemChance } from './token.js';

const rights = (superuser: boolean, ...permissions: Permission[]) => ({
  superuser,
  permissions: withImplied(permissions),
});

describe('a new API token', () => {
  it('is a prefix that tells what it is, and 256 bits of chance', () => {
    const token = newApiToken(systemChance);
    expect(token.reveal()).toMatch(/^sd_api_[\w-]{43}$/);
    expect(`${token} ${JSON.stringify({ token })}`).not.toContain('sd_api_');
    expect(newApiToken(systemChance).reveal()).not.toBe(token.reveal());
  });

  it('is good for 90 days unless somebody says otherwise, within bounds', () => {
    const fields = { name: 'ci', permissions: ['FLOW_VIEW'] };
    expect(apiTokenFields.parse(fields)).toEqual({ ...fields, lifetime: 'P90D' });
    for (const lifetime of ['PT1H', 'P365D'])
      expect(apiTokenFields.parse({ ...fields, lifetime })).toEqual({ ...fields, lifetime });
    for (const lifetime of ['PT59M59S', 'P365DT1S', 'PT0S', 'P1Y', ''])
      expect(apiTokenFields.safeParse({ ...fields, lifetime }).success).toBe(false);
  });

  it.each([
    { name: '' },
    { name: ' \t' },
    { name: 'a'.repeat(201) },
    { name: 'NUL \0' },
    { permissions: [] },
    { permissions: ['EVERYTHING'] },
    { permissions: ['toString'] },
    { superuser: true },
  ])('cannot be %j', (wrong) => {
    expect(apiTokenFields.safeParse({ name: 'ci', permissions: ['FLOW_VIEW'], ...wrong }).success).toBe(
      false,
    );
  });

  it('keeps the moment at which it ends', () => {
    expect(Object.keys(apiTokenChanges.shape)).toEqual(['name', 'permissions']);
  });
});

describe('an Authorization header', () => {
  it.each([
    ['Bearer sd_api_abc', 'sd_api_abc'],
    ['bearer   sd_api_', 'sd_api_'],
    ['Bearer sd_api_ or true --', 'sd_api_ or true --'],
  ])('with anything that looks like an API token counts as one: %s', (header, token) => {
    expect(apiTokenIn(header)?.reveal()).toBe(token);
  });

  it.each([undefined, '', 'Bearer', `Bearer ${'a'.repeat(43)}`, 'Basic sd_api_abc', 'sd_api_abc'])(
    'without one has none: %s',
    (header) => {
      expect(apiTokenIn(header)).toBeUndefined();
    },
  );
});

describe('what a token allows', () => {
  it('is what it is for, as far as its owner may do that, with what is implied', () => {
    const owner = rights(false, 'FLOW_CHANGE', 'USER_VIEW');
    const { superuser, permissions } = rightsByToken(['FLOW_CHANGE', 'USER_DELETE'], owner);
    expect(superuser).toBe(false);
    expect([...permissions].toSorted()).toEqual(['FLOW_CHANGE', 'FLOW_VIEW', 'USER_VIEW']);
  });

  it('is never everything, not for a superuser either', () => {
    const { superuser, permissions } = rightsByToken(['EVENT_VIEW'], rights(true));
    expect([superuser, [...permissions]]).toEqual([false, ['EVENT_VIEW']]);
  });

  it('is nothing once its owner may do nothing', () => {
    expect(rightsByToken(['FLOW_DELETE'], rights(false)).permissions.size).toBe(0);
  });
});
