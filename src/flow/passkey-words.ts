import { z } from 'zod';

/** The model of an authenticator (WebAuthn, section 6.5.1): it looks like a UUID, but need not be one. */
export const aaguid = z
  .string()
  .regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, { error: 'Must be an AAGUID in small letters.' });
