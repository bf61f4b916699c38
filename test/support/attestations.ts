import { readFileSync } from 'node:fs';

import { z } from 'zod';

const vector = z.object({
  format: z.string(),
  rpId: z.string(),
  origin: z.string(),
  at: z.coerce.date(),
  challenge: z.string(),
  credentialId: z.string(),
  clientDataJSON: z.string(),
  attestationObject: z.string(),
  roots: z.array(z.string()),
  assertion: z
    .object({
      challenge: z.string(),
      authenticatorData: z.string(),
      clientDataJSON: z.string(),
      signature: z.string(),
    })
    .optional(),
});
export type Vector = z.infer<typeof vector>;

/** Attestations that others have published: each file says who. */
export function vectorOf(name: string): Vector {
  const file = new URL(`../vectors/webauthn/${name}.json`, import.meta.url);
  return vector.parse(JSON.parse(readFileSync(file, 'utf8')));
}
