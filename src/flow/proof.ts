export const proofKinds = [
  'pwd',
  'enrollment',
  'token',
  'email',
  'otp',
  'recovery-code',
  'hwk',
  'swk',
  'user',
  'sms',
  'email-otp',
  'remembered',
] as const;
/**
 * A person's proof of being the pending user, as a session's `amr` names it (RFC 8176, where it has a name). `swk` is a
 * passkey that can be copied, `hwk` one that cannot; `user`: it was unlocked by a PIN or a finger. `remembered` proves
 * nothing: a second factor was not asked for, because the browser has shown one lately.
 */
export type Proof = (typeof proofKinds)[number];
