import { languages } from '../../kernel/language.js';
import type { Language } from '../../kernel/language.js';
import { mailTemplates } from '../../flow/services/mail-texts.js';
import type { MailTexts, MailTemplate } from '../../flow/services/mail-texts.js';
import { reasonOf } from './reason.js';
import { samples, templates } from './samples.js';

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
