import { filledIn } from './compose.js';
import type { ComposedFlow, Composer } from './compose.js';
import { start, submit } from './flows.js';
import type { Execution } from './flows.js';
import type { SoftwarePasskey } from './software-passkey.js';
import type { TestClient } from './test-client.js';

const STAGES = '{ stages(first: 200) { edges { node { id name } } } }';
const CHANGE = 'mutation($id: ID!, $input: UpdateStageInput!) { updateStage(id: $id, input: $input) { id } }';

/** A stage that sets up a passkey with which somebody can sign in without anything else. */
export const LONE_PASSKEY_SETUP = {
  webAuthnSetup: { userVerification: 'REQUIRED', residentKey: 'REQUIRED' },
};

/** A flow in which people make an account without a password: a name, and a passkey. */
export async function passkeyEnrollment(composer: Composer, setup: object = {}): Promise<ComposedFlow> {
  const fieldIds = [await composer.promptField({ key: 'username', type: 'USERNAME' })];
  return composer.flowOf(
    { designation: 'ENROLLMENT' },
    { prompt: { fieldIds } },
    { userWrite: { creation: 'ALWAYS' } },
    { webAuthnSetup: { ...LONE_PASSKEY_SETUP.webAuthnSetup, ...setup } },
    { userLogin: {} },
  );
}

/** A flow in which people sign in with a passkey and nothing else. */
export function passkeyLogin(composer: Composer, config: object = {}): Promise<ComposedFlow> {
  return composer.flowOf(
    { designation: 'AUTHENTICATION' },
    { authenticatorValidate: { kinds: ['WEBAUTHN'], notConfiguredAction: 'DENY', ...config } },
    { userLogin: {} },
  );
}

/** Has the shipped login offer passkeys; where else it leads from there is up to the test. */
export async function offerPasskeys({ admin }: Composer, also: object = {}): Promise<void> {
  const { edges } = (await admin.ok(STAGES)).stages;
  const nodes: readonly { id: string; name: string }[] = edges.map(({ node }: Execution) => node);
  const stage = nodes.find(({ name }) => name === 'default-authentication-identification');
  if (!stage) throw new Error('the shipped login asks who somebody is');
  const identification = { userFields: ['USERNAME', 'EMAIL'], passkeys: true, ...also };
  await admin.ok(CHANGE, { id: stage.id, input: { config: { identification } } });
}

/** Makes an account with this passkey, up to where the flow leads then. */
export async function enrollWith(
  client: TestClient,
  { slug }: ComposedFlow,
  username: string,
  passkey: SoftwarePasskey,
): Promise<Execution> {
  const asked = await start(client, { flow: { slug }, responses: [filledIn({ username })] });
  return submit(client, asked, { webAuthnSetup: { passkey: passkey.create(asked.step.options) } });
}
