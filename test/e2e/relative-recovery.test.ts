import { importDocument } from '../support/blueprint-imports.js';
import type { Imported } from '../support/blueprint-imports.js';
import { Composer, filledIn } from '../support/compose.js';
import { appCode, expectCompleted, member, withApp } from '../support/factor-journeys.js';
import { lastVersionOf } from '../support/flow-versions.js';
import { MailedApp, NEW_PASSWORD, codeIn } from '../support/mailed.js';

const SLUG = 'default-recovery-flow';

/** A recovery of the relative's by mail and second factor, for the slug that ours has. */
const RECOVERY = `
version: 1
entries:
  - model: authentik_flows.flow
    id: flow
    identifiers: { slug: ${SLUG} }
    attrs: { name: Lost, title: Back in, designation: recovery, authentication: require_unauthenticated }
  - { model: authentik_stages_identification.identificationstage, id: who, identifiers: { name: lost-who }, attrs: { user_fields: [username, email] } }
  - { model: authentik_stages_email.emailstage, id: mail, identifiers: { name: lost-mail }, attrs: { use_global_settings: true } }
  - model: authentik_stages_authenticator_validate.authenticatorvalidatestage
    id: factor
    identifiers: { name: lost-factor }
    attrs: { device_classes: [totp, static, webauthn], not_configured_action: skip }
  - { model: authentik_stages_prompt.prompt, id: one, identifiers: { name: lost-password }, attrs: { field_key: password, label: New, type: password, required: true, order: 0 } }
  - { model: authentik_stages_prompt.prompt, id: two, identifiers: { name: lost-repeat }, attrs: { field_key: password_repeat, label: Again, type: password, required: true, order: 1 } }
  - { model: authentik_stages_prompt.promptstage, id: form, identifiers: { name: lost-form }, attrs: { fields: [!KeyOf one, !KeyOf two] } }
  - { model: authentik_stages_user_write.userwritestage, id: write, identifiers: { name: lost-write }, attrs: { user_creation_mode: never_create } }
  - { model: authentik_stages_user_login.userloginstage, id: login, identifiers: { name: lost-login } }
${[
  ['who', 10],
  ['mail', 20],
  ['factor', 21],
  ['form', 30],
  ['write', 40],
  ['login', 100],
]
  .map(
    ([stage, order]) =>
      `  - { model: authentik_flows.flowstagebinding, identifiers: { target: !KeyOf flow, stage: !KeyOf ${stage}, order: ${order} } }`,
  )
  .join('\n')}
`;

let house: MailedApp;
beforeAll(async () => {
  house = await MailedApp.start();
});
afterAll(() => house.close());

const STAGES = `query($slug: String!) { flow(slug: $slug) { id stageBindings { order stage { name } } } }`;

async function recoveryFlow(): Promise<{ id: string; stages: readonly string[] }> {
  const { flow } = await house.admin.ok(STAGES, { slug: SLUG });
  const stages = flow.stageBindings.map(
    ({ order, stage }: { order: number; stage: { name: string } }) => `${stage.name} @ ${order}`,
  );
  return { id: flow.id, stages };
}

const deleted = ({ changes }: Imported): string[] =>
  changes.filter(({ action }) => action === 'DELETE').map(({ object }) => object);
const THEIRS = ['lost-who @ 10', 'lost-mail @ 20', 'lost-factor @ 21', 'lost-form @ 30'];
const OURS = ['prompt @ 10', 'write @ 20', 'login @ 100'].map((place) => `default-recovery-${place}`);

describe('a recovery of the relative’s over the one that is shipped', () => {
  it('takes its place, and says so: nobody is asked for a password, or gets one, before mail and second factor', async () => {
    const imported = await importDocument(house.admin, RECOVERY);
    expect(imported.applied).toBe(true);
    expect(deleted(imported)).toEqual(OURS.map((place) => `flow:${SLUG} / stage:${place}`));
    expect(imported.problems).toContainEqual(
      expect.objectContaining({ severity: 'WARNING', message: expect.stringContaining(OURS.join(', ')) }),
    );
    expect((await recoveryFlow()).stages).toEqual([...THEIRS, 'lost-write @ 40', 'lost-login @ 100']);
    const again = await importDocument(house.admin, RECOVERY);
    expect(new Set(again.changes.map(({ action }) => action))).toEqual(new Set(['UNCHANGED']));

    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const journey = await house.begin(SLUG);
    await journey.answer({ identification: { identifier: person.username } });
    expect(journey.step.__typename).toBe('EmailChallenge');
    await journey.answer({ email: { code: codeIn(await house.mailTo(person.email)) } });
    expect(journey.step.__typename).toBe('AuthenticatorValidateChallenge');
    await journey.answer(appCode(house, key));
    await journey.answer(filledIn({ password: NEW_PASSWORD, password_repeat: NEW_PASSWORD }));
    expectCompleted(journey);
  });

  it('leaves in the flow what administrators have put there to keep people out, and can be undone', async () => {
    const { id } = await recoveryFlow();
    const composer = new Composer(house.admin);
    await house.admin.ok('mutation($id: ID!) { rollBackFlow(id: $id, version: 1) { id } }', { id });
    expect((await recoveryFlow()).stages).toEqual(OURS);
    const stageId = await composer.stage({ consent: {} }, 'asked-first');
    await composer.bind(id, stageId, 15);
    const imported = await importDocument(house.admin, RECOVERY);
    expect(deleted(imported)).toHaveLength(OURS.length);
    expect(imported.problems).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/stay there: asked-first @ 15\./) }),
    );
    expect((await recoveryFlow()).stages).toContain('asked-first @ 15');
    expect(await lastVersionOf(house.admin, id)).toMatchObject({ reason: 'IMPORTED' });
  });
});
