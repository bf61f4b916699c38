import { languages } from '../../kernel/language.js';
import type { Language } from '../../kernel/language.js';
import { isMailTemplate, mailTemplates } from '../../flow/services/mail-texts.js';
import type { MailTexts, MailTemplate } from '../../flow/services/mail-texts.js';
import { reasonOf } from './reason.js';

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
export const templates = Object.keys(mailTemplates).filter(isMailTemplate);

/** The least that a mail is made of. */
const sparse = { ...samples, name: '', expires: '' };

/** Makes every mail, so that what is wrong with one is known at the start, and not when it is needed. */
export async function rehearse(texts: MailTexts): Promise<void> {
  for (const language of languages) {
    for (const template of templates) {
      await rehearseOne(texts, template, language, samples);
      await rehearseOne(texts, template, language, sparse);
    }
  }
}

async function rehearseOne(
  texts: MailTexts,
  template: MailTemplate,
  language: Language,
  values: typeof samples,
): Promise<void> {
  const rendering = texts.render({ template, language, brandName: 'Stagedoor', values });
  const { text, html } = await rendering.catch((error: unknown) => {
    throw new Error(`The mail ${template} cannot be made in ${language}: ${reasonOf(error)}`, {
      cause: error,
    });
  });
  const shown = { 'layout.txt.liquid': text, 'layout.html.liquid': html };
  for (const [layout, content] of Object.entries(shown)) {
    expectShown(template, 'secret:url', content.includes(samples.url), `${layout} must show {{ url }}.`);
    expectShown(template, 'secret:code', content.includes('1234 5678'), `${layout} must show {{ code }}.`);
  }
}

/** A mail without its link or code is of no use to anybody. */
function expectShown(template: MailTemplate, place: string, isShown: boolean, otherwise: string): void {
  const places: readonly string[] = mailTemplates[template];
  if (places.includes(place) && !isShown) throw new Error(otherwise);
}
