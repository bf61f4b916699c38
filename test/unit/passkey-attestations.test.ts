import { jest } from '@jest/globals';

import { isCertified } from '../../src/identity/certificate-chain.js';
import { vectorOf } from '../support/attestations.js';
import type { Vector } from '../support/attestations.js';
import { noAuthenticators } from '../support/engine.js';
import { asserted } from '../../src/authenticators/webauthn/assertion.js';
import { attestationIn, isAttested } from '../../src/authenticators/webauthn/attestation.js';
import { registered } from '../../src/authenticators/webauthn/registration.js';

const names = ['w3c-none', 'w3c-packed-self', 'w3c-packed-x5c', 'tpm', 'apple', 'android-key', 'fido-u2f'];

/** Of which formats the maker is known; the models are those that the file is about. */
const attestedModels = new Map([
  ['w3c-packed-x5c', '876ca4f5-2071-c3e9-b255-09ef2cdf7ed6'],
  ['android-key', 'b93fd961-f2e6-462f-b122-82002247de78'],
  ['fido-u2f', '00000000-0000-0000-0000-000000000000'],
]);

// The library looks at the clock of the machine, and the certificates are as old as their devices.
beforeAll(() =>
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] }),
);
afterAll(() => jest.useRealTimers());

function register(given: Vector) {
  jest.setSystemTime(given.at);
  const { rpId, origin, challenge, credentialId: id, clientDataJSON, attestationObject, at, roots } = given;
  return registered({
    passkey: { id, rawId: id, type: 'public-key', response: { clientDataJSON, attestationObject } },
    challenge,
    attestationRoots: roots,
    tools: { ...noAuthenticators.tools, relyingParty: { id: rpId, origins: [origin] }, isCertified },
    now: at,
  });
}

/** The bytes, one bit of the byte at this place changed. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}

/** The same in base64url. */
function flippedText(base64url: string, at: number): string {
  return Buffer.from(flipped(Buffer.from(base64url, 'base64url'), at)).toString('base64url');
}

/** Where something that has been found stands in an attestation object. */
function placeOf({ attestationObject }: Vector, found: string | Uint8Array): number {
  return Buffer.from(attestationObject, 'base64url').indexOf(found);
}

describe.each(names)('the attestation %s', (name) => {
  const given = vectorOf(name);

  it('is taken as what it is', async () => {
    const made = await register(given);
    expect(made?.data).toMatchObject({
      credentialId: given.credentialId,
      attestationFormat: given.format,
      attested: attestedModels.has(name),
      rpId: given.rpId,
      ...(attestedModels.has(name) && { aaguid: attestedModels.get(name) }),
    });
  });

  it('is refused for another challenge, origin or domain', async () => {
    const others = [
      { challenge: flippedText(given.challenge, 0) },
      { origin: given.origin.replace('/', '/x') },
      { origin: `${given.origin}0` },
      { rpId: `x${given.rpId}` },
    ];
    for (const other of others) expect(await register({ ...given, ...other })).toBeUndefined();
  });

  it('is refused where its credential has another id than the answer', async () => {
    expect(await register({ ...given, credentialId: flippedText(given.credentialId, 3) })).toBeUndefined();
  });
});

describe.each(names.filter((name) => name !== 'w3c-none'))('the signed attestation %s', (name) => {
  const given = vectorOf(name);
  const changed = (place: number) =>
    register({ ...given, attestationObject: flippedText(given.attestationObject, place) });

  it('is refused where what is signed was changed: client data, counter, model, credential', async () => {
    const client = Buffer.from(given.clientDataJSON, 'base64url').toString().replace('"type"', ' "type"');
    const clientDataJSON = Buffer.from(client).toString('base64url');
    expect(await register({ ...given, clientDataJSON })).toBeUndefined();
    const id = Buffer.from(given.credentialId, 'base64url');
    const credential = placeOf(given, id);
    // Of an older U2F key, the counter is not signed.
    const counter = given.format === 'fido-u2f' ? [] : [credential - 19];
    for (const place of [...counter, credential - 18, credential, credential + id.length + 12])
      expect(await changed(place)).toBeUndefined();
  });

  const signature = placeOf(given, 'sig') + 'sig'.length;
  if (given.format !== 'apple') {
    it('is refused where its signature was changed', async () => {
      expect(await changed(signature + 12)).toBeUndefined();
      expect(await changed(signature + 40)).toBeUndefined();
    });
  }
});

