import { NOW, engineOf, fakePolicies, fails } from '../../test/support/engine.js';
import { flow, person, policy } from '../../test/support/definitions.js';
import { Context } from './context.js';
import { notesKey } from './context-keys.js';
import { policyInput } from './policy-input.js';
import { verdict } from './policy-kind.js';
import type { PolicyKind, PolicyVerdict } from './policy-kind.js';
import { testPolicy } from './policy-test.js';
import type { PolicyTest } from './policy-test.js';

const client = {
  kind: 'NATIVE',
  address: '192.0.2.1',
  userAgent: '',
  languages: [],
  browser: null,
  location: null,
} as const;

function tried(kind: PolicyKind, name: string, others: readonly string[] = []): Promise<PolicyTest> {
  const input = policyInput(
    { client, now: NOW, viewer: null },
    {
      ...{ flow: flow([]), user: person('ada'), proofs: [] },
      ...{ signedInRecently: false, redirectedFrom: null, mayWrite: true },
      context: Context.empty.with([notesKey.to({ before: 1 })]),
      newPasswords: {},
    },
  );
  const policies = new Map(others.map((other) => [other, policy(other)]));
  return testPolicy(engineOf({ policies: kind }).policies, policy(name), {
    input,
    policyByName: (wanted) => policies.get(wanted),
  });
}

/** A policy that asks `inner`, and says the same. */
const asks = (inner: string, judge: () => PolicyVerdict | Promise<PolicyVerdict>): PolicyKind => ({
  name: 'fake',
  passwordsRemembered: () => 0,
  evaluate: async ({ policy: { name }, call }) => (name === 'outer' ? call(inner) : judge()),
});

describe('trying a policy out', () => {
  it('tells all that it came to, and what it would have written and recorded', async () => {
    const changes = [notesKey.to({ before: 1, risk: 3 })];
    const said = verdict(true, ['Hello.'], {
      ...{ changes, log: ['a line'], rawResult: 'yes', read: { 'user.id': 'ada' }, decidedBy: ['actions.0'] },
      events: [{ name: 'seen', details: { why: 'a test' } }],
    });
    expect(await tried(fakePolicies({ it: () => said }), 'it')).toEqual({
      passing: true,
      messages: ['Hello.'],
      rawResult: 'yes',
      log: ['a line'],
      error: null,
      read: { 'user.id': 'ada' },
      decidedBy: ['actions.0'],
      calls: [],
      events: [{ name: 'seen', details: { why: 'a test' } }],
      written: { notes: { before: 1, risk: 3 } },
      milliseconds: 0,
    });
  });

  it('tells why there is no verdict, which counts as failed', async () => {
    const result = await tried(fakePolicies({ it: fails('the disk is full') }), 'it');
    expect(result).toMatchObject({ passing: false, error: 'the disk is full', rawResult: null, written: {} });
  });

  it('tells of the policies that were asked, and what those would have written', async () => {
    const inner = verdict(false, ['No.'], { changes: [notesKey.to({ inner: true })] });
    const result = await tried(
      asks('inner', () => inner),
      'outer',
      ['inner'],
    );
    expect(result).toMatchObject({
      passing: false,
      calls: [{ policy: 'inner', passing: false, messages: ['No.'], error: null }],
      written: { notes: { inner: true } },
    });
  });

  it.each([
    ['is not there', 'missing', 'there is no policy missing'],
    ['asks for itself', 'outer', 'policies call each other without end: outer → outer'],
  ])('fails where a policy that is asked for %s', async (_, name, error) => {
    expect(await tried(asks(name, fails('unreached')), 'outer')).toMatchObject({ passing: false, error });
  });
});
