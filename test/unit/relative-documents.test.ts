import { parseEntries } from '../../src/blueprints/entries.js';
import { plan } from '../../src/blueprints/plan/plan.js';
import { pathText, placeOf } from '../../src/blueprints/problem.js';
import { scene } from '../support/blueprints.js';
import { FLOW, guard, place, policy, stage } from '../support/relative-entries.js';
import { documentOf, outcome, translated } from '../support/relative.js';

const LOGIN = stage('login', 'user_login.userloginstage');

describe('a document of the relative’s', () => {
  it('becomes one of ours that can be applied where there is nothing yet', async () => {
    const { document, problems } = await translated(
      documentOf(
        FLOW,
        stage('who', 'identification.identificationstage', '{ user_fields: [email, username] }'),
        stage('secret', 'password.passwordstage', '{ backends: [authentik.core.auth.InbuiltBackend] }'),
        LOGIN,
        ...[place('who', 10), place('secret', 20), place('login', 100)],
      ),
    );
    expect(problems).toEqual([]);
    expect(document).toMatchObject({
      entries: [
        { flow: 'sign-in', stages: [{ stage: 'who' }, { stage: 'secret', order: 20 }, { stage: 'login' }] },
        { stage: 'who', kind: 'identification', config: { userFields: ['EMAIL', 'USERNAME'] } },
        { stage: 'secret', kind: 'password' },
        { stage: 'login', kind: 'user-login' },
      ],
    });
    const planned = await plan(scene(), parseEntries(document, {}));
    expect(planned.problems).toEqual([]);
    expect(new Set(planned.changes.map(({ action }) => action))).toEqual(new Set(['CREATE']));
  });

  it('that was exported names its objects by keys, which stand for those that it has itself', async () => {
    const { entries, said } = await outcome(`
version: 1
entries:
- { model: authentik_flows.flow, identifiers: { pk: f1, slug: sign-in }, attrs: { title: Hello } }
- { model: authentik_stages_deny.denystage, identifiers: { pk: s1, name: no }, attrs: {} }
- { model: authentik_flows.flowstagebinding, identifiers: { pk: b1, target: f1, stage: s1, order: 5 }, attrs: {} }
- { model: authentik_flows.flowstagebinding, identifiers: { pk: b2, target: f1, stage: s9, order: 6 }, attrs: {} }`);
    expect(entries).toMatchObject([
      { flow: 'sign-in', stages: [{ stage: 'no', order: 5 }] },
      { stage: 'no' },
    ]);
    expect(said).toEqual(['ERROR entries[3].identifiers.stage NOT_FOUND']);
  });

  it('says of entries what is to be true of them, and leaves out those whose conditions are false', async () => {
    const group = (name: string, more: string) =>
      `model: authentik_core.group\nidentifiers: { name: ${name} }\n${more}`;
    const { entries, said } = await outcome(
      documentOf(
        group('a', 'state: must_created'),
        group('b', 'state: !If [true, absent, present]'),
        group('c', 'id: c\nconditions: [true, !Condition [NOR, 1]]'),
        group('d', 'attrs: { parents: [!KeyOf c] }'),
        group('e', 'state: perhaps'),
      ),
    );
    expect(entries).toMatchObject([
      { group: 'a', state: 'must-created' },
      { group: 'b', state: 'absent' },
      {},
      {},
    ]);
    expect(said).toEqual([
      'ERROR entries[3].attrs.parents[0] SKIPPED',
      'ERROR entries[4].state INVALID_VALUE',
    ]);
  });

  it('has its problems told at its own places', async () => {
    const { document, origin } = await translated(
      documentOf(
        stage(
          'form',
          'prompt.promptstage',
          '{ fields: [!Find [authentik_stages_prompt.prompt, [name, x]]] }',
        ),
      ),
    );
    expect(document).toMatchObject({ entries: [{ config: { fieldIds: [{ ref: 'promptField:x' }] } }] });
    expect(origin(['entries', 0, 'config', 'fieldIds', 0])).toEqual(['entries', 0, 'attrs', 'fields', 0]);
    expect(origin(['entries', 0, 'config', 'unknown'])).toEqual(['entries', 0]);
  });
});

it('what a place or a guard names is told of where it is named', async () => {
  const found = (model: string, name: string) => `!Find [authentik_${model}, [name, ${name}]]`;
  const { document, origin } = await translated(
    documentOf(
      FLOW,
      `model: authentik_flows.flowstagebinding
identifiers: { target: !KeyOf flow, stage: ${found('stages_deny.denystage', 'no')}, order: 1 }`,
      `model: authentik_policies.policybinding
identifiers: { target: !KeyOf flow, policy: ${found('policies_dummy.dummypolicy', 'no')}, order: 0 }`,
    ),
  );
  const { problems } = await plan(scene(), parseEntries(document, {}));
  const places = problems.map(({ path, code }) => `${code} ${pathText(origin(placeOf(path)))}`);

  expect(places.toSorted()).toEqual([
    'NOT_FOUND entries[1].identifiers.stage',
    'NOT_FOUND entries[2].identifiers.policy',
  ]);
});

