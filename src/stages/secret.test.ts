import { z } from 'zod';

import { secretFields, secretText, secretsToldOthers, withoutSecrets } from './secret.js';

const schema = z.strictObject({
  url: z.string().nullable().default(null),
  secretKey: secretText(10, ['url']).nullable().default(null),
});
const sealed = { sealed: 'a seal' };

describe('a secret field', () => {
  it('is known however it is wrapped', () => {
    expect(secretFields(schema)).toEqual(['secretKey']);
  });

  it('shows no more than whether it is set', () => {
    expect(withoutSecrets(schema, { url: '/', secretKey: sealed })).toEqual({ url: '/', hasSecretKey: true });
    expect(withoutSecrets(schema, { url: '/', secretKey: null })).toEqual({ url: '/', hasSecretKey: false });
    expect(withoutSecrets(schema, { secretKey: 'in clear' })).toEqual({ hasSecretKey: true });
  });

  it.each([['', 'x'.repeat(11), 'a\0b', {}, { sealed: 1 }, { sealed: 'x', more: 1 }, 7]].flat())(
    'does not take %j',
    (secretKey) => {
      expect(schema.safeParse({ secretKey }).success).toBe(false);
    },
  );

  it('has to be given anew where it would be told to somebody else', () => {
    const before = { url: 'https://provider.example', secretKey: sealed };
    const problem = { path: 'secretKey', code: 'REQUIRED' };
    const asks = (after: object) => secretsToldOthers(schema, before, { ...before, ...after });
    expect(asks({ url: 'https://evil.example' })).toMatchObject([problem]);
    expect(asks({ url: null })).toMatchObject([problem]);
    expect(asks({})).toEqual([]);
    expect(asks({ url: 'https://evil.example', secretKey: 'given anew' })).toEqual([]);
    expect(asks({ url: 'https://evil.example', secretKey: null })).toEqual([]);
  });
});
