export const emailErrors = {
  INVALID_CODE: 'This is not the code of the newest mail.',
  CODE_EXPIRED: 'The mail is too old. Ask for another one.',
  CODE_USED_UP: 'The code was wrong too often. Ask for another mail.',
  INVALID_MATCH_CODE: 'This is not what is shown where you began.',
  RATE_LIMITED: 'There have been too many attempts, or too many mails. Try again later.',
} as const;
