import { z } from 'zod';

import { durationSeconds, durationText } from '../../kernel/duration.js';
import type { MailTemplate } from '../../flow/services/mail-texts.js';

const recipient = z.enum(['ACCOUNT', 'COLLECTED']).meta({
  typeName: 'EmailRecipient',
  description: 'To which address an e-mail stage writes.',
  values: {
    ACCOUNT: 'That of the account which the flow is about.',
    COLLECTED:
      'What a prompt field with the key `email` has collected, be there an account already or not. Where there is none, or it is the account’s own and verified, and it is proved whose account that is, the stage is passed.',
  },
});

const template = z.enum(['ACCOUNT_CONFIRMATION', 'PASSWORD_RESET', 'MAGIC_LINK', 'EMAIL_CONFIRMATION']).meta({
  typeName: 'EmailTemplate',
  description: 'What a mail with a link and a code says that it is for.',
  values: {
    ACCOUNT_CONFIRMATION: 'Confirms the address of somebody who signs up.',
    PASSWORD_RESET: 'Lets somebody choose a new password.',
    MAGIC_LINK: 'Signs somebody in.',
    EMAIL_CONFIRMATION: 'Confirms an address of somebody who has an account.',
  },
});

/** What each of them is called where mails are made. */
export const templateNames = {
  ACCOUNT_CONFIRMATION: 'account-confirmation',
  PASSWORD_RESET: 'password-reset',
  MAGIC_LINK: 'magic-link',
  EMAIL_CONFIRMATION: 'email-confirmation',
} as const satisfies Readonly<Record<z.infer<typeof template>, MailTemplate>>;

const between = (text: string, least: number, most: number): boolean =>
  durationSeconds(text) >= least && durationSeconds(text) <= most;

export const emailConfig = z
  .strictObject({
    recipient: recipient.default('ACCOUNT').describe('To which address to write. Default: ACCOUNT.'),
    template: template
      .default('EMAIL_CONFIRMATION')
      .describe('What the mail says that it is for. Default: EMAIL_CONFIRMATION.'),
    lifetime: durationText
      .refine((text) => between(text, 60, 30 * 60), { error: 'Must be between PT1M and PT30M.' })
      .default('PT10M')
      .describe('How long the link and the code are good, from PT1M to PT30M. Default: PT10M.'),
    activateUserOnSuccess: z
      .boolean()
      .default(false)
      .describe(
        'Whether this lets an account in that was made to wait for it; never one that an administrator has disabled. Default: false.',
      ),
    maxMails: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('How many mails one recipient is sent in a window, whoever asks for them. Default: 5.'),
    mailWindow: durationText
      .refine((text) => between(text, 60, 24 * 3600), { error: 'Must be between PT1M and P1D.' })
      .default('PT5M')
      .describe('How long such a window is, from PT1M to P1D. Default: PT5M.'),
  })
  .meta({
    examples: [
      {},
      {
        recipient: 'ACCOUNT',
        template: 'MAGIC_LINK',
        lifetime: 'PT15M',
        activateUserOnSuccess: true,
        maxMails: 3,
        mailWindow: 'PT10M',
      },
    ],
  });

export type EmailConfig = z.infer<typeof emailConfig>;
