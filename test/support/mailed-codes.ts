import { upToSecondFactor } from './authenticators.js';
import type { ComposedFlow } from './compose.js';
import { start, submit } from './flows.js';
import type { Execution } from './flows.js';
import type { Addressed, MailedFlows } from './mailed-flows.js';
import type { MadePerson } from './people.js';
import type { TestClient } from './test-client.js';

const SUBJECT = 'Your code for Stagedoor';
/** As it is printed in a mail: on a line of its own. */
const CODE = /^(\d{4}) (\d{2})$/m;

export const MASKED = /^m\*+@e\*{6}\.org$/;
export const SIGNED_IN = { authentication: 'REQUIRE_AUTHENTICATED' };

export const otp = (answer: object): object => ({ emailOtpSetup: answer });
export const validate = (answer: object): object => ({ authenticatorValidate: answer });
export const codesOf = ({ step }: Execution): string[] =>
  step.errors.map(({ code }: { code: string }) => code);
export const isDone = ({ step }: Execution): boolean => step.__typename === 'FlowCompleted';

export function inSeconds({ app }: MailedFlows, seconds: number): string {
  return new Date(app.clock.now().getTime() + seconds * 1000).toISOString();
}

/** A browser in which somebody has just signed in who has no second factor. */
export async function browserOf(house: MailedFlows, person: MadePerson): Promise<TestClient> {
  const client = house.device();
  const login = await upToSecondFactor(client, person);
  if (!isDone(login)) throw new Error(`not signed in: ${JSON.stringify(login.step)}`);
  return client;
}

/** The code of the next mail with one to this address; other mails are passed over. */
export async function codeTo({ server }: MailedFlows, address: string): Promise<string> {
  let mail = await server.next(address);
  while (mail.subject !== SUBJECT) mail = await server.next(address);
  const [, first, last] = CODE.exec(mail.text) ?? [];
  if (first === undefined || last === undefined) throw new Error(`there is no code in ${mail.text}`);
  return first + last;
}

/** How many mails with codes this address was sent, those on their way too. */
export async function codesSentTo(house: MailedFlows, address: string): Promise<number> {
  return (await house.mailsTo(address)).filter(({ subject }) => subject === SUBJECT).length;
}

export interface Reader {
  readonly person: Addressed;
  readonly client: TestClient;
  /** That the address was set up with. */
  readonly code: string;
}

/** Somebody to whose address codes are sent when they sign in. */
export async function reader(house: MailedFlows, { slug }: ComposedFlow): Promise<Reader> {
  const person = await house.person();
  const client = await browserOf(house, person);
  const asked = await start(client, { flow: { slug } });
  const code = await codeTo(house, person.email);
  const done = await submit(client, asked, otp({ code }));
  if (!isDone(done)) throw new Error(`not set up: ${JSON.stringify(done.step)}`);
  return { person, client, code };
}
