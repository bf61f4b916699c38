import { Composer, filledIn, uniqueName } from '../support/compose.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { LOGIN, WRONG, answerTo, credentials, viewerOf } from '../support/executions.js';
import { PASSWORD, People } from '../support/people.js';
import type { MadePerson } from '../support/people.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const NEW = 'quite another passphrase';
const SETTINGS = { slug: 'default-user-settings-flow' };
const PASSWORDS = { slug: 'default-password-change' };
const LEAVING = { slug: 'unenrollment' };
const ENROLLMENT = { slug: 'enrollment-two-steps' };
const HOUR_SECONDS = 3600;

let app: TestApp;
let people: People;
beforeAll(async () => {
  app = await startTestApp({ STAGEDOOR_EXAMPLES: 'all' }, { emptyDatabase: true });
  people = new People(app, await signedIn(app));
});
afterAll(() => app.close());

interface Somebody {
  readonly person: MadePerson;
  readonly client: TestClient;
  /** Where else they are signed in. */
  readonly elsewhere: TestClient;
}

async function somebody(fields: object = {}): Promise<Somebody> {
  const person = await people.create(fields);
  return { person, client: await people.signedIn(person), elsewhere: await people.signedIn(person) };
}

/** Lets so much time go by that what asks for a recent authentication asks for it; administrators sign in anew. */
async function hourLater(): Promise<void> {
  app.clock.advance(HOUR_SECONDS);
  people = new People(app, await signedIn(app));
}

const run = (client: TestClient, flow: { slug: string }, ...responses: object[]): Promise<Execution> =>
  start(client, { flow: { slug: flow.slug }, responses });
const twice = (password: string, again = password) => filledIn({ password, passwordRepeat: again });
const current = (password: string) => ({ password: { password } });
const errorsOf = ({ step }: Execution) =>
  step.errors.map(({ field, code }: { field: string; code: string }) => [field, code]);
const nobodyIs = async (client: TestClient) => (await viewerOf(client)) === null;
const logsIn = async (person: { username: string; password: string }) =>
  (await run(app.client(), LOGIN, ...credentials({ email: '', ...person }))).step.__typename ===
  'FlowCompleted';
const accountOf = async (id: string) =>
  (
    await people.admin.ok(
      'query($id: ID!) { user(id: $id) { username name email attributes passwordChangedAt } }',
      { id },
    )
  ).user;

/** Somebody who has signed up without a password, as with a second factor alone. */
async function withoutPassword(): Promise<TestClient> {
  const composer = new Composer(people.admin);
  const fieldIds = [await composer.promptField({ key: 'username', type: 'USERNAME' })];
  const stages = [{ prompt: { fieldIds } }, { userWrite: { creation: 'ALWAYS' } }, { userLogin: {} }];
  const { slug } = await composer.flowOf({ designation: 'ENROLLMENT' }, ...stages);
  const client = app.client();
  await run(client, { slug }, filledIn({ username: uniqueName('person') }));
  return client;
}

it('every shipped document is applied to an empty database', async () => {
  const applied = app.log.map((line) => JSON.parse(line)).filter(({ document }) => document !== undefined);
  expect(applied.map(({ document }) => document)).toEqual(
    expect.arrayContaining(['authentication.yaml', 'example/enrollment-two-steps.yaml']),
  );
  const { flows } = await people.admin.ok('{ flows(first: 100) { edges { node { slug } } } }');
  const slugs = flows.edges.map(({ node }: Execution) => node.slug);
  for (const { slug } of [SETTINGS, PASSWORDS, LEAVING, ENROLLMENT]) expect(slugs).toContain(slug);
});

