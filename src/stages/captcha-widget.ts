import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import { captchaProviders } from '../flow/services/captchas.js';

export const captchaProvider = z.enum(captchaProviders).meta({
  typeName: 'CaptchaProvider',
  description: 'Who tells people from programs.',
  values: {
    ALTCHA:
      'The service itself, by a puzzle that costs the client time (ALTCHA, version 2). Nobody else is asked.',
    TURNSTILE: 'Cloudflare Turnstile.',
    HCAPTCHA: 'hCaptcha.',
    RECAPTCHA_V2: 'Google reCAPTCHA, version 2.',
    RECAPTCHA_V3: 'Google reCAPTCHA, version 3: it asks nothing, and gives a score.',
  },
});

const puzzle: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** What a client needs to show a captcha, alone or on another stage's screen. */
export const captchaWidget = z
  .strictObject({
    provider: captchaProvider.describe('Whose widget to show.'),
    siteKey: z.string().nullable().describe("The site's public key at the provider; null for ALTCHA."),
    scriptUrl: z
      .string()
      .nullable()
      .describe("Where the widget's script is; null where the client brings the widget along."),
    interactive: z
      .boolean()
      .describe('Whether the person is to see the widget, and may have to do something.'),
    action: z
      .string()
      .nullable()
      .describe('What to tell the widget that it is shown for, as its option `action`; null for nothing.'),
    puzzle: puzzle
      .meta({ typeName: 'JSONObject' })
      .nullable()
      .describe("For ALTCHA: the challenge, as its widget's option `challenge` takes it. Otherwise null."),
    expiresAt: z
      .string()
      .meta({ typeName: 'DateTime' })
      .nullable()
      .describe('For ALTCHA: when the puzzle is good no longer. Otherwise null.'),
  })
  .meta({ typeName: 'CaptchaWidget', description: 'A captcha to show, and how.' });

/** More than any provider's token takes. */
export const LONGEST_CAPTCHA_TOKEN = 8192;
