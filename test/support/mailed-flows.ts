import { Composer, filledIn, uniqueName } from './compose.js';
import { signedIn, start, submit } from './flows.js';
import type { Execution } from './flows.js';
import { startMailServer } from './mail-server.js';
import type { MailServer } from './mail-server.js';
import { People } from './people.js';
import type { MadePerson } from './people.js';
import { startTestApp } from './test-app.js';
import type { TestApp } from './test-app.js';
import type { TestClient } from './test-client.js';
import { until } from './until.js';

/** What a mail with a link and a code says. */
export interface MailedSecrets {
  readonly code: string;
  readonly token: string;
  readonly url: string;
  readonly subject: string;
}

export interface Addressed extends MadePerson {
  readonly email: string;
}

/** An installation with a mail server, and flows that send mails. */
export class MailedFlows {
  #devices = 0;

  private constructor(
    readonly app: TestApp,
    readonly server: MailServer,
    public composer: Composer,
    public people: People,
  ) {}

  static async start(): Promise<MailedFlows> {
    const server = await startMailServer();
    const app = await startTestApp({ SMTP_URL: server.url }, { lookoutSeconds: 3600 });
    const admin = await signedIn(app);
    return new MailedFlows(app, server, new Composer(admin), new People(app, admin));
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.server.close();
  }

  /** After time has passed, administrators must sign in again. */
  async pass(seconds: number): Promise<void> {
    this.app.clock.advance(seconds);
    const admin = await signedIn(this.app);
    this.composer = new Composer(admin);
    this.people = new People(this.app, admin);
  }

  /** A browser somewhere else than all others. */
  device(): TestClient {
    this.#devices += 1;
    return this.app.client({ address: `10.1.${this.#devices >> 8}.${this.#devices & 255}` });
  }

  async person(fields: object = {}): Promise<Addressed> {
    const email = `${uniqueName('mail')}@example.org`;
    return { email, ...(await this.people.create({ email, ...fields })) };
  }

  /** Who is it, a mail, and what follows. */
  async flow(config: object, ...after: object[]): Promise<string> {
    const identification = { userFields: ['USERNAME', 'EMAIL'], pretendUserExists: true };
    const stages = [{ identification }, { email: config }, ...after];
    return (await this.composer.flowOf({ designation: 'AUTHENTICATION' }, ...stages)).slug;
  }

  magicLink(config: object = {}): Promise<string> {
    return this.flow({ template: 'MAGIC_LINK', ...config }, { userLogin: {} });
  }

  /** An address is verified before there is an account with it. */
  async enrollment(): Promise<string> {
    const field = (key: string, type: string) => this.composer.promptField({ key, type });
    const [email, username] = [await field('email', 'EMAIL'), await field('username', 'USERNAME')];
    const flow = await this.composer.flowOf(
      { designation: 'ENROLLMENT' },
      { prompt: { fieldIds: [email] } },
      { email: { recipient: 'COLLECTED', template: 'ACCOUNT_CONFIRMATION' } },
      { prompt: { fieldIds: [username] } },
      { userWrite: { creation: 'ALWAYS' } },
      { userLogin: {} },
    );
    return flow.slug;
  }

  async waiting(slug: string, identifier: string, client = this.device(), how = {}): Promise<Execution> {
    const responses = [{ identification: { identifier } }];
    return start(client, { flow: { slug }, responses, ...how });
  }

  async collecting(slug: string, email: string, client = this.device()): Promise<Execution> {
    return start(client, { flow: { slug }, responses: [filledIn({ email })] });
  }

  /** Opens a link as whoever is given a mail. */
  open(slug: string, flowToken: string, client = this.device()): Promise<Execution> {
    return start(client, { flow: { slug }, flowToken });
  }

  /** The next mail to this address, but for what administrators have had people told when they made their accounts. */
  async mailTo(address: string): Promise<MailedSecrets> {
    let mail = await this.server.next(address);
    while (isNotice(mail)) mail = await this.server.next(address);
    const { text, subject } = mail;
    const [url = '', token = ''] = /http\S+#flowToken=([\w-]{43})/.exec(text) ?? [];
    const [code = ''] = /\b\d{4} \d{4}\b/.exec(text) ?? [];
    return { code, token, url, subject };
  }

  /**
   * Every mail that was sent to this address, once there are as many as there must be: several are sent at once, and
   * overtake each other. Another one is sent afterwards, by which any that there should not be has most likely come.
   */
  async mailsTo(
    address: string,
    least = 0,
  ): Promise<readonly { readonly subject: string; readonly text: string }[]> {
    const sent = () => this.server.mails.filter((mail) => mail.to.includes(address) && !isNotice(mail));
    await until(() => sent().length >= least);
    const last = await this.person();
    await this.waiting(await this.magicLink(), last.username);
    await this.mailTo(last.email);
    return sent();
  }
}

function isNotice({ subject }: { readonly subject: string }): boolean {
  return subject === 'Your password for Stagedoor was changed';
}

/** A code that is not this one. */
export function otherCode(code: string): string {
  const digits = code.replaceAll(' ', '');
  return String((Number(digits) + 1) % 10 ** digits.length).padStart(digits.length, '0');
}

export const withCode = (client: TestClient, execution: Execution, code: string): Promise<Execution> =>
  submit(client, execution, { email: { code } });
export const withMatch = (client: TestClient, execution: Execution, matchCode: string): Promise<Execution> =>
  submit(client, execution, { email: { matchCode } });
export const resend = (client: TestClient, execution: Execution): Promise<Execution> =>
  submit(client, execution, { email: { resend: true } });
export const goOn = (client: TestClient, execution: Execution): Promise<Execution> =>
  submit(client, execution, { email: {} });