describe('the screens of a login', () => {
  const LINKS = `mutation($input: StartFlowInput!) { startFlow(input: $input) { step {
    ... on IdentificationChallenge {
      enrollmentFlow { slug designation } recoveryFlow { slug } passwordlessFlow { slug }
    }
    ... on PasswordChallenge { recoveryFlow { slug title } }
  } } }`;

  it('lead to the flows for whoever has no account, has forgotten the password, or has none', async () => {
    const composer = new Composer(people.admin);
    const [other, without] = [await composer.flow({ designation: 'RECOVERY' }), await composer.flow()];
    const { flow: enrollment } = await people.admin.ok('query($slug: String) { flow(slug: $slug) { id } }', {
      slug: ENROLLMENT.slug,
    });
    const links = {
      enrollmentFlowId: enrollment.id,
      recoveryFlowId: other.id,
      passwordlessFlowId: without.id,
    };
    const { slug } = await composer.flowOf(
      {},
      { identification: links },
      { password: { recoveryFlowId: other.id } },
    );
    const stepAfter = async (...responses: object[]) =>
      (await app.client().ok(LINKS, { input: { flow: { slug }, responses } })).startFlow.step;
    expect(await stepAfter()).toEqual({
      enrollmentFlow: { slug: ENROLLMENT.slug, designation: 'ENROLLMENT' },
      ...{ recoveryFlow: { slug: other.slug }, passwordlessFlow: { slug: without.slug } },
    });
    expect(await stepAfter({ identification: { identifier: 'nobody' } })).toEqual({
      recoveryFlow: { slug: other.slug, title: other.slug },
    });
  });

  it('know people only by what is configured, and go on with anybody only where they pretend', async () => {
    const email = `${uniqueName('eve')}@example.org`;
    const { person } = await somebody({ email });
    const composer = new Composer(people.admin);
    const asking = (pretendUserExists: boolean) =>
      composer.flowOf({}, { identification: { userFields: ['EMAIL'], pretendUserExists } }, { dummy: {} });
    const [open, pretending] = [await asking(false), await asking(true)];
    const saying = (identifier: string) => ({ identification: { identifier } });
    expect((await run(app.client(), open, saying(email))).step.__typename).toBe('DummyChallenge');
    const refused = await run(app.client(), open, saying(person.username));
    expect(errorsOf(refused)).toEqual([['identifier', expect.any(String)]]);
    const pretended = await run(app.client(), pretending, saying(person.username));
    expect(pretended.step.__typename).toBe('DummyChallenge');
  });

  it('ask nobody for a password of whom it is not known who they are', async () => {
    const { slug } = await new Composer(people.admin).flowOf({}, { password: {} });
    const { step } = await run(app.client(), { slug });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
  });
});

describe('enrollment in two steps', () => {
  const details = (fields: object = {}) =>
    filledIn({ name: 'Ida', email: `${uniqueName('ida')}@example.org`, ...fields });
  const wanted = (username = uniqueName('ida'), password = PASSWORD, again = password) =>
    filledIn({ username, password, passwordRepeat: again });

  it('makes an account, and signs it in', async () => {
    const client = app.client();
    const form = await run(client, ENROLLMENT);
    expect(form.flow).toMatchObject({ designation: 'ENROLLMENT', title: 'Create an account' });
    const second = await submit(client, form, wanted('ida'));
    expect(await viewerOf(client)).toBeNull();
    const done = await submit(client, second, details({ email: 'ida@example.org' }));
    expect(done.step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toMatchObject({ username: 'ida', email: 'ida@example.org' });
    expect(await logsIn({ username: 'ida', password: PASSWORD })).toBe(true);
  });

  it('says what is wrong with what was filled in, and goes on from there', async () => {
    const { person } = await somebody();
    const client = app.client();
    const form = await run(client, ENROLLMENT);
    const [taken, weak, different] = [
      await submit(client, form, wanted(person.username.toUpperCase())),
      await submit(client, await run(client, ENROLLMENT), wanted(undefined, 'princessprincess')),
      await submit(client, await run(client, ENROLLMENT), wanted(undefined, PASSWORD, NEW)),
    ];
    expect(errorsOf(taken)).toEqual([['values.username', 'TAKEN']]);
    expect(errorsOf(weak)).toEqual([['values.password', expect.any(String)]]);
    expect(errorsOf(different)).toEqual([['values.passwordRepeat', 'MISMATCH']]);
    const second = await submit(client, taken, wanted());
    const wrong = await submit(client, second, details({ email: 'no address' }));
    expect(errorsOf(wrong)).toEqual([['values.email', expect.any(String)]]);
    expect((await submit(client, wrong, details())).step.__typename).toBe('FlowCompleted');
  });

  it('is not for somebody who is signed in', async () => {
    const { client } = await somebody();
    expect((await run(client, ENROLLMENT)).step).toMatchObject({ code: 'NOT_APPLICABLE' });
  });
});

describe('a change of password', () => {
  it('asks whoever has just signed in for the new one only, and everybody else is signed out', async () => {
    const { person, client, elsewhere } = await somebody();
    const form = await run(client, PASSWORDS);
    expect(form.step.__typename).toBe('PromptChallenge');
    expect((await submit(client, form, twice(NEW))).step.__typename).toBe('FlowCompleted');
    expect([await nobodyIs(client), await nobodyIs(elsewhere)]).toEqual([false, true]);
    expect(await logsIn(person)).toBe(false);
    expect(await logsIn({ ...person, password: NEW })).toBe(true);
  });

  it('asks whoever has signed in a while ago for the current one, which has to be right', async () => {
    const { person, client, elsewhere } = await somebody();
    await hourLater();
    const asked = await run(client, PASSWORDS);
    expect(asked.step.__typename).toBe('PasswordChallenge');
    const wrong = await submit(client, asked, WRONG);
    expect(errorsOf(wrong)).toEqual([['password', 'INVALID_CREDENTIALS']]);
    const form = await submit(client, wrong, current(person.password));
    expect(form.step.__typename).toBe('PromptChallenge');
    expect((await submit(client, form, twice(NEW))).step.__typename).toBe('FlowCompleted');
    expect(await nobodyIs(elsewhere)).toBe(true);
    expect(await logsIn({ ...person, password: NEW })).toBe(true);
  });

  it('ends after too many wrong ones, and nothing is changed', async () => {
    const { person, client } = await somebody();
    await hourLater();
    let execution = await run(client, PASSWORDS);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      app.clock.advance(60);
      execution = await submit(client, execution, WRONG);
    }
    expect(execution.step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
    await hourLater();
    expect(await logsIn(person)).toBe(true);
  });

  it('takes no password that is weak, or that was not typed the same twice', async () => {
    const { person, client } = await somebody();
    const form = await run(client, PASSWORDS);
    const [weak, own, different] = [
      await submit(client, form, twice('princessprincess')),
      await submit(client, await run(client, PASSWORDS), twice(person.username)),
      await submit(client, await run(client, PASSWORDS), twice(NEW, PASSWORD)),
    ];
    expect(errorsOf(weak)).toEqual([['values.password', expect.any(String)]]);
    expect(errorsOf(own)).toEqual([['values.password', expect.any(String)]]);
    expect(errorsOf(different)).toEqual([['values.passwordRepeat', 'MISMATCH']]);
    expect(await logsIn(person)).toBe(true);
  });

  it('gives a first password to somebody who has none, if they have signed in recently', async () => {
    const [client, late] = [await withoutPassword(), await withoutPassword()];
    expect((await run(client, PASSWORDS, twice(NEW))).step.__typename).toBe('FlowCompleted');
    const { username } = await viewerOf(client);
    expect(await logsIn({ username, password: NEW })).toBe(true);
    await hourLater();
    expect((await run(late, PASSWORDS, twice(NEW))).step).toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    });
    expect(await logsIn({ username: (await viewerOf(late)).username, password: NEW })).toBe(false);
  });

  it('is for nobody who is not signed in', async () => {
    expect((await run(app.client(), PASSWORDS)).step).toMatchObject({ code: 'NOT_APPLICABLE' });
  });
});

