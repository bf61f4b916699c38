import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';

// More than any authenticator says, and little enough to be looked at.
const LONGEST_ID = Math.ceil((1023 * 4) / 3);
const LONGEST_STATEMENT = 32_768;
const LONGEST_PART = 4096;
const LONGEST_HANDLE = Math.ceil((64 * 4) / 3);

const base64url = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[\w-]+$/);

const credentialId = base64url(LONGEST_ID);
const credential = { id: credentialId, rawId: credentialId, type: z.literal('public-key') };

const knownTransports = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

/** What `navigator.credentials.create()` gives, as far as it matters. */
export const creationAnswer = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url(LONGEST_PART),
      attestationObject: base64url(LONGEST_STATEMENT),
      // Only said, signed by nobody: what is not understood is left out.
      transports: z
        .array(z.string())
        .max(16)
        .catch([])
        .transform((all) => knownTransports.filter((known) => all.includes(known))),
    }),
  })
  .refine(({ id, rawId }) => id === rawId);

/** What `navigator.credentials.get()` gives, as far as it matters. */
export const requestAnswer = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url(LONGEST_PART),
      authenticatorData: base64url(LONGEST_PART),
      signature: base64url(LONGEST_PART),
      userHandle: base64url(LONGEST_HANDLE).nullish(),
    }),
  })
  .refine(({ id, rawId }) => id === rawId);

/** Which credential has answered; undefined where the answer is none. */
export function credentialIdIn(passkey: JsonObject): string | undefined {
  const read = requestAnswer.safeParse(passkey);
  return read.success ? read.data.id : undefined;
}

const clientData = z.object({
  crossOrigin: z.literal(false).optional(),
  topOrigin: z.undefined().optional(),
});

/** Whether it was asked for by the page that the person has seen: not from within a frame of another one. */
export function isOfTopLevel(clientDataJson: string): boolean {
  const text = Buffer.from(clientDataJson, 'base64url').toString();
  return clientData.safeParse(JSON.parse(text)).success;
}