/** What each chain of certificates can vouch for, and how many there are before its root. */
const vouching: [string, string, number][] = [
  ['w3c-packed-x5c', '876ca4f5-2071-c3e9-b255-09ef2cdf7ed6', 1],
  ['fido-u2f', '00000000-0000-0000-0000-000000000000', 1],
  ['tpm', '08987058-cadc-4b81-b6e1-30de50dcbe96', 1],
  ['apple', 'f24a8e70-d0d3-f82c-2937-32523cc4de5a', 2],
  ['android-key', 'b93fd961-f2e6-462f-b122-82002247de78', 4],
];

describe.each(vouching)('the certificates of %s', (name, model, length) => {
  const given = vectorOf(name);
  const { format, chain } = attestationIn(given.attestationObject);
  const tools = { ...noAuthenticators.tools, isCertified };
  const isVouchedFor = (other: { chain?: Uint8Array[]; at?: Date; roots?: string[]; model?: string }) =>
    isAttested(
      { format, chain: other.chain ?? chain },
      other.model ?? model,
      other.roots ?? given.roots,
      tools,
      other.at ?? given.at,
    );

  it('vouch for their model, while they are good', () => {
    expect(isVouchedFor({})).toBe(true);
    expect(isVouchedFor({ at: new Date('1969-12-31T00:00:00Z') })).toBe(false);
    expect(isVouchedFor({ at: new Date('3100-01-01T00:00:00Z') })).toBe(false);
  });

  it('vouch for nothing where any of their bytes was changed, or one is missing', () => {
    for (const index of chain.slice(0, length).keys()) {
      for (let place = 0; place < (chain[index]?.length ?? 0); place += 7) {
        const changed = chain.map((certificate, at) =>
          at === index ? flipped(certificate, place) : certificate,
        );
        expect([index, place, isVouchedFor({ chain: changed })]).toEqual([index, place, false]);
      }
    }
    expect(isVouchedFor({ chain: [] })).toBe(false);
    if (length > 1) expect(isVouchedFor({ chain: chain.toSpliced(1, 1) })).toBe(false);
  });

  it('vouch for nothing where nobody trusts their maker', () => {
    const others = vectorOf(name === 'tpm' ? 'fido-u2f' : 'tpm').roots;
    const isKnown = given.roots.length === 0;
    expect(isVouchedFor({ roots: [] })).toBe(isKnown);
    expect(isVouchedFor({ roots: [...others, 'no certificate'] })).toBe(isKnown);
  });

  it('vouch for another model only where the chip itself says which it is', () => {
    const isSaidByChip = ['packed', 'fido-u2f'].includes(format);
    expect(isVouchedFor({ model: 'cb69481e-8ff7-4039-93ec-0a2729a154a8' })).toBe(isSaidByChip);
  });
});

describe.each(['apple', 'android-key'])('the platform attestation %s', (name) => {
  const given = vectorOf(name);

  it('is not even looked at where its root is not known', async () => {
    const place = placeOf(given, 'x5c') + 100;
    const attestationObject = flippedText(given.attestationObject, place);
    expect(await register({ ...given, attestationObject })).toBeUndefined();
    expect(await register({ ...given, at: new Date('2019-01-01T00:00:00Z') })).toBeUndefined();
  });
});

describe.each(['w3c-none', 'w3c-packed-self', 'w3c-packed-x5c'])('the sign-in of %s', (name) => {
  const given = vectorOf(name);
  const { assertion } = given;

  async function use(other: Partial<NonNullable<Vector['assertion']>> = {}, here: Partial<Vector> = {}) {
    const made = await register(given);
    if (!made || !assertion) throw new Error('there is none');
    const { challenge, ...response } = { ...assertion, ...other };
    const { credentialId: id } = given;
    return asserted({
      passkey: { id, rawId: id, type: 'public-key', response },
      challenge,
      namesPerson: false,
      userId: '',
      credential: made.data,
      counter: made.counter,
      relyingParty: { id: here.rpId ?? given.rpId, origins: [here.origin ?? given.origin] },
      userVerificationRequired: false,
    });
  }

  it('is right', async () => {
    expect(await use()).toMatchObject({ counter: 0 });
  });

  it('is wrong for another challenge, origin or domain, and where anything that is signed was changed', async () => {
    if (!assertion) throw new Error('there is none');
    const { challenge, authenticatorData, signature } = assertion;
    expect(await use({ challenge: flippedText(challenge, 31) })).toBeUndefined();
    expect(await use({ authenticatorData: flippedText(authenticatorData, 36) })).toBeUndefined();
    expect(await use({ authenticatorData: flippedText(authenticatorData, 0) })).toBeUndefined();
    expect(await use({ signature: flippedText(signature, 20) })).toBeUndefined();
    expect(await use({}, { origin: 'https://example.com' })).toBeUndefined();
    expect(await use({}, { rpId: 'example.com' })).toBeUndefined();
  });
});
