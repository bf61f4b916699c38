import type { AuthenticatorKindDefinition } from './define.js';
import { emailAuthenticator } from './email/authenticator.js';
import { staticAuthenticator } from './static/authenticator.js';
import { smsAuthenticator } from './sms/authenticator.js';
import { totpAuthenticator } from './totp/authenticator.js';
import { webAuthnAuthenticator } from './webauthn/authenticator.js';

/** Every authenticator kind there is. */
export const authenticatorKinds: readonly AuthenticatorKindDefinition[] = [
  totpAuthenticator,
  staticAuthenticator,
  emailAuthenticator,
  webAuthnAuthenticator,
  smsAuthenticator,
];
