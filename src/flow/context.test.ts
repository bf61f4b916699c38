import fc from 'fast-check';
import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import { Context, contextKey, secretContextKey } from './context.js';
import {
  flowTokenKey,
  loginHintKey,
  pendingUserKey,
  promptDataKey,
  promptPasswordsKey,
} from './context-keys.js';

const count = contextKey('count', z.int());
const password = secretContextKey('password', z.string());

/** What storing does to a context. */
function stored(context: Context): Context {
  const through = (entries: JsonObject): JsonObject => {
    const read: JsonObject = JSON.parse(JSON.stringify(entries));
    return read;
  };
  return new Context(through(context.open), through(context.secret));
}

describe('a context', () => {
  it('gives back under a key what was kept under it', () => {
    const context = Context.empty.with([count.to(3), password.to('hunter2')]);
    expect(context.get(count)).toBe(3);
    expect(context.get(password)).toBe('hunter2');
    expect(Context.empty.get(count)).toBeUndefined();
  });

  it('keeps secrets apart from what policies may see', () => {
    const context = Context.empty.with([count.to(3), password.to('hunter2')]);
    expect(context.open).toEqual({ count: 3 });
    expect(context.secret).toEqual({ password: 'hunter2' });
  });

  it('is not changed by a change, but makes a new one', () => {
    const before = Context.empty.with([count.to(1)]);
    const after = before.with([count.to(2)]);
    expect([before.get(count), after.get(count)]).toEqual([1, 2]);
    expect(before.with([])).toBe(before);
  });

  it('forgets what is cleared, and nothing else', () => {
    const context = Context.empty.with([count.to(1), password.to('x')]).with([password.cleared()]);
    expect(context.get(password)).toBeUndefined();
    expect(context.get(count)).toBe(1);
  });

  it('does not keep what its key does not hold', () => {
    expect(() => count.to(1.5)).toThrow();
  });

  it('does not hand out what was stored and is not what its key holds', () => {
    expect(() => new Context({ count: 'three' }, {}).get(count)).toThrow();
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'has nothing of its own under %s',
    (name) => {
      const key = contextKey(name, z.string());
      expect(Context.empty.get(key)).toBeUndefined();
      const kept = Context.empty.with([key.to('value')]);
      expect(kept.get(key)).toBe('value');
      expect(stored(kept).get(key)).toBe('value');
    },
  );

  it('has the same values after it was stored', () => {
    const texts = fc.dictionary(fc.string(), fc.string());
    const values = fc.record({
      pending: fc.record({ id: fc.option(fc.uuid()), identifier: fc.string({ unit: 'binary' }) }),
      hint: fc.string(),
      data: texts,
      passwords: texts,
      token: fc.record({
        id: fc.uuid(),
        consumed: fc.boolean(),
        user: fc.option(fc.record({ id: fc.uuid(), identifier: fc.string() })),
      }),
    });
    fc.assert(
      fc.property(values, ({ pending, hint, data, passwords, token }) => {
        const kept = Context.empty.with([
          pendingUserKey.to(pending),
          loginHintKey.to(hint),
          promptDataKey.to(data),
          promptPasswordsKey.to(passwords),
          flowTokenKey.to(token),
        ]);
        const read = stored(kept);
        expect(read).toEqual(kept);
        expect(read.get(pendingUserKey)).toEqual(pending);
        expect(read.get(loginHintKey)).toBe(hint);
        expect(read.get(promptDataKey)).toEqual(kept.get(promptDataKey));
        expect(read.get(promptPasswordsKey)).toEqual(kept.get(promptPasswordsKey));
        expect(read.get(flowTokenKey)).toEqual(token);
      }),
    );
  });
});
