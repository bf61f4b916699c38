import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import { languages } from '../../kernel/language.js';
import { mailTemplates } from '../../flow/services/mail-texts.js';
import type { RenderedMail } from '../../flow/services/mail-texts.js';
import { samples } from './samples.js';
import { openMailTexts } from './texts.js';
import { plainWording } from './wording.js';

const shipped = new URL('../../../mail/', import.meta.url);

let own: string;
beforeEach(async () => {
  own = await mkdtemp(join(tmpdir(), 'stagedoor-mail-'));
});
afterEach(() => rm(own, { recursive: true }));

async function put(name: string, content: string): Promise<void> {
  await mkdir(dirname(join(own, name)), { recursive: true });
  await writeFile(join(own, name), content);
}

async function magicLink(language: 'EN' | 'DE' = 'EN'): Promise<RenderedMail> {
  const texts = await openMailTexts({ shipped, own });
  return texts.render({ template: 'magic-link', language, brandName: 'Theatre', values: samples });
}

/** What the start says. */
async function failure(): Promise<string> {
  const error: unknown = await openMailTexts({ shipped, own }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message.replaceAll(own, 'OWN') : 'none';
}

describe('the files that we ship', () => {
  const words = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
  const content = z.object({ common: words, mails: z.record(z.string(), words), messages: words });
  const contentIn = async (language: string) => {
    const file = new URL(`texts/${language.toLowerCase()}.yaml`, shipped);
    return content.parse(parse(await readFile(file, 'utf8')));
  };
  const keysOf = (texts: z.infer<typeof words>) =>
    Object.entries(texts).map(([key, text]) => [key, Array.isArray(text) ? text.length : 1]);

  it('have the same mails with the same texts in every language', async () => {
    const keysIn = async (language: string) => {
      const { common, mails, messages } = await contentIn(language);
      return [
        keysOf(common),
        keysOf(messages),
        ...Object.entries(mails).map(([mail, texts]) => [mail, keysOf(texts)]),
      ];
    };
    const [first, ...others] = await Promise.all(languages.map(keysIn));
    expect(others.length).toBeGreaterThan(0);
    for (const other of others) expect(other).toEqual(first);
  });

  it.each(languages)('leave no place unused that a mail has (%s)', async (language) => {
    const { mails } = await contentIn(language);
    expect(Object.keys(mails)).toEqual(Object.keys(mailTemplates));
    for (const [mail, texts] of Object.entries(mails)) {
      const used = Object.values(texts)
        .flat()
        .flatMap((text) => plainWording(text).places);
      const [, places = []] = Object.entries(mailTemplates).find(([name]) => name === mail) ?? [];
      const wanted = places.filter((place) => !place.startsWith('secret:'));
      expect([mail, new Set(used)]).toEqual([mail, new Set(['brand', ...wanted])]);
    }
  });
});

describe("an operator's own files", () => {
  it('take the place of single texts; the others stay', async () => {
    const ours = await magicLink();
    await put('texts/en.yaml', "mails: { magic-link: { subject: 'Come in, {{ name }}!' } }");
    const theirs = await magicLink();
    expect(theirs).toEqual({
      subject: 'Come in, Ada Lovelace!',
      text: ours.text,
      html: ours.html.replace('<title>Sign in to Theatre<', '<title>Come in, Ada Lovelace!<'),
    });
    expect((await magicLink('DE')).subject).toBe('Bei Theatre anmelden');
  });

  it('take the place of all paragraphs of a mail together, and of layouts as a whole', async () => {
    await put('texts/de.yaml', "mails: { magic-link: { paragraphs: ['Nur dies.'] } }");
    await put('layout.txt.liquid', '{{ subject }}|{{ paragraphs | join: "+" }}|{{ url }}|{{ code }}');
    const { text, html } = await magicLink('DE');
    expect(text).toBe(`Bei Theatre anmelden|Nur dies.|${samples.url}|1234 5678`);
    expect(html).toContain('Nur dies.');
    expect(html).not.toContain('Jemand');
  });

  it('may be none', async () => {
    expect((await magicLink()).subject).toBe('Sign in to Theatre');
    await put('texts/en.yaml', '{}');
    expect((await magicLink()).subject).toBe('Sign in to Theatre');
  });

  it.each([
    ['texts/en.yaml', 'mails: [', 'OWN/texts/en.yaml cannot be read: '],
    ['texts/en.yaml', 'a: 1\na: 2', 'OWN/texts/en.yaml cannot be read: '],
    ['texts/en.yaml', 'a: &a [1]\nb: *a', 'OWN/texts/en.yaml cannot be read: '],
    ['texts/en.yaml', '', 'OWN/texts/en.yaml (EN) has problems:'],
    ['texts/en.yaml', 'text', 'OWN/texts/en.yaml (EN) has problems:'],
    ['texts/de.yaml', 'mails: { magic-link: { headline: x } }', '(DE) has problems:\n  mail magic-link: '],
    ['texts/de.yaml', 'mails: { magik-link: { subject: x } }', '(DE) has problems:\n  key mails: '],
    ['texts/de.yaml', 'letters: {}', 'Unrecognized key: "letters"'],
    ['texts/de.yaml', "mails: { magic-link: { subject: '' } }", 'mail magic-link, key subject: '],
    ['texts/de.yaml', 'mails: { magic-link: { subject: 7 } }', 'mail magic-link, key subject: '],
    ['texts/de.yaml', 'mails: { magic-link: null }', 'mail magic-link: '],
    ['texts/de.yaml', 'mails: { magic-link: { paragraphs: [] } }', 'mail magic-link, key paragraphs: '],
    ['texts/de.yaml', 'mails: { account-deleted: { button: x } }', 'key button: is not part of this mail'],
    [
      'texts/de.yaml',
      "mails: { magic-link: { paragraphs: ['a', '{{ minuten }}'] } }",
      'mail magic-link, key paragraphs.1: has no place minuten; there are brand, name, minutes',
    ],
    [
      'texts/en.yaml',
      "mails: { magic-link: { subject: '{{ code }}' } }",
      'mail magic-link, key subject: has no place code',
    ],
    [
      'texts/en.yaml',
      "mails: { magic-link: { subject: '{{ brand }' } }",
      'mail magic-link, key subject: cannot be read: ',
    ],
    ['texts/en.yaml', "common: { footer: '{{ url }}' }", 'key common.footer: has no place url'],
    [
      'texts/en.yaml',
      "common: { footer: '{{ brand | shout }}' }",
      'key common.footer: cannot be read: undefined filter: shout',
    ],
    ['texts/en.yaml', 'messages: { sign-in-code: hello }', 'must show {{ code }}'],
    [
      'texts/en.yaml',
      'messages: { sign-in-code: \'{% if brand == "" %}{{ code }}{% endif %}\' }',
      'must show {{ code }}',
    ],
    [
      'texts/de.yaml',
      "messages: { sign-in-code: '{{ code }} {{ name }}' }",
      'has no place name; there are brand, code',
    ],
    ['texts/de.yaml', 'messages: { hello: x }', 'Unrecognized key: "hello"'],
    ['layout.txt.liquid', '{{ url', 'OWN/layout.txt.liquid cannot be read: '],
    ['layout.txt.liquid', '{{ link }} {{ code }}', 'OWN/layout.txt.liquid has no place link; there are '],
    ['layout.txt.liquid', '{{ code }}', 'layout.txt.liquid must show {{ url }}'],
    ['layout.html.liquid', '<a href="{{ url }}"></a>', 'layout.html.liquid must show {{ code }}'],
    ['layout.html.liquid', '{{ url }} {{ code | raw }}', 'cannot be read: undefined filter: raw'],
    ['layout.html.liquid', '{% render "/etc/passwd" %}', 'ENOENT'],
    ['layout.html.liquid', '{% include "texts/en.yaml" %}', 'ENOENT'],
    ['layout.html.liquid', '{{ url.constructor }} {{ code }}', 'undefined variable: url.constructor'],
    [
      'texts/fr.yaml',
      'mails: {}',
      'OWN has files that no mail is made of: texts/fr.yaml. There are layout.html',
    ],
    ['texts/en.yml', 'mails: {}', 'texts/en.yml'],
    ['en.yaml', 'mails: {}', 'OWN has files that no mail is made of: en.yaml.'],
    ['README', '', 'README'],
  ])('that cannot be used stop the start, which says why: %s with %p', async (name, content, why) => {
    await put(name, content);
    const message = await failure();
    expect(message).toContain('STAGEDOOR_MAIL_TEMPLATES_DIR cannot be used. ');
    expect(message).toContain(why);
  });

  it('have to be in a folder that is there', async () => {
    const missing = join(own, 'missing');
    await expect(openMailTexts({ shipped, own: missing })).rejects.toThrow(
      `STAGEDOOR_MAIL_TEMPLATES_DIR cannot be used. ${missing} cannot be read as a folder.`,
    );
    await put('file', '');
    await expect(openMailTexts({ shipped, own: join(own, 'file') })).rejects.toThrow('read as a folder');
  });

  it('may be where an address has to be escaped, and may be links to files elsewhere', async () => {
    const folder = join(own, 'über #1 ? %20');
    await mkdir(join(folder, 'texts'), { recursive: true });
    await put('elsewhere', 'mails: { magic-link: { subject: Welcome } }');
    await symlink(join(own, 'elsewhere'), join(folder, 'texts/en.yaml'));
    const texts = await openMailTexts({ shipped, own: folder });
    const mail = { template: 'magic-link', language: 'EN', brandName: 'Theatre', values: samples } as const;
    expect((await texts.render(mail)).subject).toBe('Welcome');
  });
});
