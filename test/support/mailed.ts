import { signedIn } from './flows.js';
import { Journey } from './journey.js';
import { startMailServer } from './mail-server.js';
import type { MailServer, ReceivedMail } from './mail-server.js';
import { People } from './people.js';
import type { MadePerson } from './people.js';
import { startTestApp } from './test-app.js';
import type { TestApp } from './test-app.js';
import type { TestClient } from './test-client.js';
import { uniqueName } from './compose.js';

export const NEW_PASSWORD = 'another long enough password';

/** As it is printed in a mail: on a line of its own. */
const CODE = /^(\d{4} \d{4})$/m;

export interface PersonWithMail extends MadePerson {
  readonly email: string;
}

/** A service with every example flow, whose mails come to a real mail server. */
export class MailedApp {
  private constructor(
    readonly app: TestApp,
    readonly mails: MailServer,
    public admin: TestClient,
  ) {}

  static async start(variables: Readonly<Record<string, string | undefined>> = {}): Promise<MailedApp> {
    const mails = await startMailServer();
    const app = await startTestApp({ STAGEDOOR_EXAMPLES: 'all', SMTP_URL: mails.url, ...variables });
    return new MailedApp(app, mails, await signedIn(app));
  }

  /** Time passes in tests, and whoever changes accounts must have signed in lately. */
  async signInAgain(): Promise<void> {
    this.admin = await signedIn(this.app);
  }

  async person(fields: object = {}): Promise<PersonWithMail> {
    const email = `${uniqueName('somebody')}@example.org`;
    const made = await new People(this.app, this.admin).create({ email, ...fields });
    return { email, ...made };
  }

  /** A new client that begins a flow. */
  begin(slug: string, headers: Record<string, string> = {}, also: object = {}): Promise<Journey> {
    return Journey.begin(this.app.client(), { flow: { slug }, ...also }, headers);
  }

  /** The next mail to this address that brings a code: notices of what was done to the account are passed over. */
  async mailTo(address: string): Promise<ReceivedMail> {
    for (;;) {
      const mail = await this.mails.next(address);
      if (CODE.test(mail.text)) return mail;
    }
  }

  /** The next mail to this address with this subject. */
  async noticeTo(address: string, subject: string): Promise<ReceivedMail> {
    for (;;) {
      const mail = await this.mails.next(address);
      if (mail.subject === subject) return mail;
    }
  }

  /** Opens the link of a mail, on another device. */
  open(mail: ReceivedMail, client = this.app.client()): Promise<Journey> {
    const { slug, flowToken } = linkIn(mail);
    return Journey.begin(client, { flow: { slug }, flowToken });
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.mails.close();
  }
}

/** The code that a mail says, as a person reads it. */
export function codeIn({ text }: ReceivedMail): string {
  const code = CODE.exec(text)?.[1];
  if (code === undefined) throw new Error(`there is no code in ${text}`);
  return code;
}

function linkIn({ text }: ReceivedMail): { readonly slug: string; readonly flowToken: string } {
  const [, slug, flowToken] = /^http:\/\/localhost\/flows\/([\w-]+)#flowToken=([\w-]{43})$/m.exec(text) ?? [];
  if (slug === undefined || flowToken === undefined) throw new Error(`there is no link in ${text}`);
  return { slug, flowToken };
}