describe('settings', () => {
  const values = async (client: TestClient) => {
    const { step } = await run(client, SETTINGS);
    const entries = step.fields.map(({ key, initialValue }: Execution) => [key, initialValue]);
    return Object.fromEntries(entries);
  };

  it('show what there is, and save what is changed; what is left blank stays', async () => {
    const email = `${uniqueName('ada')}@example.org`;
    const { person, client, elsewhere } = await somebody({
      email,
      name: 'Ada',
      attributes: { settings: { theme: 'dark' } },
    });
    const before = { username: person.username, name: 'Ada', email, 'attributes.settings.locale': '' };
    expect(await values(client)).toEqual(before);
    const change = {
      username: person.username,
      name: 'Ada King',
      email: '',
      'attributes.settings.locale': 'de-AT',
    };
    expect((await run(client, SETTINGS, filledIn(change))).step.__typename).toBe('FlowCompleted');
    expect(await values(client)).toEqual({ ...change, email });
    expect(await accountOf(person.id)).toMatchObject({
      ...{ name: 'Ada King', email, attributes: { settings: { theme: 'dark', locale: 'de-AT' } } },
    });
    expect(await nobodyIs(elsewhere)).toBe(false);
  });

  it('refuse a username that somebody has, an address that is none, and fields that nobody asked for', async () => {
    const [{ client, person }, other] = [await somebody(), await somebody()];
    const form = await run(client, SETTINGS);
    const own = person.username;
    expect(errorsOf(await submit(client, form, filledIn({ username: other.person.username })))).toEqual([
      ['values.username', 'TAKEN'],
    ]);
    for (const [field, value] of [
      ['email', 'nobody'],
      ['isSuperuser', 'true'],
      ['attributes.mayChange.email', 'true'],
    ] as const) {
      const refused = await run(client, SETTINGS, filledIn({ username: own, [field]: value }));
      expect(errorsOf(refused)).toEqual([[`values.${field}`, expect.any(String)]]);
    }
    expect(await accountOf(person.id)).toMatchObject({ username: own, email: null, attributes: {} });
  });

  it('take the password for a new address of somebody who has signed in a while ago, and not for a new name', async () => {
    const { person, client, elsewhere } = await somebody();
    await hourLater();
    const email = `${uniqueName('new')}@example.org`;
    const named = filledIn({ username: person.username, name: 'Grace' });
    expect((await run(client, SETTINGS, named)).step.__typename).toBe('FlowCompleted');
    const asked = await run(client, SETTINGS, filledIn({ username: person.username, email }));
    expect(asked.step.__typename).toBe('PasswordChallenge');
    const wrong = await submit(client, asked, WRONG);
    expect(errorsOf(wrong)).toEqual([['password', 'INVALID_CREDENTIALS']]);
    expect(await accountOf(person.id)).toMatchObject({ name: 'Grace', email: null });
    expect((await submit(client, wrong, current(person.password))).step.__typename).toBe('FlowCompleted');
    expect(await accountOf(person.id)).toMatchObject({ email });
    expect(await nobodyIs(elsewhere)).toBe(true);
    const renamed = await run(client, SETTINGS, filledIn({ username: uniqueName('new-name') }));
    expect(renamed.step.__typename).toBe('PasswordChallenge');
  });

  it.each(['username', 'name', 'email'])(
    'leave the %s to administrators where they say so',
    async (field) => {
      const email = `${uniqueName('ada')}@example.org`;
      const { person, client } = await somebody({
        name: 'Ada',
        email,
        attributes: { mayChange: { [field]: false } },
      });
      const same = { username: person.username, name: 'Ada', email };
      const other = { ...same, [field]: `${uniqueName('other')}${field === 'email' ? '@example.org' : ''}` };
      const refused = await run(client, SETTINGS, filledIn(other));
      expect(refused.step.errors).toMatchObject([
        { message: expect.stringContaining('You may not change your') },
      ]);
      expect(await accountOf(person.id)).toMatchObject(same);
      expect((await submit(client, refused, filledIn(same))).step.__typename).toBe('FlowCompleted');
    },
  );
});

