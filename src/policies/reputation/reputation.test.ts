import { person } from '../../../test/support/definitions.js';
import { judged } from '../../../test/support/policy-run.js';
import { pendingUserKey } from '../../flow/context-keys.js';
import type { PolicyInput, PolicyRun } from '../../flow/policy-kind.js';
import type { ReputationQuestion } from '../../flow/services/reputations.js';
import { reputationPolicy } from './policy.js';

const bob = person('bob', { username: 'Bob' });
const typed = (id: string | null, identifier: string) => ({
  [pendingUserKey.name]: pendingUserKey.to({ id, identifier }).value ?? null,
});

/** What the policy comes to where the score is this, and what it has asked for. */
async function asked(config: PolicyRun['policy']['config'], input: Partial<PolicyInput> = {}, score = 0) {
  const questions: ReputationQuestion[] = [];
  const reputations = {
    async score(question: ReputationQuestion) {
      questions.push(question);
      return score;
    },
  };
  return { ...(await judged(reputationPolicy, config, input, { reputations })), questions };
}

describe('a reputation policy', () => {
  it.each([
    [-3, -2, false],
    [-3, -3, true],
    [-3, -4, true],
    [0, 0, true],
    [-5, 0, false],
    [3, 3, true],
    [3, 4, false],
  ])('with the threshold %d and the score %d: %s', async (threshold, score, passing) => {
    expect(await asked({ threshold }, {}, score)).toMatchObject({ passing, messages: [] });
  });

  it.each<[string, PolicyRun['policy']['config'], Partial<PolicyInput>, ReputationQuestion]>([
    [
      'the address and the account',
      {},
      { user: bob, context: typed('bob', 'bob@example.org') },
      { address: '192.0.2.1', name: { identifier: 'bob', known: true } },
    ],
    [
      'the account of whoever is signed in',
      {},
      { user: bob },
      { address: '192.0.2.1', name: { identifier: 'bob', known: true } },
    ],
    [
      'the address and what was typed, where that names nobody',
      {},
      { context: typed(null, ' EVE ') },
      { address: '192.0.2.1', name: { identifier: 'eve', known: false } },
    ],
    ['the address alone before anybody is named', {}, {}, { address: '192.0.2.1', name: null }],
    ['the address alone', { checkIdentifier: false }, { user: bob }, { address: '192.0.2.1', name: null }],
    [
      'the name alone',
      { checkAddress: false },
      { user: bob },
      { address: null, name: { identifier: 'bob', known: true } },
    ],
  ])('asks about %s', async (_what, config, input, question) => {
    expect((await asked(config, input)).questions).toEqual([question]);
  });

  it('tells the score and the account, and never what was typed: it may be a password', async () => {
    const known = await asked({}, { user: bob }, -2);
    expect(known.read).toEqual({ score: -2, address: '192.0.2.1', identifier: 'bob' });
    const unknown = await asked({}, { context: typed(null, 'hunter2') }, -2);
    expect(unknown.read).toEqual({ score: -2, address: '192.0.2.1', identifier: null });
  });
});
