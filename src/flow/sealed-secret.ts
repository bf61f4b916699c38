import { z } from 'zod';

import type { Secret } from '../kernel/secret.js';

/** A secret of a stage's configuration as it is kept: encrypted, and bound to the stage and the field that it is for. */
export const sealedSecret = z.strictObject({ sealed: z.string() });

export type SealedSecret = z.infer<typeof sealedSecret>;

/** Where a secret belongs. Sealed for one place it cannot be opened in another. */
export interface SecretPlace {
  readonly stageId: string;
  readonly field: string;
}

/** Opens the secrets of configurations, for the moment in which they are used. */
export interface StageSecrets {
  /** Undefined where it was sealed for another place, or under a key that is gone. */
  open(sealed: SealedSecret, place: SecretPlace): Secret | undefined;
}
