/** What a person can set up to prove who they are, besides a password. `src/authenticators/list.ts` has a folder for each. */
export const authenticatorKindNames = ['TOTP', 'STATIC', 'WEBAUTHN', 'EMAIL', 'SMS'] as const;
export type AuthenticatorKindName = (typeof authenticatorKindNames)[number];
