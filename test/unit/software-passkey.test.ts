import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';

import { SoftwarePasskey } from '../support/software-passkey.js';
import type { Lies } from '../support/software-passkey.js';

const [rpId, origin] = ['localhost', 'http://localhost'];
const challenge = Buffer.from('a challenge of sixteen bytes').toString('base64url');
const creation = { rp: { id: rpId }, user: { id: 'dXNlcg' }, challenge };
const expected = {
  expectedChallenge: challenge,
  expectedOrigin: origin,
  expectedRPID: rpId,
  requireUserVerification: true,
};

async function registered(passkey: SoftwarePasskey, lies?: Lies) {
  const response = passkey.create(creation, lies);
  const { registrationInfo } = await verifyRegistrationResponse({ response, ...expected });
  if (!registrationInfo) throw new Error('not verified');
  return registrationInfo;
}

async function verified(lies: Lies = {}) {
  const passkey = new SoftwarePasskey();
  const { credential } = await registered(passkey);
  const response = passkey.get({ rpId, challenge }, lies);
  return verifyAuthenticationResponse({ response, credential, ...expected });
}

describe('the passkey of the tests', () => {
  it('is accepted as long as it says what is so', async () => {
    expect(await verified()).toMatchObject({
      verified: true,
      authenticationInfo: { newCounter: 1, userVerified: true, credentialDeviceType: 'singleDevice' },
    });
  });

  it('says what it is like', async () => {
    const aaguid = 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd';
    const passkey = new SoftwarePasskey({ aaguid, backedUp: true, counts: false });
    expect(await registered(passkey)).toMatchObject({
      ...{ aaguid, credentialDeviceType: 'multiDevice', credentialBackedUp: true },
      credential: { id: passkey.id, counter: 0, transports: ['internal'] },
    });
    expect(passkey.userHandle).toBe('dXNlcg');
  });

  const lies: readonly Lies[] = [
    { origin: 'https://elsewhere.test' },
    { rpId: 'elsewhere.test' },
    { challenge: 'YW5vdGhlcg' },
    { type: 'webauthn.other' },
    { userPresent: false },
    { userVerified: false },
  ];

  it.each(lies)('is not when it says what is not so when it is made: %j', async (lie) => {
    await expect(registered(new SoftwarePasskey(), lie)).rejects.toThrow();
  });

  it.each(lies)('is not when it says what is not so later: %j', async (lie) => {
    await expect(verified(lie)).rejects.toThrow();
  });

  it('is not when another one signs', async () => {
    expect(await verified({ signedBy: new SoftwarePasskey() })).toMatchObject({ verified: false });
  });

  it('is not when its counter goes backwards', async () => {
    const passkey = new SoftwarePasskey();
    const { credential } = await registered(passkey);
    const response = passkey.get({ rpId, challenge }, { counter: 4 });
    const known = { ...credential, counter: 5 };
    await expect(
      verifyAuthenticationResponse({ response, credential: known, ...expected }),
    ).rejects.toThrow();
  });
});
