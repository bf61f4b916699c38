import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a key is used for. Each purpose has a key of its own, derived from the installation's. */
type Purpose =
  | 'seal'
  | 'password'
  | 'answer'
  | 'reputation'
  | 'guess'
  | 'captcha'
  | 'rate'
  | 'mail-code'
  | 'authenticator-code'
  | 'blueprint';

export interface SecretKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/**
 * The installation's secret keys. The first one writes; all of them read, so that keys can be replaced without
 * losing what the old ones have written.
 */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, SecretKey>;
  readonly #writing: SecretKey;

  constructor(keys: readonly [SecretKey, ...SecretKey[]]) {
    this.#writing = keys[0];
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  get writingKeyId(): string {
    return this.#writing.id;
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /**
   * Encrypts with AES-256-GCM. What is sealed for one place (`bond`, such as a row's id) cannot be opened in
   * another.
   */
  seal(plain: string, bond: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', derive(this.#writing, 'seal'), nonce);
    cipher.setAAD(Buffer.from(bond));
    const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.#writing.id}:${sealed.toString('base64url')}`;
  }

  /** Throws where the text was sealed for another place, under a key that is gone, or was tampered with. */
  open(sealed: string, bond: string): string {
    const separator = sealed.lastIndexOf(':');
    const bytes = Buffer.from(sealed.slice(separator + 1), 'base64url');
    const key = derive(this.#key(sealed.slice(0, separator)), 'seal');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(bond));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  }

  /** HMAC-SHA-256 as base64url, under the writing key unless another is named. */
  mac(purpose: Exclude<Purpose, 'seal'>, text: string, keyId: string = this.#writing.id): string {
    return createHmac('sha256', derive(this.#key(keyId), purpose))
      .update(text, 'utf8')
      .digest('base64url');
  }

  #key(id: string): SecretKey {
    const key = this.#keys.get(id);
    if (!key) throw new Error(`the secret key ${id} is not configured`);
    return key;
  }
}

const derived = new WeakMap<SecretKey, Map<Purpose, Buffer>>();

function derive(key: SecretKey, purpose: Purpose): Buffer {
  const known = derived.get(key) ?? new Map<Purpose, Buffer>();
  derived.set(key, known);
  const existing = known.get(purpose);
  if (existing) return existing;
  const bytes = Buffer.from(hkdfSync('sha256', key.bytes, '', `stagedoor ${purpose}`, KEY_BYTES));
  known.set(purpose, bytes);
  return bytes;
}