describe('unenrollment', () => {
  const CONFIRM = { consent: { accept: true } };

  it('asks first, and deletes nobody who declines', async () => {
    const { person, client } = await somebody();
    const asked = await run(client, LEAVING);
    expect(asked.step).toMatchObject({ __typename: 'ConsentChallenge', permissions: [{ id: 'deletion' }] });
    const declined = await submit(client, asked, { consent: { accept: false } });
    expect(declined.step).toMatchObject({ __typename: 'FlowDenied', code: 'CONSENT_DECLINED' });
    expect(await accountOf(person.id)).not.toBeNull();
    expect(await nobodyIs(client)).toBe(false);
  });

  it('deletes whoever has confirmed it, and signs them out everywhere', async () => {
    const { person, client, elsewhere } = await somebody();
    const done = await run(client, LEAVING, CONFIRM);
    expect(done.step.__typename).toBe('FlowCompleted');
    expect([await nobodyIs(client), await nobodyIs(elsewhere)]).toEqual([true, true]);
    expect(await accountOf(person.id)).toBeNull();
    expect(await logsIn(person)).toBe(false);
  });

  it('asks whoever has signed in a while ago for the password, which has to be right', async () => {
    const { person, client } = await somebody();
    const passwordless = await withoutPassword();
    await hourLater();
    const asked = await run(client, LEAVING, CONFIRM);
    expect(asked.step.__typename).toBe('PasswordChallenge');
    const wrong = await submit(client, asked, WRONG);
    expect(errorsOf(wrong)).toEqual([['password', 'INVALID_CREDENTIALS']]);
    expect(await accountOf(person.id)).not.toBeNull();
    expect((await submit(client, wrong, current(person.password))).step.__typename).toBe('FlowCompleted');
    expect(await accountOf(person.id)).toBeNull();
    const { step } = await run(passwordless, LEAVING, CONFIRM);
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'REAUTHENTICATION_REQUIRED' });
  });

  it('does not let the last administrator go', async () => {
    const asked = await run(people.admin, LEAVING);
    const { errors } = await trySubmit(people.admin, answerTo(asked, CONFIRM));
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect(await logsIn(ADMIN)).toBe(true);
    const other = await signedIn(app);
    expect(await viewerOf(other)).toMatchObject({ username: ADMIN.username, isSuperuser: true });
  });

  it('is for nobody who is not signed in', async () => {
    expect((await run(app.client(), LEAVING)).step).toMatchObject({ code: 'NOT_APPLICABLE' });
  });
});
