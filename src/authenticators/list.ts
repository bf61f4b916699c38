import type { AuthenticatorKindDefinition } from './define.js';
import { totpAuthenticator } from './totp/authenticator.js';
import { webAuthnAuthenticator } from './webauthn/authenticator.js';

/** Every authenticator kind there is. */
export const authenticatorKinds: readonly AuthenticatorKindDefinition[] = [
  totpAuthenticator,
  webAuthnAuthenticator,
];
