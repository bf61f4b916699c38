import { z } from 'zod';

import { durationSeconds, durationText } from '../../kernel/duration.js';
import { textAuthTypes, textProviders } from '../../flow/services/text-messages.js';
import { setupConfig } from '../authenticator-setup.js';
import { secretText } from '../secret.js';
import { serviceUrl } from '../web-service.js';

const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 600;

const textProvider = z.enum(textProviders).meta({
  typeName: 'TextProvider',
  description: 'Who takes text messages over.',
  values: {
    TWILIO: 'Twilio.',
    GENERIC: 'Whoever takes a POST of the JSON `{from, to, text}`.',
    MAILBOX:
      'Nobody: for trying things out, they are kept where `GET /dev/mail` shows them. Nothing is sent by it.',
  },
});

const textAuthType = z.enum(textAuthTypes).meta({
  typeName: 'TextAuthType',
  description: 'How the provider is shown who sends.',
  values: { BASIC: 'User name and password (RFC 7617).', BEARER: 'A token (RFC 6750).' },
});

const config = z.strictObject({
  provider: textProvider.default('MAILBOX').describe('Who takes text messages over. Default: MAILBOX.'),
  fromNumber: z
    .string()
    .regex(/^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z\d ]{1,11}|)$/, {
      error: 'Must be a number in E.164, a short code, or a name of at most 11 letters, digits and spaces.',
    })
    .default('')
    .describe(
      'From whom messages come: a number in E.164, a short code, or a name of at most 11 letters, digits and spaces, as the provider allows it.',
    ),
  accountSid: z
    .string()
    .regex(/^AC[\da-f]{32}$/i, { error: 'Must be AC and 32 hexadecimal digits.' })
    .nullable()
    .default(null)
    .describe('For TWILIO: the Account SID.'),
  apiUrl: serviceUrl
    .nullable()
    .default(null)
    .describe(
      "For TWILIO: where its API is, in place of Twilio's own address; what is there has to answer alike.",
    ),
  url: serviceUrl.nullable().default(null).describe('For GENERIC: where messages are posted to.'),
  authType: textAuthType
    .default('BEARER')
    .describe('For GENERIC: how it is shown who sends. Default: BEARER.'),
  username: z
    .string()
    .max(200)
    .regex(/^[^:\p{Cc}]*$/u, { error: 'Must not hold colons or control characters.' })
    .default('')
    .describe('For GENERIC with BASIC: the user name.'),
  secretKey: secretText(1000, ['provider', 'url', 'apiUrl', 'accountSid'])
    .nullable()
    .default(null)
    .describe('The Auth Token of Twilio, or the token or password of the provider.'),
  allowedPrefixes: z
    .array(z.string().regex(/^\+[1-9]\d{0,6}$/, { error: 'Must be + and 1 to 7 digits, such as +49.' }))
    .max(250)
    .default([])
    .meta({ examples: [['+49', '+43']] })
    .describe(
      'How numbers have to begin that messages are sent to, such as +49: they cost, and some countries much. Empty for any. Default: any.',
    ),
  codeLifetime: durationText
    .refine((text) => durationSeconds(text) >= SHORTEST_SECONDS && durationSeconds(text) <= LONGEST_SECONDS, {
      error: 'Must be between PT1M and PT10M.',
    })
    .default('PT5M')
    .describe('How long a code is good, also when signing in. Default: PT5M.'),
  ...setupConfig,
});

export type SmsSetupConfig = z.infer<typeof config>;

const REQUIRED = { code: 'REQUIRED' };

export const smsSetupConfig = config
  .refine(({ provider, fromNumber }) => provider === 'MAILBOX' || fromNumber.trim() !== '', {
    path: ['fromNumber'],
    error: 'This provider has to be told from whom messages come.',
    params: REQUIRED,
  })
  .refine(({ provider, secretKey }) => provider === 'MAILBOX' || secretKey !== null, {
    path: ['secretKey'],
    error: 'This provider needs a secret.',
    params: REQUIRED,
  })
  .refine(({ provider, accountSid }) => provider !== 'TWILIO' || accountSid !== null, {
    path: ['accountSid'],
    error: 'Twilio needs an Account SID.',
    params: REQUIRED,
  })
  .refine(({ provider, url }) => provider !== 'GENERIC' || url !== null, {
    path: ['url'],
    error: 'This provider has no address of its own.',
    params: REQUIRED,
  })
  .refine(
    ({ authType, username, provider }) => provider !== 'GENERIC' || authType !== 'BASIC' || username !== '',
    {
      path: ['username'],
      error: 'BASIC needs a user name.',
      params: REQUIRED,
    },
  )
  .meta({
    examples: [
      {},
      {
        provider: 'TWILIO',
        fromNumber: '+15005550006',
        accountSid: `AC${'0'.repeat(32)}`,
        secretKey: 'auth token',
        allowedPrefixes: ['+49', '+43'],
        codeLifetime: 'PT5M',
      },
      {
        provider: 'GENERIC',
        fromNumber: 'Stagedoor',
        url: 'https://sms.example.com/messages',
        authType: 'BASIC',
        username: 'stagedoor',
        secretKey: 'password',
      },
    ],
  });
