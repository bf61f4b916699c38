import { authenticatorValidateStage } from './authenticator-validate/stage.js';
import { consentStage } from './consent/stage.js';
import type { StageKindDefinition } from './define.js';
import { captchaStage } from './captcha/stage.js';
import { denyStage } from './deny/stage.js';
import { dummyStage } from './dummy/stage.js';
import { emailStage } from './email/stage.js';
import { emailOtpSetupStage } from './email-otp-setup/stage.js';
import { identificationStage } from './identification/stage.js';
import { invitationStage } from './invitation/stage.js';
import { passwordStage } from './password/stage.js';
import { promptStage } from './prompt/stage.js';
import { redirectStage } from './redirect/stage.js';
import { staticSetupStage } from './static-setup/stage.js';
import { smsSetupStage } from './sms-setup/stage.js';
import { totpSetupStage } from './totp-setup/stage.js';
import { userDeleteStage } from './user-delete/stage.js';
import { userLoginStage } from './user-login/stage.js';
import { userLogoutStage } from './user-logout/stage.js';
import { userWriteStage } from './user-write/stage.js';
import { webAuthnSetupStage } from './web-authn-setup/stage.js';

/** Every stage kind there is. Schema, contract tests and the README's table follow from this list. */
export const stageKinds: readonly StageKindDefinition[] = [
  identificationStage,
  passwordStage,
  captchaStage,
  invitationStage,
  promptStage,
  authenticatorValidateStage,
  totpSetupStage,
  staticSetupStage,
  emailOtpSetupStage,
  webAuthnSetupStage,
  smsSetupStage,
  consentStage,
  emailStage,
  userWriteStage,
  userDeleteStage,
  userLoginStage,
  userLogoutStage,
  redirectStage,
  denyStage,
  dummyStage,
];
