import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { isoCBOR } from '@simplewebauthn/server/helpers';
import { z } from 'zod';

const creationOptions = z.object({
  rp: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  challenge: z.string(),
});

const requestOptions = z.object({ rpId: z.string(), challenge: z.string() });

/** What a passkey is like. */
interface Nature {
  /** Where the page is that uses it. */
  readonly origin?: string;
  /** Whether its person unlocks it. */
  readonly verifiesUser?: boolean;
  /** Whether it can be copied to other devices, and has been: null for one that cannot. */
  readonly backedUp?: boolean | null;
  /** The model, as a UUID; by default one that says nothing. */
  readonly aaguid?: string;
  /** False for one that always says 0, as those do that can be copied. */
  readonly counts?: boolean;
  readonly transports?: readonly string[];
  readonly attachment?: 'platform' | 'cross-platform';
}

/** What is said that is not so. What is left out is said as it is. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  /** Base64url. */
  readonly challenge?: string;
  /** `webauthn.create` or `webauthn.get`. */
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly counter?: number;
  /** Base64url; null to say none. */
  readonly userHandle?: string | null;
  /** Base64url. */
  readonly credentialId?: string;
  /** Whose key signs instead. */
  readonly signedBy?: SoftwarePasskey;
}

/** The flags of authenticator data (WebAuthn, section 6.1). */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const ATTESTED = 0x40;

const NO_MODEL = '00000000-0000-0000-0000-000000000000';

/**
 * A passkey in software (ES256, no attestation), with the browser around it: it answers the options of the API as
 * `PublicKeyCredential.toJSON` would. It does whatever it is told, and says what is not so where a test wants it to:
 * it heeds neither `excludeCredentials` nor `allowCredentials`.
 */
export class SoftwarePasskey {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #id = randomBytes(32);
  readonly #nature: Required<Nature>;
  #userHandle: string | null = null;
  #counter = 0;

  constructor(nature: Nature = {}) {
    this.#nature = {
      ...{ origin: 'http://localhost', verifiesUser: true, backedUp: null, aaguid: NO_MODEL, counts: true },
      ...{ transports: ['internal'], attachment: 'platform' },
      ...nature,
    };
  }

  /** Base64url. */
  get id(): string {
    return this.#id.toString('base64url');
  }

  /** For whom it was made: what it says that its person is, base64url. */
  get userHandle(): string | null {
    return this.#userHandle;
  }

  /** The answer to creation options (WebAuthn, section 5.1.3), as `RegistrationResponseJSON`. */
  create(options: unknown, lies: Lies = {}) {
    const { rp, user, challenge } = creationOptions.parse(options);
    this.#userHandle = user.id;
    const id = lies.credentialId === undefined ? this.#id : Buffer.from(lies.credentialId, 'base64url');
    const attested = Buffer.concat([
      Buffer.from(this.#nature.aaguid.replaceAll('-', ''), 'hex'),
      uint16(id.length),
      id,
      coseKey(this.#keys.publicKey),
    ]);
    const authData = this.#authenticatorData(rp.id, ATTESTED, attested, lies);
    const attestation = new Map<string, string | Map<string, string> | Uint8Array>([
      ['fmt', 'none'],
      ['attStmt', new Map<string, string>()],
      ['authData', authData],
    ]);
    return this.#credential(lies, {
      clientDataJSON: this.#clientData('webauthn.create', challenge, lies).toString('base64url'),
      attestationObject: Buffer.from(isoCBOR.encode(attestation)).toString('base64url'),
      transports: [...this.#nature.transports],
    });
  }

  /** The answer to request options (WebAuthn, section 5.1.4), as `AuthenticationResponseJSON`. */
  get(options: unknown, lies: Lies = {}) {
    const { rpId, challenge } = requestOptions.parse(options);
    if (this.#nature.counts) this.#counter += 1;
    const clientData = this.#clientData('webauthn.get', challenge, lies);
    const authenticatorData = this.#authenticatorData(rpId, 0, Buffer.alloc(0), lies);
    const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
    const userHandle = lies.userHandle === undefined ? this.#userHandle : lies.userHandle;
    return this.#credential(lies, {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, (lies.signedBy ?? this).#keys.privateKey).toString('base64url'),
      ...(userHandle !== null && { userHandle }),
    });
  }

  #credential<Response>(lies: Lies, response: Response) {
    const id = lies.credentialId ?? this.id;
    return {
      ...{ id, rawId: id, response, type: 'public-key' as const },
      authenticatorAttachment: this.#nature.attachment,
      clientExtensionResults: {},
    };
  }

  #clientData(type: string, challenge: string, lies: Lies): Buffer {
    const said = {
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? this.#nature.origin,
      crossOrigin: lies.crossOrigin ?? false,
    };
    return Buffer.from(JSON.stringify(said));
  }

  #authenticatorData(rpId: string, also: number, attested: Buffer, lies: Lies): Buffer {
    const { verifiesUser, backedUp } = this.#nature;
    const flags =
      also |
      ((lies.userPresent ?? true) ? USER_PRESENT : 0) |
      ((lies.userVerified ?? verifiesUser) ? USER_VERIFIED : 0) |
      (backedUp === null ? 0 : BACKUP_ELIGIBLE) |
      (backedUp === true ? BACKED_UP : 0);
    return Buffer.concat([
      sha256(lies.rpId ?? rpId),
      Buffer.from([flags]),
      uint32(lies.counter ?? this.#counter),
      attested,
    ]);
  }
}

/** An EC public key of the curve P-256 for ES256 (RFC 9053, sections 2.1 and 7.1.1). */
function coseKey(key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const coordinate = (value: string) => new Uint8Array(Buffer.from(value, 'base64url'));
  return isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, coordinate(x)],
      [-3, coordinate(y)],
    ]),
  );
}

function sha256(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest();
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
