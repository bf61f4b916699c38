import { z } from 'zod';

const LONGEST_NAME = 64;

/** By what a person tells an authenticator from others. */
export const authenticatorName = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_NAME)
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), { error: 'Must be one line.' });
