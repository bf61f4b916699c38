import type { Authenticator, CheckOutcome, PasskeyDemands } from '../../flow/authenticator-kind.js';
import type { JsonObject } from '../../kernel/json.js';
import { Secret } from '../../kernel/secret.js';
import { person } from '../../../test/support/definitions.js';
import { NOW, noAuthenticators } from '../../../test/support/engine.js';
import { SoftwarePasskey } from '../../../test/support/software-passkey.js';
import type { Lies } from '../../../test/support/software-passkey.js';
import { webAuthnAuthenticator as kind } from './authenticator.js';

const ADA = person('0b2f9d1c-7f35-4f0e-9d51-2a86c0c1f0a1', { username: 'ada', name: '' });
const MODEL = 'cb69481e-8ff7-4039-93ec-0a2729a154a8';
const ORIGIN = 'http://localhost:4000';
const ANYTHING: PasskeyDemands = { userVerification: 'PREFERRED', hints: [], allowedModels: [] };
const OPTIONS = {
  ...{ userVerification: 'PREFERRED', residentKey: 'PREFERRED', authenticatorAttachment: null },
  ...{ hints: [], attestation: 'NONE', allowedModels: [], attestationRoots: [], maxAttempts: 0 },
};

let challenges = 0;
const token = () => new Secret(Buffer.alloc(32, (challenges += 1)).toString('base64url'));
const tools = { ...noAuthenticators.tools, chance: { ...noAuthenticators.tools.chance, token } };
const run = {
  ...({ person: ADA, clientAddress: '192.0.2.1', language: 'EN', brandName: 'Example' } as const),
  ...{ stageId: 'a stage', now: NOW, tools, existing: [] },
};

async function made(passkey: SoftwarePasskey): Promise<Authenticator> {
  const begun = await kind.begin(run, OPTIONS);
  if (begun.type !== 'step') throw new Error('not begun');
  const { shown, kept } = begun.step;
  const outcome = await kind.setUp(run, OPTIONS, kept, { passkey: passkey.create(shown.options) });
  if (outcome.type !== 'done') throw new Error(`not set up: ${JSON.stringify(outcome)}`);
  return {
    ...outcome.authenticator,
    ...{ id: 'an id', userId: ADA.id, kind: 'WEBAUTHN', createdAt: NOW, lastUsedAt: null, disabledAt: null },
  };
}

interface Use {
  readonly lies?: Lies;
  readonly demands?: PasskeyDemands;
  readonly usernameless?: boolean;
  readonly kept?: JsonObject | null;
}

/** Asks the passkey, and checks what it says. */
async function use(
  passkey: SoftwarePasskey,
  authenticator: Authenticator,
  how: Use = {},
): Promise<CheckOutcome> {
  const { lies, demands = ANYTHING, usernameless = false } = how;
  const asking = { ...run, person: usernameless ? null : ADA };
  const requested = await kind.request(asking, usernameless ? [] : [authenticator], demands);
  if (requested.type !== 'requested') throw new Error('not requested');
  const answer = { passkey: passkey.get(requested.shown, lies) };
  const kept = how.kept === undefined ? requested.kept : how.kept;
  return kind.check(run, authenticator, answer, kept, demands);
}

const WRONG = { type: 'wrong', code: 'INVALID_PASSKEY' };
const ours = (nature = {}) => new SoftwarePasskey({ origin: ORIGIN, ...nature });

