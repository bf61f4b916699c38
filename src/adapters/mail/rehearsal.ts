import { languages } from '../../kernel/language.js';
import { mailTemplates } from '../../flow/services/mail-texts.js';
import type { MailTexts, MailTemplate } from '../../flow/services/mail-texts.js';

/** Something for every place that there is. */
export const samples = {
  url: 'https://auth.example.org/flows/sample#flowToken=sample',
  code: '12345678',
  minutes: '10',
  when: '2026-01-31T08:05:00.000Z',
  expires: '2026-02-07T08:05:00.000Z',
  address: '203.0.113.7',
  newEmail: 'new@example.org',
  name: 'Ada Lovelace',
};

/** The mails that there are. */
export const templates = Object.keys(mailTemplates).filter(
  (name): name is MailTemplate => name in mailTemplates,
);

/** Makes every mail once, so that what is wrong with one is known at the start, and not when it is needed. */
export async function rehearse(texts: MailTexts): Promise<void> {
  for (const language of languages) {
    for (const template of templates) {
      const mail = { template, language, brandName: 'Stagedoor', values: samples };
      const { text, html } = await texts.render(mail).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`The mail ${template} cannot be made in ${language}: ${reason}`, { cause: error });
      });
      const shown = { 'layout.txt.liquid': text, 'layout.html.liquid': html };
      for (const [layout, content] of Object.entries(shown)) {
        expectShown(template, 'secret:url', content.includes(samples.url), `${layout} must show {{ url }}.`);
        expectShown(
          template,
          'secret:code',
          content.includes('1234 5678'),
          `${layout} must show {{ code }}.`,
        );
      }
    }
  }
}

/** A mail without its link or code is of no use to anybody. */
function expectShown(template: MailTemplate, place: string, isShown: boolean, otherwise: string): void {
  const places: readonly string[] = mailTemplates[template];
  if (places.includes(place) && !isShown) throw new Error(otherwise);
}
