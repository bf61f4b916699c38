import { z } from 'zod';

import { passkeyHints, userVerifications } from '../flow/authenticator-kind.js';
import { aaguid } from '../flow/passkey-words.js';

/** How strictly something is asked of passkeys. */
export const userVerification = z.enum(userVerifications).meta({
  typeName: 'UserVerification',
  description: 'How strictly a passkey has to be unlocked by its person: with a PIN, a finger or a face.',
  values: {
    REQUIRED: 'One that was not is refused.',
    PREFERRED: 'Where it can be.',
    DISCOURAGED: 'It need not be.',
  },
});

export const passkeyHint = z.enum(passkeyHints).meta({
  typeName: 'PasskeyHint',
  description: 'In what form the browser is to look for a passkey.',
  values: {
    SECURITY_KEY: 'A key to plug in or to hold to the device.',
    CLIENT_DEVICE: 'The device itself.',
    HYBRID: 'Another device, such as a phone.',
  },
});

export const passkeyHintList = z
  .array(passkeyHint)
  .max(passkeyHints.length)
  .refine((hints) => new Set(hints).size === hints.length, { error: 'Must not name anything twice.' });

/** More than anybody buys. */
const MOST_MODELS = 200;

/** Models of authenticators by AAGUID; empty for any. */
export const modelList = z.array(aaguid).max(MOST_MODELS);
