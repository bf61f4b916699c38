import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { TestBrowser } from '../support/browser.js';
import type { Somebody } from '../support/browser.js';
import { provideChromium } from '../support/chromium.mjs';
import { Composer, filledIn, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
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
let composer: Composer;
let enrollment: ComposedFlow;
let setup: ComposedFlow;
const present: Somebody[] = [];

(program === undefined ? describe.skip : describe)('passkeys in Chromium', () => {
  beforeAll(async () => {
    const [database, port] = [await ServerDatabase.create(), await freePort()];
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
    setup = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, LONE_PASSKEY_SETUP);
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

  async function somebody(device = {}): Promise<Somebody> {
    const one = await browser.somebody(address, device);
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
    const person = { username: uniqueName('both'), password: 'a lovely long passphrase' };
    const owner = await somebody();
    const slug = (await composer.enrollment()).slug;
    const asked = await start(owner.client, { flow: { slug }, responses: [filledIn({ ...person })] });
    expect(asked.step.__typename).toBe('FlowCompleted');
    const begun = await start(owner.client, { flow: { slug: setup.slug } });
    const passkey = await owner.create(begun.step.options);
    await submit(owner.client, begun, { webAuthnSetup: { passkey } });
    await signOut(owner);
    const second = await upToSecondFactor(owner.client, person);
    const response = { passkey: await owner.get(second.step.passkeyOptions) };
    const { step } = await submit(owner.client, second, { authenticatorValidate: response });
    expect(step.session.session).toMatchObject({ amr: ['pwd', 'hwk', 'user'], aal: 2 });
  });
});
