import { checkErrors } from '../authenticator-check.js';

export const validateErrors = {
  ...checkErrors,
  UNKNOWN_AUTHENTICATOR: 'This is none of those that can be used here.',
  UNKNOWN_SETUP_STAGE: 'This is none of the setup stages that can be chosen here.',
  AUTHENTICATOR_UNAVAILABLE: 'No code can be sent to this at the moment. Use something else.',
} as const;
