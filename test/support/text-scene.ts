import { upToSecondFactor } from './authenticators.js';
import { Composer, signedUp, uniqueName } from './compose.js';
import type { ComposedFlow, Person } from './compose.js';
import { signedIn, start, submit } from './flows.js';
import type { Execution } from './flows.js';
import { startTestApp } from './test-app.js';
import type { TestApp } from './test-app.js';
import type { TestClient } from './test-client.js';
import { TextProvider } from './text-provider.js';

/** Of the provider; nobody else may be told it. */
export const PROVIDER_SECRET = 'canary-sms-5Rk the token';

export interface Caller {
  readonly person: Person;
  readonly client: TestClient;
}

/** An installation that sends text messages by a provider on this machine. */
export class TextScene {
  /** That nobody has been sent anything to before: what one number is sent in a day is limited. */
  number = '';
  #numbers = 100_000;

  private constructor(
    readonly app: TestApp,
    readonly provider: TextProvider,
    readonly admin: TestClient,
    readonly composer: Composer,
    readonly enrollment: ComposedFlow,
    /** In which whoever is signed in sets up a telephone. */
    readonly setup: ComposedFlow,
  ) {}

  static async start(): Promise<TextScene> {
    const [app, provider] = await Promise.all([
      startTestApp({}, { mailSeconds: 0.02 }),
      TextProvider.start(),
    ]);
    const admin = await signedIn(app);
    const composer = new Composer(admin);
    const setup = await composer.flowOf(SIGNED_IN, { smsSetup: configOf(provider) });
    return new TextScene(app, provider, admin, composer, await composer.enrollment(), setup);
  }

  /** For each test: another number, and what others have sent from the same address is none of its business. */
  renew(): void {
    this.provider.reset();
    this.number = `+4915${(this.#numbers += 1)}789`;
    this.app.clock.advance(601);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.provider.close();
  }

  config(also: object = {}): object {
    return configOf(this.provider, also);
  }

  setupWith(config: object): Promise<ComposedFlow> {
    return this.composer.flowOf(SIGNED_IN, { smsSetup: config });
  }

  async somebody(): Promise<Caller> {
    const person = { username: uniqueName('caller'), password: 'a lovely long passphrase' };
    return { person, client: await signedUp(this.app, this.enrollment.slug, person) };
  }

  begin(client: TestClient, { slug }: ComposedFlow = this.setup): Promise<Execution> {
    return start(client, { flow: { slug } });
  }

  /** Somebody who has set up a telephone; the messages until then are forgotten. */
  async caller(number = this.number, flow = this.setup): Promise<Caller> {
    const { person, client } = await this.somebody();
    const before = this.provider.handedIn.length;
    const asked = await submit(client, await this.begin(client, flow), sms({ number }));
    const { step } = await submit(client, asked, sms({ code: await this.provider.code(before + 1) }));
    if (step.__typename !== 'FlowCompleted') throw new Error(`not set up: ${JSON.stringify(step)}`);
    this.provider.reset();
    return { person, client };
  }

  /** A browser in which they have signed in with the telephone too, which setting up another one takes. */
  async signedInByText(person: Person): Promise<TestClient> {
    const client = this.app.client();
    const before = this.provider.handedIn.length;
    const asked = await upToSecondFactor(client, person);
    const code = await this.provider.code(before + 1);
    const { step } = await submit(client, asked, validate({ code }));
    if (step.__typename !== 'FlowCompleted') throw new Error(`not signed in: ${JSON.stringify(step)}`);
    this.provider.reset();
    return client;
  }
}

const SIGNED_IN = { authentication: 'REQUIRE_AUTHENTICATED' };

function configOf({ url }: TextProvider, also: object = {}): object {
  return { provider: 'GENERIC', fromNumber: 'Acme', url: `${url}/sms`, secretKey: PROVIDER_SECRET, ...also };
}

export const sms = (answer: object): object => ({ smsSetup: answer });
export const validate = (answer: object): object => ({ authenticatorValidate: answer });
export const wrongFor = (code: string): string => (code === '000000' ? '111111' : '000000');
export const codesOf = ({ step }: Execution): string[] =>
  step.errors.map(({ code }: { code: string }) => code);