describe('nothing becomes weaker', () => {
  it.each([
    [
      'passwords of others in the place of ours',
      stage('x', 'password.passwordstage', '{ backends: [ldap] }'),
      'attrs.backends',
    ],
    [
      'a session that is bound to a network',
      stage('x', 'user_login.userloginstage', '{ network_binding: bind_asn }'),
      'attrs.network_binding',
    ],
    [
      'only Duo counting',
      stage('x', 'authenticator_validate.authenticatorvalidatestage', '{ device_classes: [duo] }'),
      'attrs.device_classes',
    ],
    [
      'only models that nobody knows',
      stage(
        'x',
        'authenticator_validate.authenticatorvalidatestage',
        '{ webauthn_allowed_device_types: [00000000-0000-0000-0000-000000000000] }',
      ),
      'attrs.webauthn_allowed_device_types',
    ],
    [
      'numbers that are only verified',
      stage('x', 'authenticator_sms.authenticatorsmsstage', '{ provider: twilio, verify_only: true }'),
      'attrs.verify_only',
    ],
    ['a field that is not known', stage('x', 'deny.denystage', '{ stricter: true }'), 'attrs.stricter'],
    [
      'a flow for outposts',
      FLOW.replace('require_unauthenticated', 'require_outpost'),
      'attrs.authentication',
    ],
    [
      'attributes of a group',
      'model: authentik_core.group\nidentifiers: { name: g }\nattrs: { attributes: { a: 1 } }',
      'attrs.attributes',
    ],
  ])('by leaving out %s: it is an error there', async (_, entry, path) => {
    const { said } = await outcome(documentOf(entry));
    expect(said).toEqual([`ERROR entries[0].${path} UNSUPPORTED`]);
  });

  it.each([
    'authentik_stages_account_lockdown.accountlockdownstage',
    'authentik_stages_source.sourcestage',
    'authentik_stages_mtls.mutualtlsstage',
    'authentik_policies_event_matcher.eventmatcherpolicy',
    'authentik_brands.brand',
  ])('by leaving out an entry of %s', async (model) => {
    const { said } = await outcome(documentOf(`model: ${model}\nidentifiers: { name: x }`));
    expect(said).toEqual(['ERROR entries[0].model UNKNOWN_KIND']);
  });

  it('by code that nobody understands: it always fails, and no error of it lets anybody in', async () => {
    const code = '{ expression: "return request.user.shoe_size > 40" }';
    const { entries, said } = await outcome(
      documentOf(FLOW, policy('odd', code), guard('odd', 'flow', '{ failure_result: true }')),
    );
    expect(entries).toMatchObject([
      { flow: 'sign-in', policies: [{ policy: 'odd', failureResult: false }] },
      { policy: 'odd', kind: 'expression', config: { expression: expect.stringContaining('shoe_size') } },
    ]);
    expect(said).toEqual([
      'WARNING entries[1].attrs.expression UNSUPPORTED',
      'WARNING entries[2].attrs.failure_result UNSUPPORTED',
    ]);
  });

  it('by a guard that would stay beside the one that it was to replace', async () => {
    const { said } = await outcome(
      documentOf(
        FLOW,
        policy('p', '{ threshold: -5 }', 'reputation.reputationpolicy'),
        'model: authentik_policies.policybinding\nidentifiers: { target: !KeyOf flow, order: 0 }\nattrs: { policy: !KeyOf p }',
      ),
    );
    expect(said).toEqual(['ERROR entries[2].identifiers UNSUPPORTED']);
  });

  it('by guards of what is left alone', async () => {
    const { said } = await outcome(
      documentOf(
        `${FLOW}\nstate: created`,
        policy('p', '{}', 'reputation.reputationpolicy'),
        guard('p', 'flow'),
      ),
    );
    expect(said).toEqual(['ERROR entries[2] UNSUPPORTED']);
  });

  it('by people from outside who would be ours', async () => {
    const { entries } = await outcome(documentOf(stage('write', 'user_write.userwritestage')));
    expect(entries).toMatchObject([{ config: { userKind: 'EXTERNAL' } }]);
  });

  it('by a captcha that would come after what is forgiven: it comes before', async () => {
    const { entries, said } = await outcome(
      documentOf(
        FLOW,
        stage('secret', 'password.passwordstage', '{ backends: [authentik.core.auth.InbuiltBackend] }'),
        stage('puzzle', 'captcha.captchastage'),
        policy('bad', '{ threshold: -5 }', 'reputation.reputationpolicy'),
        ...[place('secret', 20), place('puzzle', 30), guard('bad', 'place-puzzle')],
      ),
    );
    expect(entries).toMatchObject([
      {
        stages: [
          { stage: 'secret', order: 20 },
          { stage: 'puzzle', order: 19, policies: [{ policy: 'bad' }] },
        ],
      },
      ...[{}, {}, {}],
    ]);
    expect(said).toEqual(['WARNING entries[5] UNSUPPORTED']);
  });

  it('by secrets that stand in a document: ours only names them', async () => {
    const { document, problems } = await translated(
      documentOf(
        stage('puzzle', 'captcha.captchastage', '{ public_key: open, private_key: hunter2hunter2 }'),
      ),
    );
    expect(document).toMatchObject({ entries: [{ config: { secretKey: { secret: 'GIVEN_1' } } }] });
    expect(JSON.stringify([document, problems])).not.toContain('hunter2');
  });
});
