import { totpCode } from './authenticators.js';
import { signedIn } from './flows.js';
import { Journey } from './journey.js';
import type { MailedApp, PersonWithMail } from './mailed.js';
import { SoftwarePasskey } from './software-passkey.js';
import type { TestClient } from './test-client.js';

const LOGIN_SLUG = 'default-authentication-flow';
/** How long an authenticator app shows a code. */
export const STEP_SECONDS = 30;

export interface SignedInPerson {
  readonly person: PersonWithMail;
  readonly client: TestClient;
}

/** Somebody who has an account with a password and an address, and is signed in. */
export async function member(house: MailedApp): Promise<SignedInPerson> {
  const person = await house.person();
  return { person, client: await signedIn(house.app, person) };
}

/** Sets an authenticator app up by the shipped flow; its key. Its codes are good from the next step on. */
export async function withApp(house: MailedApp, client: TestClient): Promise<string> {
  const journey = await Journey.begin(client, { flow: { slug: 'default-authenticator-totp-setup' } });
  const { key } = journey.step;
  await journey.answer(setUpByApp(house, key));
  expectCompleted(journey);
  house.app.clock.advance(STEP_SECONDS);
  return key;
}

/** What sets an authenticator app up that has this key. */
export function setUpByApp({ app }: MailedApp, key: string): object {
  return { totpSetup: { code: totpCode(key, app.clock.now()) } };
}

/** What an authenticator app with this key shows, as an answer. */
export function appCode({ app }: MailedApp, key: string): object {
  return { authenticatorValidate: { code: totpCode(key, app.clock.now()) } };
}

/** Signs in by name and password, up to whatever follows. */
export async function withPassword(
  house: MailedApp,
  { username, password }: Pick<PersonWithMail, 'username' | 'password'>,
  slug = LOGIN_SLUG,
  client = house.app.client(),
): Promise<Journey> {
  const responses = [{ identification: { identifier: username } }, { password: { password } }];
  return Journey.begin(client, { flow: { slug }, responses });
}

/** The id of the only authenticator of this kind, or of this name, that is offered. */
export function offered(
  { step }: Journey,
  which: { readonly kind: string } | { readonly name: string },
): string {
  const [wanted] = Object.entries(which);
  const ids: string[] = step.authenticators.flatMap(({ id, ...each }: { id: string }) =>
    Object.entries(each).some((entry) => String(entry) === String(wanted)) ? [id] : [],
  );
  const [id, another] = ids;
  if (id === undefined || another !== undefined) throw new Error(`not one: ${JSON.stringify(step)}`);
  return id;
}

export function expectCompleted({ step }: Journey): void {
  if (step.__typename !== 'FlowCompleted') throw new Error(`not completed: ${JSON.stringify(step)}`);
}

/** Begins a shipped setup flow, and shows the authenticator app that has this key, where that is asked first. */
export async function beginSetup(
  house: MailedApp,
  client: TestClient,
  slug: string,
  key?: string,
): Promise<Journey> {
  const journey = await Journey.begin(client, { flow: { slug } });
  if (key === undefined) return journey;
  await journey.answer(appCode(house, key));
  house.app.clock.advance(STEP_SECONDS);
  return journey;
}

/** Gets recovery codes by the shipped flow. */
export async function withRecoveryCodes(
  house: MailedApp,
  client: TestClient,
  key?: string,
): Promise<readonly string[]> {
  const journey = await beginSetup(house, client, 'default-authenticator-static-setup', key);
  const { codes } = journey.step;
  await journey.answer({ staticSetup: { acknowledge: true } });
  expectCompleted(journey);
  return codes;
}

/** Sets a passkey up by the shipped flow. */
export async function withPasskey(
  house: MailedApp,
  client: TestClient,
  key?: string,
): Promise<SoftwarePasskey> {
  const journey = await beginSetup(house, client, 'default-authenticator-webauthn-setup', key);
  const passkey = new SoftwarePasskey();
  await journey.answer({ webAuthnSetup: { passkey: passkey.create(journey.step.options) } });
  expectCompleted(journey);
  return passkey;
}

/** The six digits that a mail with a sign-in code says. */
export async function sentCode(house: MailedApp, address: string): Promise<string> {
  const { text } = await house.noticeTo(address, 'Your code for Stagedoor');
  const [code] = /^\d{4} ?\d{2}$/m.exec(text) ?? [];
  if (code === undefined) throw new Error(`there is no code in ${text}`);
  return code;
}

/** An answer that is of the right form, and wrong. */
export function otherThan(code: string): string {
  const digits = code.replaceAll(' ', '');
  return String((Number(digits) + 1) % 10 ** digits.length).padStart(digits.length, '0');
}
