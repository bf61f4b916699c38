import { isCertified } from '../../src/identity/certificate-chain.js';
import { vectorOf } from '../support/attestations.js';
import { person } from '../support/definitions.js';
import { NOW, noAuthenticators } from '../support/engine.js';
import { webAuthnAuthenticator as kind } from '../../src/authenticators/webauthn/authenticator.js';

const MODEL = '876ca4f5-2071-c3e9-b255-09ef2cdf7ed6';
const OTHER = 'cb69481e-8ff7-4039-93ec-0a2729a154a8';
const NONE = '00000000-0000-0000-0000-000000000000';
const ADA = person('0b2f9d1c-7f35-4f0e-9d51-2a86c0c1f0a1', { username: 'ada' });

/** Sets up what a published attestation is of, by a stage that is told these models and whom to trust. */
function setUp(name: string, allowedModels: string[], attestationRoots?: string[]) {
  const {
    rpId,
    origin,
    challenge,
    credentialId: id,
    clientDataJSON,
    attestationObject,
    roots,
  } = vectorOf(name);
  const tools = { ...noAuthenticators.tools, relyingParty: { id: rpId, origins: [origin] }, isCertified };
  const run = {
    ...({ person: ADA, clientAddress: '192.0.2.1', language: 'EN', brandName: 'Example' } as const),
    ...{ stageId: 'a stage', now: NOW, tools, existing: [] },
  };
  const options = {
    ...{ userVerification: 'PREFERRED', residentKey: 'PREFERRED', authenticatorAttachment: null },
    ...{ hints: [], attestation: 'DIRECT', allowedModels, maxAttempts: 0 },
    attestationRoots: attestationRoots ?? roots,
  };
  const response = { clientDataJSON, attestationObject };
  const passkey = { id, rawId: id, type: 'public-key', response };
  return kind.setUp(run, options, { challenge, failures: 0 }, { passkey });
}

const REFUSED = { type: 'refused', errors: [{ field: 'passkey', code: 'MODEL_NOT_ALLOWED' }] };

it('takes a model that is allowed, and vouched for by a maker who is trusted', async () => {
  expect(await setUp('w3c-packed-x5c', [OTHER, MODEL])).toMatchObject({
    type: 'done',
    authenticator: { data: { aaguid: MODEL, attested: true, attestationFormat: 'packed' } },
  });
});

it('takes no model that is not allowed', async () => {
  expect(await setUp('w3c-packed-x5c', [OTHER])).toMatchObject(REFUSED);
});

it('takes no model whose maker nobody trusts', async () => {
  expect(await setUp('w3c-packed-x5c', [MODEL], [])).toMatchObject(REFUSED);
  expect(await setUp('w3c-packed-x5c', [MODEL], vectorOf('fido-u2f').roots)).toMatchObject(REFUSED);
});

it.each([
  ['w3c-packed-self', 'df850e09-db6a-fbdf-ab51-697791506cfc'],
  ['w3c-none', '8446ccb9-ab1d-b374-750b-2367ff6f3a1f'],
])('takes no model that only it itself vouches for: %s', async (name, model) => {
  expect(await setUp(name, [model], vectorOf('w3c-packed-x5c').roots)).toMatchObject(REFUSED);
  expect(await setUp(name, [])).toMatchObject({ type: 'done', authenticator: { data: { aaguid: model } } });
});

it('takes keys that are older than models only where they are asked for', async () => {
  expect(await setUp('fido-u2f', [NONE])).toMatchObject({ type: 'done' });
  expect(await setUp('fido-u2f', [MODEL])).toMatchObject(REFUSED);
});
