import type { Language } from '../../kernel/language.js';

/**
 * Every mail that there is, and what its template has places for, besides the brand's name and the person's. Those that
 * begin with `secret:` are known to the mail alone.
 */
export const mailTemplates = {
  /** Confirms the address of somebody who signs up. */
  'account-confirmation': ['secret:url', 'secret:code', 'minutes'],
  /** Somebody signs up with an address that has an account: to its owner, instead. */
  'account-exists': ['address'],
  /** Lets somebody choose a new password. */
  'password-reset': ['secret:url', 'secret:code', 'minutes'],
  /** Signs somebody in. */
  'magic-link': ['secret:url', 'secret:code', 'minutes'],
  /** Confirms a new address of somebody who has an account. */
  'email-confirmation': ['secret:url', 'secret:code', 'minutes'],
  /** Invites somebody. */
  invitation: ['secret:url', 'expires'],
  'password-changed': ['when', 'address'],
  /** To the address that was there before. */
  'email-changed': ['when', 'address', 'newEmail'],
  /** An administrator has made a link by which the account can be recovered; the mail does not hold it. */
  'recovery-started': ['when', 'address'],
  'account-recovered': ['when', 'address'],
  'account-deleted': ['when', 'address'],
  'authenticator-added': ['when', 'address', 'authenticator'],
  'authenticator-renamed': ['when', 'address', 'authenticator', 'newName'],
  'authenticator-removed': ['when', 'address', 'authenticator'],
  /** A code for signing in, or for setting an address up to be sent such codes. */
  'sign-in-code': ['secret:code', 'minutes'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type MailTemplate = keyof typeof mailTemplates;

export function isMailTemplate(text: string): text is MailTemplate {
  return Object.hasOwn(mailTemplates, text);
}

export interface MailToRender {
  readonly template: MailTemplate;
  readonly language: Language;
  readonly brandName: string;
  /** What the template has places for, secrets among it, and the person's name. */
  readonly values: Readonly<Record<string, string>>;
}

export interface RenderedMail {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What mails say. */
export interface MailTexts {
  /** Throws where the template asks for something that there is not. The error says nothing of the values. */
  render(mail: MailToRender): Promise<RenderedMail>;
}
