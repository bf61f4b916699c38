import { FLOW, place, policy, stage } from '../support/relative-entries.js';
import { documentOf, outcome } from '../support/relative.js';

const LOGIN = stage('login', 'user_login.userloginstage');

describe('with the parameter stagedoor/replace', () => {
  const elsewhere = `
model: authentik_flows.flowstagebinding
identifiers: { target: !Find [authentik_flows.flow, [slug, other]], stage: !KeyOf login, order: 1 }`;
  const text = documentOf(FLOW, LOGIN, place('login', 10), elsewhere);

  it('the flows that a document describes hold what it lists alone, and others what they held', async () => {
    const { entries } = await outcome(text, { 'stagedoor/replace': true });

    expect(entries).toMatchObject([{ flow: 'sign-in', prune: true }, { stage: 'login' }, { flow: 'other' }]);
    expect(JSON.stringify(entries).match(/prune/g)).toHaveLength(1);
    expect(JSON.stringify((await outcome(text)).entries)).not.toContain('prune');
  });

  it('what is bound there may be found by its order alone: nothing else stays beside it', async () => {
    const byOrder = documentOf(
      FLOW,
      LOGIN,
      policy('p', '{}', 'reputation.reputationpolicy'),
      'model: authentik_flows.flowstagebinding\nid: at\nidentifiers: { target: !KeyOf flow, order: 5 }\nattrs: { stage: !KeyOf login }',
      'model: authentik_policies.policybinding\nidentifiers: { target: !KeyOf at, order: 0 }\nattrs: { policy: !KeyOf p }',
    );

    const { entries, said } = await outcome(byOrder, { 'stagedoor/replace': true });

    expect(entries).toMatchObject([
      { prune: true, stages: [{ stage: 'login', order: 5, policies: [{ policy: 'p' }] }] },
      ...[{}, {}],
    ]);
    expect(said).toEqual([]);
    expect((await outcome(byOrder)).said).toEqual([
      'ERROR entries[3].identifiers UNSUPPORTED',
      'ERROR entries[4].identifiers UNSUPPORTED',
    ]);
  });

  it('nothing but true or false is taken', async () => {
    expect((await outcome(text, { 'stagedoor/replace': 'yes' })).said).toEqual([
      'ERROR context["stagedoor/replace"] INVALID_TYPE',
    ]);
  });
});
