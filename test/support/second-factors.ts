import { setUpTotp, totpCode, upToSecondFactor } from './authenticators.js';
import { Composer, signedUp, uniqueName } from './compose.js';
import type { ComposedFlow, Person } from './compose.js';
import { signedIn, start, submit } from './flows.js';
import type { Execution } from './flows.js';
import { SoftwarePasskey } from './software-passkey.js';
import type { TestApp } from './test-app.js';
import type { TestClient } from './test-client.js';

const SIGNED_IN = { authentication: 'REQUIRE_AUTHENTICATED' };

/** Somebody with an account, and the browser in which they have signed up. */
export interface Owner {
  readonly person: Person;
  readonly client: TestClient;
}

/** An installation in which people have second factors, and flows that ask for them. */
export class SecondFactors {
  private constructor(
    readonly app: TestApp,
    readonly composer: Composer,
    readonly enrollment: ComposedFlow,
    private readonly setups: Readonly<Record<'totp' | 'codes' | 'passkey', ComposedFlow>>,
  ) {}

  static async in(app: TestApp): Promise<SecondFactors> {
    const composer = new Composer(await signedIn(app));
    const [totp, codes, passkey] = [
      await composer.flowOf(SIGNED_IN, { totpSetup: {} }),
      await composer.flowOf(SIGNED_IN, { staticSetup: {} }),
      await composer.flowOf(SIGNED_IN, { webAuthnSetup: {} }),
    ];
    return new SecondFactors(app, composer, await composer.enrollment(), { totp, codes, passkey });
  }

  async owner(): Promise<Owner> {
    const person = { username: uniqueName('owner'), password: 'a lovely long passphrase' };
    return { person, client: await signedUp(this.app, this.enrollment.slug, person) };
  }

  /** Somebody with an authenticator app, and its key. */
  async ownerOfApp(): Promise<Owner & { readonly key: string }> {
    const owner = await this.owner();
    return { ...owner, key: await setUpTotp(this.app, owner.client, this.setups.totp) };
  }

  /** Another app for somebody who has not set up anything else. */
  setUpTotp({ client }: Pick<Owner, 'client'>): Promise<string> {
    return setUpTotp(this.app, client, this.setups.totp);
  }

  /** Recovery codes for somebody; `code` is for what they have to show first, where they have set up an app. */
  async setUpCodes({ client, key }: Pick<Owner, 'client'> & { readonly key?: string }): Promise<string[]> {
    const asked = await this.upToSetup(client, this.setups.codes, key);
    const { codes } = asked.step;
    expectCompleted(await submit(client, asked, { staticSetup: { acknowledge: true } }));
    return codes;
  }

  async setUpPasskey(
    { client, key }: Pick<Owner, 'client'> & { readonly key?: string },
    passkey = new SoftwarePasskey(),
  ): Promise<SoftwarePasskey> {
    const asked = await this.upToSetup(client, this.setups.passkey, key);
    const made = passkey.create(asked.step.options);
    expectCompleted(await submit(client, asked, { webAuthnSetup: { passkey: made } }));
    return passkey;
  }

  /** A flow of a password and this stage, in which people are signed in. */
  loginWith(validate: object): Promise<ComposedFlow> {
    return this.composer.flowOf(
      { designation: 'AUTHENTICATION' },
      { identification: {} },
      { password: {} },
      { authenticatorValidate: validate },
      { userLogin: {} },
    );
  }

  /** Signs somebody in with their password, up to what comes then. */
  login({ person }: Pick<Owner, 'person'>, { slug }: ComposedFlow, client = this.app.client()) {
    return upToSecondFactor(client, person, slug);
  }

  /** An answer that is right now. */
  code(key: string, also: object = {}): object {
    return { authenticatorValidate: { code: totpCode(key, this.app.clock.now()), ...also } };
  }

  /** Past the step that was used last. */
  nextStep(): void {
    this.app.clock.advance(30);
  }

  private async upToSetup(client: TestClient, { slug }: ComposedFlow, key?: string): Promise<Execution> {
    const begun = await start(client, { flow: { slug } });
    if (key === undefined || begun.step.__typename !== 'AuthenticatorValidateChallenge') return begun;
    const shown = await submit(client, begun, this.code(key));
    this.nextStep();
    return shown;
  }
}

export function expectCompleted({ step }: Execution): void {
  if (step.__typename !== 'FlowCompleted') throw new Error(`not completed: ${JSON.stringify(step)}`);
}

/** A code where it stands by itself: within an id or a moment, six digits are there by chance. */
export function shownCode(code: string): RegExp {
  return new RegExp(`(?<![0-9a-f-])${code}(?![0-9a-f-])`);
}

/** An answer that is of the right form, and wrong. */
export function wrongCode(right: string): string {
  return String((Number(right) + 1) % 10 ** right.length).padStart(right.length, '0');
}
