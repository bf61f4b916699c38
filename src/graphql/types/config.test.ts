import { z } from 'zod';

import { AsReached } from '../access-rules.js';
import { tagOf } from '../tag.js';
import { configTypes } from './config.js';

describe('a configuration as it is shown', () => {
  const config = z.strictObject({
    old: z.string().describe('Was there at first.'),
    added: z.array(z.string()).default([]).describe('Came later.'),
  });
  const { shown } = configTypes('Policy', 'PolicyConfig', AsReached(), [
    { name: 'some-kind', description: 'For this test.', config },
  ]);

  it('has defaults for what was not there yet when it was stored', () => {
    const old = shown({ kind: 'some-kind', config: { old: 'as ever' } });
    expect(old).toMatchObject({ old: 'as ever', added: [] });
    expect(tagOf(old)).toBe('SomeKindPolicyConfig');
    expect(shown({ kind: 'some-kind', config: { old: 'as ever', added: ['x'] } })).toMatchObject({
      added: ['x'],
    });
  });

  it('is what was stored where that is not right, or its kind is gone', () => {
    expect(shown({ kind: 'some-kind', config: { other: 1 } })).toMatchObject({ other: 1 });
    expect(shown({ kind: 'gone', config: { other: 1 } })).toMatchObject({ other: 1 });
  });
});
