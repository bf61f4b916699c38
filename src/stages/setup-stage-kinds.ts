import type { AuthenticatorKindName } from '../flow/authenticator-kind-names.js';

/** The stage kinds that set authenticators up. */
export const setupStageKinds = [
  'totp-setup',
  'static-setup',
  'web-authn-setup',
  'email-otp-setup',
  'sms-setup',
] as const;

const setUpAt: Readonly<Record<(typeof setupStageKinds)[number], AuthenticatorKindName>> = {
  'totp-setup': 'TOTP',
  'static-setup': 'STATIC',
  'web-authn-setup': 'WEBAUTHN',
  'email-otp-setup': 'EMAIL',
  'sms-setup': 'SMS',
};

/** What is set up at a stage of this kind; undefined where nothing is. */
export function setUpBy(stageKind: string): AuthenticatorKindName | undefined {
  return Object.entries(setUpAt).find(([kind]) => kind === stageKind)?.[1];
}
