import type { AuthenticatorKindName } from './authenticator-kind-names.js';
import type { BuiltInStage } from './inserted-stage.js';
import type { FlowUser } from './services/users.js';
import type { Proof } from './proof.js';

/** Of which kind an authenticator is that a proof comes from; undefined for what does not come from one. */
export function authenticatorOf(proof: Proof): AuthenticatorKindName | undefined {
  switch (proof) {
    case 'otp':
      return 'TOTP';
    case 'recovery-code':
      return 'STATIC';
    case 'hwk':
    case 'swk':
      return 'WEBAUTHN';
    case 'sms':
      return 'SMS';
    case 'email-otp':
      return 'EMAIL';
    case 'pwd':
    case 'enrollment':
    case 'token':
    case 'email':
    case 'user':
    case 'remembered':
      return undefined;
  }
}

/** What an authenticator of this kind proves at most, by what it is. */
export function proofsBy(kind: AuthenticatorKindName): Proof[] {
  switch (kind) {
    case 'TOTP':
      return ['otp'];
    case 'STATIC':
      return ['recovery-code'];
    case 'WEBAUTHN':
      return ['swk', 'user'];
    case 'SMS':
      return ['sms'];
    case 'EMAIL':
      return ['email-otp'];
  }
}

/**
 * Whether a person with a second factor has yet to be asked for it. One that is disabled is no reason not to ask: then
 * it takes another one, or whoever tries it often enough would be rid of it.
 */
export function isSecondFactorDue(
  { authenticators }: Pick<FlowUser, 'authenticators'>,
  proofs: readonly Proof[],
): boolean {
  return authenticators.length > 0 && !isSecondFactorSettled(proofs);
}

/** Whether one was shown, or was not asked for because one was shown lately. */
export function isSecondFactorSettled(proofs: readonly Proof[]): boolean {
  return proofs.some((proof) => proof === 'remembered' || authenticatorOf(proof) !== undefined);
}

/** What asks for it where no stage of the flow has: any authenticator that the person has set up. */
export const SECOND_FACTOR: { readonly builtIn: BuiltInStage } = {
  builtIn: {
    id: '7c1f2c6e-3d0a-4b6e-9d55-0f2b8a6d4e01',
    kind: 'authenticator-validate',
    name: 'second-factor',
    config: { notConfiguredAction: 'DENY' },
  },
};
