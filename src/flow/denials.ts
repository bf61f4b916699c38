/** What people are told who do not get in, where no policy has words of its own for it. */

export const BROKEN_POLICY = 'It could not be decided whether you may go on.';
export const NOT_APPLICABLE = {
  code: 'NOT_APPLICABLE',
  message: 'This flow does not apply to you.',
} as const;
export const BAD_LINK = {
  code: 'INVALID_TOKEN',
  message: 'This link is invalid or has expired. Please request a new one.',
} as const;
