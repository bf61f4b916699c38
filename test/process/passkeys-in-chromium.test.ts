import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { TestBrowser } from '../support/browser.js';
import type { Device, Somebody } from '../support/browser.js';
import { provideChromium } from '../support/chromium.mjs';
import { Composer, filledIn, uniqueName } from '../support/compose.js';
import type { ComposedFlow, Person } from '../support/compose.js';
import { upToSecondFactor } from '../support/authenticators.js';
import { LOGIN, credentials, viewerOf } from '../support/executions.js';
import { start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { freePort } from '../support/free-port.mjs';
import { LONE_PASSKEY_SETUP, offerPasskeys, passkeyEnrollment } from '../support/passkeys.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';

const program = provideChromium();
if (program === undefined) {
  process.stderr.write('NOTICE: there is no Chromium here, so passkeys are not tested in a browser.\n');
}

let browser: TestBrowser;
let address: string;
let database: ServerDatabase;
let composer: Composer;
let enrollment: ComposedFlow;
let setup: ComposedFlow;
const present: Somebody[] = [];

const REFUSED = {
  __typename: 'IdentificationChallenge',
  errors: [{ field: 'passkey', code: 'INVALID_PASSKEY' }],
};

(program === undefined ? describe.skip : describe)('passkeys in Chromium', () => {
  beforeAll(async () => {
    database = await ServerDatabase.create();
    const port = await freePort();
    address = `http://localhost:${port}`;
    const server = await startServer({
      ...{ DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder() },
      ...{ PORT: String(port), STAGEDOOR_PUBLIC_URL: address },
      ...ADMIN_VARIABLES,
    });
    const admin = server.client();
    await start(admin, { flow: LOGIN, responses: credentials(ADMIN) });
    composer = new Composer(admin);
    enrollment = await passkeyEnrollment(composer);
    setup = await settings(LONE_PASSKEY_SETUP.webAuthnSetup);
    await offerPasskeys(composer);
    browser = await TestBrowser.start(program ?? '');
  });

  afterEach(async () => {
    for (const somebody of present.splice(0)) await somebody.leave();
  });

  afterAll(async () => {
    await browser.close();
    await cleanUp();
    await dropDatabases();
  });

  async function somebody(device: Device = {}, where = address): Promise<Somebody> {
    const one = await browser.somebody(where, device);
    present.push(one);
    return one;
  }

  async function enrolled(person: Somebody): Promise<Execution> {
    const responses = [filledIn({ username: uniqueName('owner') })];
    const asked = await start(person.client, { flow: { slug: enrollment.slug }, responses });
    const passkey = await person.create(asked.step.options);
    return submit(person.client, asked, { webAuthnSetup: { passkey } });
  }

  /** Signs in with a passkey alone, in a browser where nobody is signed in. */
  async function withPasskey(person: Somebody, mediation?: 'conditional'): Promise<Execution> {
    const asked = await start(person.client, { flow: LOGIN });
    const passkey = await person.get(asked.step.passkeyOptions, mediation);
    return submit(person.client, asked, { identification: { passkey } });
  }

  const LOGOUT = { flow: { slug: 'default-invalidation-flow' } };
  const signOut = ({ client }: Somebody) => start(client, LOGOUT);

  it('make an account without a password, and sign its person in again without anything else', async () => {
    const person = await somebody();
    expect((await enrolled(person)).step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['enrollment', 'hwk', 'user'], aal: 2 } },
    });
    const viewer = await viewerOf(person.client);
    await signOut(person);
    expect(await viewerOf(person.client)).toBeNull();
    expect((await withPasskey(person)).step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['hwk', 'user'], aal: 2 } },
    });
    expect(await viewerOf(person.client)).toMatchObject({ id: viewer.id });
  });

  it('are offered where the name is typed', async () => {
    const person = await somebody();
    await enrolled(person);
    await signOut(person);
    expect(await person.client.call('canAutofill')).toBe(true);
    expect((await withPasskey(person, 'conditional')).step.__typename).toBe('FlowCompleted');
  });

  it('are a second factor after a password', async () => {
    const owner = await somebody();
    const person = await withPassword(owner);
    await setUp(owner, setup);
    await signOut(owner);
    expect((await secondFactor(owner, person)).step.session.session).toMatchObject({
      ...{ amr: ['pwd', 'hwk', 'user'], aal: 2 },
    });
  });

  it('are a second factor also where they cannot be unlocked, and nothing more', async () => {
    const owner = await somebody({ verifiesUser: false, transport: 'usb' });
    const person = await withPassword(owner);
    await expect(setUp(owner, setup)).rejects.toThrow('NotAllowedError');
    await setUp(owner, await settings({ userVerification: 'DISCOURAGED', residentKey: 'DISCOURAGED' }));
    await signOut(owner);
    const { step } = await start(owner.client, { flow: LOGIN });
    await expect(owner.get(step.passkeyOptions)).rejects.toThrow('NotAllowedError');
    const { amr } = (await secondFactor(owner, person)).step.session.session;
    expect(amr).toEqual(['pwd', 'hwk']);
  });

  it('have to be unlocked where they stand alone, whatever a client asks of the browser', async () => {
    const owner = await somebody();
    await enrolled(owner);
    await signOut(owner);
    await owner.unlocks(false);
    const asked = await start(owner.client, { flow: LOGIN });
    await expect(owner.get(asked.step.passkeyOptions)).rejects.toThrow('NotAllowedError');
    const lax = { ...asked.step.passkeyOptions, userVerification: 'discouraged' };
    const passkey = await owner.get(lax);
    const refused = await submit(owner.client, asked, { identification: { passkey } });
    expect(refused.step).toMatchObject(REFUSED);
    expect(await viewerOf(owner.client)).toBeNull();
    await owner.unlocks(true);
    const again = { identification: { passkey: await owner.get(refused.step.passkeyOptions) } };
    expect((await submit(owner.client, refused, again)).step.__typename).toBe('FlowCompleted');
  });

  it('can be several, each on a device of its own, and none twice on one', async () => {
    const owner = await somebody();
    await enrolled(owner);
    const { id } = await viewerOf(owner.client);
    await expect(setUp(owner, setup)).rejects.toThrow('InvalidStateError');
    const first = await owner.takeAway();
    await setUp(owner, setup);
    const second = await owner.takeAway();
    for (const passkey of [first, second]) {
      await signOut(owner);
      await owner.give(passkey);
      expect((await withPasskey(owner)).step.__typename).toBe('FlowCompleted');
      expect(await viewerOf(owner.client)).toMatchObject({ id });
      await owner.takeAway();
    }
    const { step } = await start(owner.client, { flow: LOGIN });
    await expect(owner.get(step.passkeyOptions)).rejects.toThrow('NotAllowedError');
  });

  it('are refused once they were removed from the account, though the device still has them', async () => {
    const owner = await somebody();
    await enrolled(owner);
    const { id } = await viewerOf(owner.client);
    await signOut(owner);
    await database.query('delete from authenticator where user_id = $1', [id]);
    expect((await withPasskey(owner)).step).toMatchObject(REFUSED);
  });

  it('are refused where they were used on another page, even of the same machine', async () => {
    const owner = await somebody();
    await enrolled(owner);
    await signOut(owner);
    const elsewhere = await somebody({}, `http://localhost:${await freePort()}`);
    await elsewhere.give(await owner.takeAway());
    const asked = await start(owner.client, { flow: LOGIN });
    const passkey = await elsewhere.get(asked.step.passkeyOptions);
    expect((await submit(owner.client, asked, { identification: { passkey } })).step).toMatchObject(REFUSED);
  });

  /** Makes an account with a password, and signs its person in. */
  async function withPassword({ client }: Somebody): Promise<Person> {
    const person = { username: uniqueName('both'), password: 'a lovely long passphrase' };
    const { slug } = await composer.enrollment();
    const responses = [filledIn({ ...person })];
    expect((await start(client, { flow: { slug }, responses })).step.__typename).toBe('FlowCompleted');
    return person;
  }

  function settings(webAuthnSetup: object): Promise<ComposedFlow> {
    return composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { webAuthnSetup });
  }

  /** Sets up what the browser makes. */
  async function setUp(person: Somebody, { slug }: ComposedFlow): Promise<void> {
    const begun = await start(person.client, { flow: { slug } });
    const passkey = await person.create(begun.step.options);
    const { step } = await submit(person.client, begun, { webAuthnSetup: { passkey } });
    expect(step.__typename).toBe('FlowCompleted');
  }

  async function secondFactor(owner: Somebody, person: Person): Promise<Execution> {
    const asked = await upToSecondFactor(owner.client, person);
    const passkey = await owner.get(asked.step.passkeyOptions);
    return submit(owner.client, asked, { authenticatorValidate: { passkey } });
  }
});