describe('a passkey that signs in', () => {
  it('shows what it can, and how often it was used', async () => {
    const passkey = ours();
    const authenticator = await made(passkey);
    expect(await use(passkey, authenticator)).toEqual({
      ...{ type: 'right', proofs: ['hwk', 'user'], counter: 1, code: null, data: null },
    });
  });

  it('has no count where it never counts', async () => {
    const passkey = ours({ counts: false, backedUp: true });
    const outcome = await use(passkey, await made(passkey));
    expect(outcome).toMatchObject({ type: 'right', proofs: ['swk', 'user'], counter: null });
  });

  it.each([4, 5, 0])('is wrong where it counts %i after 5: somebody may have copied it', async (counter) => {
    const passkey = ours();
    const authenticator = { ...(await made(passkey)), counter: 5 };
    expect(await use(passkey, authenticator, { lies: { counter } })).toEqual(WRONG);
    expect(await use(passkey, authenticator, { lies: { counter: 6 } })).toMatchObject({ counter: 6 });
  });

  it('may not have been unlocked, unless it has to be', async () => {
    const passkey = ours();
    const authenticator = await made(passkey);
    const lies = { userVerified: false };
    expect(await use(passkey, authenticator, { lies })).toMatchObject({ proofs: ['hwk'] });
    const demands = { ...ANYTHING, userVerification: 'REQUIRED' } as const;
    expect(await use(passkey, authenticator, { lies, demands })).toEqual(WRONG);
    expect(await use(passkey, authenticator, { demands })).toMatchObject({ proofs: ['hwk', 'user'] });
  });

  const others: [string, Lies][] = [
    ['from another origin', { origin: 'https://example.org' }],
    ['for another domain', { rpId: 'example.org' }],
    ['for another challenge', { challenge: Buffer.alloc(32, 255).toString('base64url') }],
    ['as a setting-up', { type: 'webauthn.create' }],
    ['from within a frame of another page', { crossOrigin: true }],
    ['without a person there', { userPresent: false }],
    ['with the key of another', { signedBy: ours() }],
    ['with the id of another', { credentialId: ours().id }],
    ['for somebody else', { userHandle: Buffer.alloc(16).toString('base64url') }],
  ];
  it.each(others)('is wrong %s', async (_, lies) => {
    const passkey = ours();
    expect(await use(passkey, await made(passkey), { lies })).toEqual(WRONG);
  });

  it('need not say whose it is where that is known, and has to where it is not', async () => {
    const passkey = ours();
    const authenticator = await made(passkey);
    const lies = { userHandle: null };
    expect(await use(passkey, authenticator, { lies })).toMatchObject({ type: 'right' });
    expect(await use(passkey, authenticator, { lies, usernameless: true })).toEqual(WRONG);
    expect(await use(passkey, authenticator, { usernameless: true })).toMatchObject({ type: 'right' });
  });

  it('is wrong where it was not asked', async () => {
    const passkey = ours();
    expect(await use(passkey, await made(passkey), { kept: null })).toEqual(WRONG);
  });

  it('is wrong where it was made for another domain, or can suddenly be copied', async () => {
    const passkey = ours();
    const authenticator = await made(passkey);
    const moved = { ...authenticator, data: { ...authenticator.data, rpId: 'example.org' } };
    const asking = await kind.request(run, [authenticator], ANYTHING);
    if (asking.type !== 'requested') throw new Error('not requested');
    const answer = { passkey: passkey.get(asking.shown) };
    expect(await kind.check(run, moved, answer, asking.kept, ANYTHING)).toEqual(WRONG);
    const copied = { ...authenticator, data: { ...authenticator.data, backupEligible: true } };
    expect(await kind.check(run, copied, answer, asking.kept, ANYTHING)).toEqual(WRONG);
    expect(await kind.check(run, authenticator, answer, asking.kept, ANYTHING)).toMatchObject({
      type: 'right',
    });
  });

  it('tells when it has been copied to another device', async () => {
    const passkey = ours({ backedUp: true });
    const authenticator = await made(passkey);
    const before = { ...authenticator, data: { ...authenticator.data, backedUp: false } };
    expect(await use(passkey, before)).toMatchObject({ data: authenticator.data });
  });

  const nonsense: [string, JsonObject][] = [
    ['nothing', {}],
    ['what is no object', { id: 'x', rawId: 'x', type: 'public-key', response: 'x' }],
    ['what has another prototype', JSON.parse('{"__proto__":{"id":"x"},"constructor":{"prototype":null}}')],
    ['too much', { id: 'x'.repeat(10_000), rawId: 'x'.repeat(10_000), type: 'public-key', response: {} }],
    ['what is deep', JSON.parse(`${'{"response":'.repeat(500)}{}${'}'.repeat(500)}`)],
  ];
  it.each(nonsense)('is wrong where it says %s', async (_, passkey) => {
    const authenticator = await made(ours());
    const kept = { challenge: 'x', isAnybodys: false };
    expect(kind.keyOf({ passkey })).toBeUndefined();
    expect(await kind.check(run, authenticator, { passkey }, kept, ANYTHING)).toEqual(WRONG);
  });

  it('is wrong where any one of its parts is nonsense', async () => {
    const passkey = ours();
    const authenticator = await made(passkey);
    const asked = await kind.request(run, [authenticator], ANYTHING);
    if (asked.type !== 'requested') throw new Error('not requested');
    const good = passkey.get(asked.shown);
    const parts = ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'] as const;
    const values = ['', '!', 'A', 'bnVsbA', 'e30', 'A'.repeat(4096), 'A'.repeat(10_000), 1, {}, []];
    for (const part of parts) {
      for (const value of values) {
        const answer = { passkey: { ...good, response: { ...good.response, [part]: value } } };
        expect(await kind.check(run, authenticator, answer, asked.kept, ANYTHING)).toEqual(WRONG);
      }
    }
  });

  it('is found by its id', async () => {
    const passkey = ours();
    const authenticator = await made(passkey);
    const asked = await kind.request(run, [authenticator], ANYTHING);
    if (asked.type !== 'requested') throw new Error('not requested');
    expect(kind.keyOf({ passkey: passkey.get(asked.shown) })).toBe(`webauthn:${passkey.id}`);
    expect(kind.keyOf({ code: '123456' })).toBeUndefined();
  });
});

