import type { JsonObject } from '../kernel/json.js';
import { Secret } from '../kernel/secret.js';
import { sealedSecret } from '../flow/sealed-secret.js';
import type { SealedSecret, SecretPlace, StageSecrets } from '../flow/sealed-secret.js';
import type { KeyRing } from '../identity/key-ring.js';

/** Seals the secrets of stages' configurations with the installation's keys, and opens them. */
export class KeptStageSecrets implements StageSecrets {
  constructor(private readonly keys: KeyRing) {}

  open({ sealed }: SealedSecret, place: SecretPlace): Secret | undefined {
    try {
      return new Secret(this.keys.open(sealed, bondOf(place)));
    } catch {
      return undefined;
    }
  }

  /**
   * The configuration as it is to be kept: what is in clear is sealed for the stage; what is sealed already is the
   * original's, and sealed anew where the stage is another one. Throws where that cannot be opened.
   */
  sealed(config: JsonObject, fields: readonly string[], stageId: string, originalId: string): JsonObject {
    const kept = fields.flatMap((field): [string, SealedSecret][] => {
      const value = config[field];
      if (typeof value === 'string') return [[field, this.#seal(value, { stageId, field })]];
      const before = sealedSecret.safeParse(value);
      if (!before.success || stageId === originalId) return [];
      const secret = this.open(before.data, { stageId: originalId, field });
      if (!secret) throw new Error(`the secret ${field} of the stage ${originalId} cannot be opened`);
      return [[field, this.#seal(secret.reveal(), { stageId, field })]];
    });
    return { ...config, ...Object.fromEntries(kept) };
  }

  #seal(plain: string, place: SecretPlace): SealedSecret {
    return { sealed: this.keys.seal(plain, bondOf(place)) };
  }
}

function bondOf({ stageId, field }: SecretPlace): string {
  return `stage ${stageId} ${field}`;
}
