import { fileURLToPath } from 'node:url';

import type { MailTexts, MailToRender, RenderedMail } from '../../flow/services/mail-texts.js';
import type { TextWords } from '../../flow/services/text-messages.js';
import { mailValues, oneLine } from './mail-values.js';
import { rehearse } from './rehearsal.js';
import { readTextFiles } from './text-files.js';
import type { TextFiles } from './text-files.js';

/** Where the files are that mails are made of. */
export interface MailFolders {
  /** Ours. */
  readonly shipped: URL;
  /** The path of what an operator lays over them; null for nothing. */
  readonly own: string | null;
}

/** Reads what mails and text messages say. Rejects where a file cannot be used, or a mail cannot be made. */
export async function openMailTexts({ shipped, own }: MailFolders): Promise<MailTexts & TextWords> {
  try {
    const files = await readTextFiles(fileURLToPath(shipped), own);
    const texts: MailTexts & TextWords = {
      render: async (mail) => rendered(files, mail),
      say({ language, brandName, code }) {
        const said = files.texts[language].messages['sign-in-code'].fill({ brand: oneLine(brandName), code });
        return oneLine(said);
      },
    };
    await rehearse(texts);
    return texts;
  } catch (error) {
    if (own === null || !(error instanceof Error)) throw error;
    throw new Error(`STAGEDOOR_MAIL_TEMPLATES_DIR cannot be used. ${error.message}`, { cause: error });
  }
}

function rendered({ html, text, texts }: TextFiles, mail: MailToRender): RenderedMail {
  const values = mailValues(mail);
  const { common, mails } = texts[mail.language];
  const words = mails[mail.template];
  if (!words) throw new Error(`There are no texts for the mail ${mail.template}`);
  const subject = oneLine(words.subject.fill(values));
  const greeting = values.name === null ? common.greetingWithoutName : common.greeting;
  const parts = {
    language: mail.language.toLowerCase(),
    brand: values.brand,
    subject,
    heading: words.heading.fill(values),
    greeting: greeting.fill(values),
    paragraphs: words.paragraphs
      .map((paragraph) => paragraph.fill(values))
      .filter((line) => line.trim() !== ''),
    button: words.button?.fill(values) ?? null,
    linkLabel: common.linkLabel.fill(values),
    url: values.url ?? null,
    codeLabel: words.codeLabel?.fill(values) ?? null,
    code: values.code ?? null,
    advice: words.advice.fill(values),
    footer: common.footer.fill(values),
  };
  return { subject, text: text.fill(parts), html: html.fill(parts) };
}