describe('what is asked of passkeys', () => {
  it('names those of the person, and nobody’s where nobody is known', async () => {
    const authenticator = await made(ours({ transports: ['usb'] }));
    const demands: PasskeyDemands = {
      userVerification: 'REQUIRED',
      hints: ['SECURITY_KEY'],
      allowedModels: [],
    };
    const asked = await kind.request(run, [authenticator], demands);
    expect(asked).toMatchObject({
      shown: {
        rpId: 'localhost',
        allowCredentials: [{ type: 'public-key', id: authenticator.data.credentialId, transports: ['usb'] }],
        userVerification: 'required',
        hints: ['security-key'],
        timeout: 300_000,
      },
    });
    const anybody = await kind.request({ ...run, person: null }, [], ANYTHING);
    expect(anybody).toMatchObject({ shown: { allowCredentials: [], userVerification: 'preferred' } });
    expect(anybody).not.toHaveProperty('shown.hints');
  });

  it('is nothing where all of the person’s were made for another domain: anybody’s would answer', async () => {
    const authenticator = await made(ours());
    const moved = { ...authenticator, data: { ...authenticator.data, rpId: 'example.org' } };
    expect(await kind.request(run, [moved], ANYTHING)).toEqual({ type: 'unavailable' });
  });
});

describe('where something is demanded', () => {
  it('a passkey of another domain does not do', async () => {
    const authenticator = await made(ours());
    expect(kind.meets(authenticator, ANYTHING, tools)).toBe(true);
    const elsewhere = { ...tools, relyingParty: { id: 'example.org', origins: [] } };
    expect(kind.meets(authenticator, ANYTHING, elsewhere)).toBe(false);
  });

  it('only models do that are allowed and vouched for', async () => {
    const authenticator = await made(ours({ aaguid: MODEL }));
    const attested = { ...authenticator, data: { ...authenticator.data, attested: true } };
    const demands = { ...ANYTHING, allowedModels: [MODEL] };
    expect(kind.meets(authenticator, demands, tools)).toBe(false);
    expect(kind.meets(attested, demands, tools)).toBe(true);
    expect(kind.meets(attested, { ...ANYTHING, allowedModels: ['other'] }, tools)).toBe(false);
  });
});
