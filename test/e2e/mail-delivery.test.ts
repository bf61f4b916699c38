import { LEASE_SECONDS } from '../../src/flow/outbox.js';
import { Composer, filledIn, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { startMailServer } from '../support/mail-server.js';
import type { MailBehaviour, MailServer } from '../support/mail-server.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';
import { until, untilThere } from '../support/until.js';

const EVENTS =
  'query($actions: [String!]) { events(first: 50, filter: { actions: $actions }) { edges { node { details } } } }';

/** An installation with a flow that writes to whatever address somebody types. */
class Scene {
  private constructor(
    readonly app: TestApp,
    readonly admin: TestClient,
    readonly flow: ComposedFlow,
  ) {}

  static async of(smtpUrl: string | undefined): Promise<Scene> {
    const app = await startTestApp({ SMTP_URL: smtpUrl }, { mailSeconds: 0.02 });
    const admin = await signedIn(app);
    const composer = new Composer(admin);
    const fieldIds = [await composer.promptField({ key: 'email', type: 'EMAIL', order: 1 })];
    const email = { recipient: 'COLLECTED', template: 'ACCOUNT_CONFIRMATION' };
    const flow = await composer.flowOf({ designation: 'ENROLLMENT' }, { prompt: { fieldIds } }, { email });
    return new Scene(app, admin, flow);
  }

  /** Has a mail sent, to an address that nobody else has. */
  async mail(): Promise<string> {
    const address = `${uniqueName('ada')}@example.org`;
    const responses = [filledIn({ email: address })];
    const { step } = await start(this.app.client(), { flow: { slug: this.flow.slug }, responses });
    expect(step.__typename).toBe('EmailChallenge');
    return address;
  }

  /** How many of the lines that were logged say this. */
  logged(what: string): number {
    return this.app.log.filter((line) => line.includes(what)).length;
  }

  /** Settles once so many lines say this. */
  says(what: string, times: number): Promise<void> {
    return until(() => this.logged(what) >= times);
  }

  async events(action: string): Promise<readonly { details: Record<string, unknown> }[]> {
    const { events } = await this.admin.ok(EVENTS, { actions: [action] });
    return events.edges.map(({ node }: { node: { details: Record<string, unknown> } }) => node);
  }
}

describe('by a mail server', () => {
  let mails: MailServer;
  let scene: Scene;
  beforeAll(async () => {
    mails = await startMailServer();
    scene = await Scene.of(mails.url);
  });
  afterAll(async () => {
    await scene.app.close();
    await mails.close();
  });
  const FAILING = 'mails cannot be sent';

  it('a mail arrives soon after the answer that asked for it, from the product’s name', async () => {
    const address = await scene.mail();
    const mail = await mails.next(address);
    expect(mail).toMatchObject({
      to: [address],
      sender: { name: 'Stagedoor', address: 'no-reply@localhost' },
    });
    expect(mail.text).toContain('http://localhost/flows/');
    expect(mail.html).toContain('http://localhost/flows/');
  });

  it.each<[MailBehaviour, number]>([
    ['REFUSE', 1],
    ['POSTPONE', 1],
    ['HANG_UP', 1],
    ['ACCEPT_AND_LOSE_ANSWER', 2],
  ])('a server that behaves like %s is tried again, and the mail arrives', async (how, times) => {
    const failures = scene.logged(FAILING);
    mails.behave(how);
    const address = await scene.mail();
    await mails.nextOffer(address);
    // What is told of it has been recorded.
    await scene.says(FAILING, failures + 1);
    mails.behave('ACCEPT');
    scene.app.clock.advance(5);
    for (let time = 0; time < times; time += 1) await mails.next(address);
    const received = mails.mails.filter(({ to }) => to.includes(address));
    expect(received).toHaveLength(times);
    const ids = new Set(received.map(({ messageId }) => messageId.slice(1, messageId.indexOf('@'))));
    expect(ids.size).toBe(1);
    // Until it is recorded that one was sent, failures are no news.
    const isRecorded = ({ details }: { details: Record<string, unknown> }) => ids.has(String(details.mail));
    await until(async () => (await scene.events('MAIL_SENT')).some(isRecorded));
  });

  it('nobody waits for a server that is slow', async () => {
    mails.behave('HOLD');
    const address = await scene.mail();
    await mails.nextOffer(address);
    const other = await scene.mail();
    mails.behave('ACCEPT');
    await mails.next(address);
    await mails.next(other);
  });

  it('a mail that is being sent while the clock jumps past the end of its claim is not sent twice', async () => {
    mails.behave('HOLD');
    const address = await scene.mail();
    await mails.nextOffer(address);
    scene.app.clock.advance(LEASE_SECONDS + 1);
    // It is looked for, and found after whatever else is due.
    const other = await scene.mail();
    await mails.nextOffer(other);
    mails.behave('ACCEPT');
    await mails.next(address);
    await mails.next(other);
    expect(mails.offers.filter(({ to }) => to.includes(address))).toHaveLength(1);
  });

  it('a mail that would come too late is given up, with an event that tells why and not what it said', async () => {
    mails.behave('REFUSE');
    const failures = scene.logged(FAILING);
    const address = await scene.mail();
    await scene.says(FAILING, failures + 1);
    scene.app.clock.advance(3600);
    await scene.says('a mail was given up', 1);
    mails.behave('ACCEPT');
    scene.app.clock.advance(3600);
    const after = await scene.mail();
    await mails.next(after);
    expect(mails.mails.filter(({ to }) => to.includes(address))).toEqual([]);
    const [failed, ...others] = await scene.events('MAIL_FAILED');
    expect(others).toEqual([]);
    expect(failed?.details).toEqual({
      mail: expect.any(String),
      template: 'account-confirmation',
      attempts: 2,
      reason: 'It had expired before it could be sent.',
    });
    const sent = await scene.events('MAIL_SENT');
    expect(JSON.stringify(sent)).not.toMatch(/flowToken|example\.org/);
    expect(scene.app.log.join('\n')).not.toContain('flowToken=');
  });

  it('there is no mailbox to look into', async () => {
    expect((await fetch(`${scene.app.address}/dev/mail`)).status).toBe(404);
  });
});

describe('without one, in development', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.of(undefined);
  });
  afterAll(() => scene.app.close());

  const look = (headers: Record<string, string> = {}) => fetch(`${scene.app.address}/dev/mail`, { headers });

  it('mails are in a mailbox, for scripts and for people, the latest first', async () => {
    const [first, second] = [await scene.mail(), await scene.mail()];
    const mails = await untilThere(async () => {
      const found: { to: string; text: string }[] = JSON.parse(await (await look()).text()).mails;
      return found.length < 2 ? undefined : found;
    });
    expect(mails.map(({ to }) => to).toSorted()).toEqual([first, second].toSorted());
    expect(mails[0]?.text).toContain('http://localhost/flows/');
    const page = await look({ accept: 'text/html' });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain(first);
    expect(html).toContain('&lt;base target=&quot;_blank&quot;&gt;');
  });

  it('a mailbox answers under no other name than this machine’s and the public one', async () => {
    const { hostname, port } = new URL(scene.app.address);
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      request({ hostname, port, path: '/dev/mail', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });
});
