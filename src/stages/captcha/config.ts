import { z } from 'zod';

import { durationSeconds, durationText } from '../../kernel/duration.js';
import { captchaProvider } from '../captcha-widget.js';
import { secretText } from '../secret.js';
import { serviceUrl } from '../web-service.js';

const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 3600;

const score = z.number().min(0).max(1);

const config = z.strictObject({
  provider: captchaProvider.default('ALTCHA').describe('Who tells people from programs. Default: ALTCHA.'),
  siteKey: z
    .string()
    .min(1)
    .max(500)
    .nullable()
    .default(null)
    .describe('The public key that the provider has given for the site. ALTCHA needs none.'),
  secretKey: secretText(1000, ['provider', 'verifyUrl'])
    .nullable()
    .default(null)
    .describe('The secret key that belongs to it. ALTCHA needs none.'),
  verifyUrl: serviceUrl
    .nullable()
    .default(null)
    .describe(
      "Where to have solutions checked, in place of the provider's own address; whatever is there has to answer as `siteverify` does.",
    ),
  scriptUrl: serviceUrl
    .nullable()
    .default(null)
    .describe("Where clients find the widget's script, in place of the provider's own address."),
  hostnames: z
    .array(z.string().regex(/^[a-z0-9.-]{1,253}$/, { error: 'Must be a host name in small letters.' }))
    .max(50)
    .default([])
    .describe(
      'From which hosts solutions are taken, where the provider says from where they are. Default: those of the public address and of the allowed origins.',
    ),
  action: z
    .string()
    .regex(/^\w{1,32}$/, { error: 'Must be at most 32 letters, digits and underscores.' })
    .nullable()
    .default(null)
    .describe(
      'What the widget has to have been shown for: Turnstile and reCAPTCHA v3 tell, and solutions for anything else are refused. Default: anything will do.',
    ),
  interactive: z
    .boolean()
    .default(false)
    .describe('Whether the person is to see the widget, and may have to do something. Default: false.'),
  scoreMinimum: score
    .default(0.5)
    .describe('The lowest score that is good enough, where the provider gives one. Default: 0.5.'),
  scoreMaximum: score
    .default(1)
    .describe(
      'The highest score that is good enough: for providers to whom a high score is a bad one. Default: 1.',
    ),
  refuseBadScores: z
    .boolean()
    .default(true)
    .describe(
      'Whether a score outside of these is refused. Otherwise it is left to policies, by the variable captcha.score. Default: true.',
    ),
  difficulty: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(5000)
    .describe(
      'For ALTCHA: how many keys the client has to try at most; at least half as many. Default: 5000.',
    ),
  puzzleLifetime: durationText
    .refine((text) => durationSeconds(text) >= SHORTEST_SECONDS && durationSeconds(text) <= LONGEST_SECONDS, {
      error: 'Must be between PT1M and PT1H.',
    })
    .default('PT10M')
    .describe('For ALTCHA: how long a puzzle can be solved. Default: PT10M.'),
});

export type CaptchaConfig = z.infer<typeof config>;

export const captchaConfig = config
  .refine(({ provider, siteKey }) => provider === 'ALTCHA' || siteKey !== null, {
    path: ['siteKey'],
    error: 'This provider needs a site key.',
    params: { code: 'REQUIRED' },
  })
  .refine(({ provider, secretKey }) => provider === 'ALTCHA' || secretKey !== null, {
    path: ['secretKey'],
    error: 'This provider needs a secret key.',
    params: { code: 'REQUIRED' },
  })
  .refine(({ scoreMinimum, scoreMaximum }) => scoreMinimum <= scoreMaximum, {
    path: ['scoreMaximum'],
    error: 'Must not be lower than the lowest score.',
    params: { code: 'OUT_OF_RANGE' },
  })
  .meta({
    examples: [
      {},
      {
        provider: 'TURNSTILE',
        siteKey: 'site key',
        secretKey: 'secret key',
        scriptUrl: 'https://captcha.example.com/api.js',
        verifyUrl: 'https://captcha.example.com/siteverify',
        hostnames: ['login.example.com'],
        action: 'login',
      },
    ],
  });
