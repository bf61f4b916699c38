import { createHmac } from 'node:crypto';

import type { ComposedFlow } from './compose.js';
import { start, submit } from './flows.js';
import type { Execution } from './flows.js';
import type { TestApp } from './test-app.js';
import type { TestClient } from './test-client.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MILLISECONDS = 30_000;

function bytesOf(base32: string): Buffer {
  const digits = Array.from(base32, (character) => ALPHABET.indexOf(character));
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** What an authenticator app shows: RFC 6238 once more, so that ours is not compared with itself. */
export function totpCode(key: string, at: Date, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / STEP_MILLISECONDS)));
  const hash = createHmac('sha1', bytesOf(key)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0');
}

/** What it shows neither at this moment nor a step before or after, whose codes are taken as well. */
export function wrongTotpCode(key: string, at: Date): string {
  const near = [-1, 0, 1].map((steps) => totpCode(key, new Date(at.getTime() + steps * STEP_MILLISECONDS)));
  let number = 0;
  while (near.some((code) => Number(code) === number)) number += 1;
  return String(number).padStart(6, '0');
}

/** Sets an authenticator app up for whoever is signed in, by this flow; its key. */
export async function setUpTotp(app: TestApp, client: TestClient, { slug }: ComposedFlow): Promise<string> {
  const begun = await start(client, { flow: { slug } });
  const { key } = begun.step;
  const { step } = await submit(client, begun, { totpSetup: { code: totpCode(key, app.clock.now()) } });
  if (step.__typename !== 'FlowCompleted') throw new Error(`not set up: ${JSON.stringify(step)}`);
  // The step that it was set up with is used up.
  app.clock.advance(STEP_MILLISECONDS / 1000);
  return key;
}

/** Signs somebody in up to their second factor. */
export async function upToSecondFactor(
  client: TestClient,
  { username, password }: { readonly username: string; readonly password: string },
  slug = 'default-authentication-flow',
): Promise<Execution> {
  return start(client, {
    flow: { slug },
    responses: [{ identification: { identifier: username } }, { password: { password } }],
  });
}
