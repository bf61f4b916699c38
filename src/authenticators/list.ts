import type { AuthenticatorKindDefinition } from './define.js';
import { smsAuthenticator } from './sms/authenticator.js';
import { totpAuthenticator } from './totp/authenticator.js';

/** Every authenticator kind there is. */
export const authenticatorKinds: readonly AuthenticatorKindDefinition[] = [
  totpAuthenticator,
  smsAuthenticator,
];
