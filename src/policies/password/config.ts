import { z } from 'zod';

import { builtInPasswordRule, passwordLengths } from '../../flow/password-rule.js';
import type { PasswordRule } from '../../flow/password-rule.js';
import { passwordField } from '../new-password.js';

const { shortest, longest, shortestAlone } = passwordLengths;

const least = (what: string, byDefault: number) =>
  z
    .int()
    .min(0)
    .max(longest)
    .default(byDefault)
    .describe(`How many ${what} it must have at least. Default: ${byDefault}.`);

export const passwordConfig = z
  .strictObject({
    passwordField,
    secondFactorRequired: z
      .boolean()
      .default(false)
      .describe(
        'The person must always bring a second factor as well, so that the password may be shorter. Default: false.',
      ),
    minLength: z
      .int()
      .min(shortest)
      .max(longest)
      .nullable()
      .default(null)
      .describe(
        `How many characters it must have at least. Default: null, which is ${shortestAlone}, or ${shortest} where a second factor is required.`,
      ),
    minDigits: least('digits', builtInPasswordRule.minDigits),
    minLowercase: least('small letters (a to z)', builtInPasswordRule.minLowercase),
    minUppercase: least('capital letters (A to Z)', builtInPasswordRule.minUppercase),
    minSymbols: least('symbols', builtInPasswordRule.minSymbols),
    symbolCharacters: z
      .string()
      .min(1)
      .max(200)
      .default(builtInPasswordRule.symbolCharacters)
      .describe('What counts as a symbol. Default: the punctuation of ASCII, and the space.'),
    checkCommon: z
      .boolean()
      .default(builtInPasswordRule.checkCommon)
      .describe(
        'Refuse what is on the list of common and breached passwords that comes with the product. Default: true.',
      ),
    checkBreaches: z
      .boolean()
      .default(false)
      .describe(
        'Ask the service for breached passwords; of the password, five digits of a hash are sent. Default: false.',
      ),
    allowedBreaches: z
      .int()
      .min(0)
      .max(1_000_000_000)
      .default(0)
      .describe('How often it may have been found in breaches. Default: 0.'),
    checkStrength: z
      .boolean()
      .default(false)
      .describe('Estimate how many guesses it stands, by zxcvbn. Default: false.'),
    minStrength: z
      .int()
      .min(0)
      .max(4)
      .default(3)
      .describe('The least score, from 0 (guessed at once) to 4 (hardly guessed at all). Default: 3.'),
    errorMessage: z
      .string()
      .max(500)
      .default('')
      .describe(
        'What it says where the password is too short, too simple, too common or made of the person’s own name. Default: empty, for a sentence that says what is asked for.',
      ),
  })
  .meta({
    examples: [
      {},
      {
        passwordField: 'password',
        secondFactorRequired: false,
        minLength: 24,
        minDigits: 1,
        minLowercase: 2,
        minUppercase: 1,
        minSymbols: 3,
        symbolCharacters: '!?',
        checkCommon: true,
        checkBreaches: true,
        allowedBreaches: 0,
        checkStrength: true,
        minStrength: 3,
        errorMessage: 'sample',
      },
    ],
  });

/** The rule that a configuration asks for; by default it is the one that is built in. */
export function ruleOf(config: z.infer<typeof passwordConfig>): PasswordRule {
  const { shortest: withSecondFactor } = passwordLengths;
  const byDefault = config.secondFactorRequired ? withSecondFactor : builtInPasswordRule.minLength;
  return { ...config, minLength: config.minLength ?? byDefault };
}
