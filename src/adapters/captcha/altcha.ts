import { createHash } from 'node:crypto';

import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import type { Secret } from '../../kernel/secret.js';
import type { CaptchaVerdict } from '../../flow/services/captchas.js';

const ALGORITHM = 'PBKDF2/SHA-256';
/** Iterations for each key that the client tries. */
const COST = 1000;
/** Of a key of 32 bytes, the solver has to find the one whose first half is as asked. */
const KEY_BYTES = 32;
const HEX = /^[0-9a-f]{1,128}$/;

const puzzle = z.strictObject({
  parameters: z.strictObject({
    algorithm: z.literal(ALGORITHM),
    nonce: z.string().regex(HEX),
    salt: z.string().regex(HEX),
    cost: z.literal(COST),
    keyLength: z.literal(KEY_BYTES),
    keyPrefix: z.string().regex(HEX),
    keySignature: z.string().regex(HEX),
  }),
  signature: z.string().regex(HEX),
});

/** What ALTCHA's widget gives its form, once it is no longer encoded. */
const payload = z.object({
  challenge: z.object({ signature: z.string() }),
  solution: z.object({ counter: z.int().nonnegative(), derivedKey: z.string().regex(HEX) }),
});

/**
 * A puzzle of ALTCHA's (version 2), whose solver has to try between half of `difficulty` and all of it: the answer is
 * drawn beforehand, so that making and checking one costs as little as a single try.
 */
export async function createPuzzle(difficulty: number, secret: Secret): Promise<JsonObject> {
  const created = await createChallenge({
    algorithm: ALGORITHM,
    cost: COST,
    counter: randomInt(Math.ceil(difficulty / 2), difficulty),
    deriveKey,
    keyLength: KEY_BYTES,
    hmacSignatureSecret: secret.reveal(),
    hmacKeySignatureSecret: keySecret(secret),
  });
  // What is not set is no member: the text that the signature is of has none either.
  return puzzle.parse(JSON.parse(JSON.stringify(created)));
}

/** Whether a widget's token solves this very puzzle. When it was handed out is for others to know. */
export async function checkSolution(
  shown: JsonObject,
  token: string,
  secret: Secret,
): Promise<CaptchaVerdict> {
  const asked = puzzle.safeParse(shown);
  const given = payloadIn(token);
  if (!asked.success || given?.challenge.signature !== asked.data.signature) return WRONG;
  // The client's copy of the puzzle is not looked at any further: what was shown is known.
  const { verified } = await verifySolution({
    challenge: asked.data,
    solution: given.solution,
    deriveKey,
    hmacSignatureSecret: secret.reveal(),
    hmacKeySignatureSecret: keySecret(secret),
  });
  return verified ? { type: 'right', useKey: useKeyOf(asked.data.signature), score: null } : WRONG;
}

const WRONG: CaptchaVerdict = { type: 'wrong', expired: false };

function payloadIn(token: string): z.infer<typeof payload> | undefined {
  try {
    return payload.safeParse(JSON.parse(Buffer.from(token, 'base64').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** One solution can be written in many ways; what is used up is the puzzle. */
function useKeyOf(signature: string): string {
  return createHash('sha256').update(`altcha ${signature}`).digest('base64url');
}

function keySecret(secret: Secret): string {
  return `${secret.reveal()} key`;
}
