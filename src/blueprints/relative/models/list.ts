import type { NamedModel } from '../names.js';
import {
  emailOtpSetup,
  smsSetup,
  staticSetup,
  totpSetup,
  validation,
  webAuthnSetup,
} from './authenticators.js';
import { group, invitation } from './companions.js';
import { flow } from './flow.js';
import { captcha, identification, password as passwordStage } from './identification.js';
import { email } from './mail.js';
import type { Model } from './model.js';
import { consent, deny, dummy as dummyStage, invitationStage, prompt, redirect } from './other-stages.js';
import { userDelete, userLogin, userLogout, userWrite } from './people.js';
import { dummy, expiry, expression, geoip, password, reputation, uniquePassword } from './policies.js';
import { promptField } from './prompt-field.js';

/** Everything of the relative's that has a counterpart here, besides what binds it together. */
export const models: ReadonlyMap<string, Model> = new Map<string, Model>([
  ['authentik_flows.flow', flow],
  ['authentik_core.group', group],
  ['authentik_stages_prompt.prompt', promptField],
  ['authentik_stages_invitation.invitation', invitation],
  ['authentik_stages_authenticator_email.authenticatoremailstage', emailOtpSetup],
  ['authentik_stages_authenticator_sms.authenticatorsmsstage', smsSetup],
  ['authentik_stages_authenticator_static.authenticatorstaticstage', staticSetup],
  ['authentik_stages_authenticator_totp.authenticatortotpstage', totpSetup],
  ['authentik_stages_authenticator_validate.authenticatorvalidatestage', validation],
  ['authentik_stages_authenticator_webauthn.authenticatorwebauthnstage', webAuthnSetup],
  // What it was called at first.
  ['authentik_stages_authenticator_webauthn.authenticatewebauthnstage', webAuthnSetup],
  ['authentik_stages_captcha.captchastage', captcha],
  ['authentik_stages_consent.consentstage', consent],
  ['authentik_stages_deny.denystage', deny],
  ['authentik_stages_dummy.dummystage', dummyStage],
  ['authentik_stages_email.emailstage', email],
  ['authentik_stages_identification.identificationstage', identification],
  ['authentik_stages_invitation.invitationstage', invitationStage],
  ['authentik_stages_password.passwordstage', passwordStage],
  ['authentik_stages_prompt.promptstage', prompt],
  ['authentik_stages_redirect.redirectstage', redirect],
  ['authentik_stages_user_delete.userdeletestage', userDelete],
  ['authentik_stages_user_login.userloginstage', userLogin],
  ['authentik_stages_user_logout.userlogoutstage', userLogout],
  ['authentik_stages_user_write.userwritestage', userWrite],
  ['authentik_policies_dummy.dummypolicy', dummy],
  ['authentik_policies_expiry.passwordexpirypolicy', expiry],
  ['authentik_policies_expression.expressionpolicy', expression],
  ['authentik_policies_geoip.geoippolicy', geoip],
  ['authentik_policies_password.passwordpolicy', password],
  ['authentik_policies_reputation.reputationpolicy', reputation],
  ['authentik_policies_unique_password.uniquepasswordpolicy', uniquePassword],
]);

/** What documents can name: all that, and people, whom they cannot make. */
export const namedModels: ReadonlyMap<string, NamedModel> = new Map<string, NamedModel>([
  ...models,
  ['authentik_core.user', { type: 'user', key: 'username' }],
]);

export const PLACE = 'authentik_flows.flowstagebinding';
export const GUARD = 'authentik_policies.policybinding';
export const APPLY = 'authentik_blueprints.metaapplyblueprint';
export { SECRET } from './shared-secret.js';
