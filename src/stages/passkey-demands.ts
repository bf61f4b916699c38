import { z } from 'zod';

import { passkeyHints, userVerifications } from '../flow/authenticator-kind.js';

/** How strictly a passkey has to be unlocked by its person, as administrators decide it. */
export const userVerification = z.enum(userVerifications).meta({
  typeName: 'UserVerification',
  description: 'How strictly a passkey has to be unlocked by its person, by a PIN or a finger.',
  values: {
    REQUIRED: 'It has to be: a passkey that was not unlocked is refused.',
    PREFERRED: 'Where it can be.',
    DISCOURAGED: 'Not where it can be avoided.',
  },
});

/** In what form passkeys are to be looked for. */
export const passkeyHint = z.enum(passkeyHints).meta({
  typeName: 'PasskeyHint',
  description: 'In what form a browser is to look for passkeys first.',
  values: {
    SECURITY_KEY: 'A key that is plugged in or held to the device.',
    CLIENT_DEVICE: 'What is built into the device.',
    HYBRID: 'Another device, such as a telephone.',
  },
});

const aaguid = z
  .string()
  .toLowerCase()
  .regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, { error: 'Must be an AAGUID.' })
  .meta({ examples: ['08987058-cadc-4b81-b6e1-30de50dcbe96'] });

/** The models of passkeys that count: AAGUIDs, each once, in small letters. */
export const passkeyModels = z
  .array(aaguid)
  .max(200)
  .refine((models) => new Set(models).size === models.length, { error: 'Must not name anything twice.' });

/** The forms in which passkeys are looked for, the dearest first, each once. */
export const orderedPasskeyHints = z
  .array(passkeyHint)
  .max(passkeyHints.length)
  .refine((hints) => new Set(hints).size === hints.length, { error: 'Must not name anything twice.' });
