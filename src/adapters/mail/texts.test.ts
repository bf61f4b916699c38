import fc from 'fast-check';

import { languages } from '../../kernel/language.js';
import type { Language } from '../../kernel/language.js';
import { mailTemplates } from '../../flow/services/mail-texts.js';
import type { MailTemplate, MailTexts, RenderedMail } from '../../flow/services/mail-texts.js';
import { samples, templates } from './samples.js';
import type { TextWords } from '../../flow/services/text-messages.js';
import { openMailTexts } from './texts.js';

const BRAND = 'Theatre';
const everyMail = languages.flatMap((language) => templates.map((template) => ({ language, template })));

let texts: MailTexts & TextWords;
beforeAll(async () => {
  texts = await openMailTexts({ shipped: new URL('../../../mail/', import.meta.url), own: null });
});

function mail(
  template: MailTemplate,
  values: Readonly<Record<string, string>> = {},
  { language = 'EN', brandName = BRAND }: { language?: Language; brandName?: string } = {},
): Promise<RenderedMail> {
  return texts.render({ template, language, brandName, values: { ...samples, ...values } });
}

/** What a mail program would show of the HTML. */
function shown(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** The HTML with everything that is not a tag left out. */
const tagsOf = (html: string) => html.match(/<[^>]*>/g);

describe('every mail, in every language', () => {
  it.each(everyMail)('$template ($language) says all that it is given', async ({ template, language }) => {
    const { subject, text, html } = await mail(template, {}, { language });
    const places: readonly string[] = mailTemplates[template];
    const said = {
      'secret:url': samples.url,
      'secret:code': '1234 5678',
      minutes: language === 'EN' ? '10 minutes' : '10 Minuten',
      when: language === 'EN' ? '31 January 2026 at 08:05 UTC' : '31. Januar 2026 um 08:05 UTC',
      expires: language === 'EN' ? '7 February 2026 at 08:05 UTC' : '7. Februar 2026 um 08:05 UTC',
      address: samples.address,
      newEmail: samples.newEmail,
    };
    for (const [place, words] of Object.entries(said)) {
      expect([place, text.includes(words)]).toEqual([place, places.includes(place)]);
      expect([place, shown(html).includes(words)]).toEqual([place, places.includes(place)]);
    }
    for (const words of [BRAND, samples.name]) {
      expect(text).toContain(words);
      expect(shown(html)).toContain(words);
    }
    expect(subject).toContain(BRAND);
    expect(subject + text + html).not.toMatch(/\{\{|\{%|undefined|null|NaN|\[object/);
    expect(html).toMatch(language === 'EN' ? '<html lang="en">' : '<html lang="de">');
    expect(text).toContain(language === 'EN' ? 'Hello Ada Lovelace,' : 'Guten Tag Ada Lovelace,');
  });

  it.each(everyMail)('$template ($language) brings nothing with it from elsewhere', async (one) => {
    const { html } = await mail(one.template, {}, one);
    const addresses = html.match(/https?:[^"<\s]*/g) ?? [];
    expect(addresses.filter((address) => address !== samples.url)).toEqual([]);
    expect(html).not.toMatch(/<(img|script|link|iframe|object|form|style)|url\(|@import| on\w+=| src=/i);
  });

  it.each(everyMail)('$template ($language) is the same in text and in HTML', async (one) => {
    const { text, html } = await mail(one.template, {}, one);
    const content = shown(html.slice(html.indexOf('<h1'))).replaceAll(/\s+/g, ' ');
    for (const line of text.split('\n').filter((each) => each !== '---'))
      expect(content).toContain(line.replace(/:$/, '').trim());
  });
});

describe('what is filled in', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          ...['<script>alert(1)</script>', '"', "'", '&', '>', '<b', '-->', '&lt;', '&#10;', ' '],
          ...['\r\nBcc: eve@example.org', '\n.\n', '\r', '\u2028', '\0', '\u202E', '\uD800', '%0d%0a'],
          ...['{{ url }}', '{% raw %}', '{%', '}}', '{{ "x" | raw }}', '${1}', '$&', 'Ada', 'é', '\u{1F600}'],
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join('')),
  );
  const oneMail = fc.record({
    template: fc.constantFrom(...templates),
    language: fc.constantFrom(...languages),
    ...{ brandName: hostile, name: hostile, address: hostile, newEmail: hostile, code: hostile },
  });

  it('makes no tag, no header and no other line, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(oneMail, async ({ template, language, brandName, ...values }) => {
        const { subject, text, html } = await mail(template, values, { language, brandName });
        const harmless = await mail(template, { name: '' }, { language });
        expect(tagsOf(html)).toEqual(tagsOf(harmless.html));
        expect(text.split('\n')).toHaveLength(harmless.text.split('\n').length);
        expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u);
        expect(subject + text + html).toBe((subject + text + html).toWellFormed());
      }),
      { numRuns: 300 },
    );
  });

  it('is no template', async () => {
    const { text, html } = await mail('email-changed', { newEmail: '{{ brand }}{% if %}' });
    expect(text).toContain('changed to {{ brand }}{% if %} on');
    expect(shown(html)).toContain('changed to {{ brand }}{% if %} on');
  });

  it('is escaped where it is HTML, and is as it was in plain text', async () => {
    const { text, html, subject } = await mail('magic-link', {}, { brandName: 'R&D <"now">' });
    expect(subject).toBe('Sign in to R&D <"now">');
    expect(text).toContain('your account at R&D <"now">.');
    expect(html).toContain('your account at R&amp;D &lt;&#34;now&#34;&gt;.');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', '/flows/x', '', 'not a link', 'file:///etc/passwd'])(
    'is no link if it is %p',
    async (url) => {
      await expect(mail('magic-link', { url })).rejects.toThrow('no web address');
    },
  );

  it('cannot end the attribute that a link stands in', async () => {
    const { html } = await mail('magic-link', { url: 'https://example.org/"><b onclick="x' });
    expect(html).not.toContain('<b ');
  });

  it.each(['', 'soon', '-1', '1e3', '10.5'])('is no number of minutes if it is %p', async (minutes) => {
    await expect(mail('magic-link', { minutes })).rejects.toThrow('minutes');
  });

  it('has to be there, and the error does not tell what was', async () => {
    const values = { url: samples.url, minutes: '10' };
    const rendering = texts.render({ template: 'magic-link', language: 'EN', brandName: BRAND, values });
    await expect(rendering).rejects.toThrow('The mail magic-link has nothing for its place code');
    await expect(rendering).rejects.not.toThrow(samples.url);
  });

  it('may be more than there are places for', async () => {
    expect((await mail('account-exists', { when: 'never', url: 'none' })).text).not.toContain('never');
  });
});

describe('somebody is called by their name', () => {
  it.each(['Ada', 'Dr. Ada Lovelace', "Conan O'Brien", '王小明', 'J. R. R. Tolkien', 'Ada (the first)'])(
    'such as %s',
    async (name) => expect((await mail('magic-link', { name })).text).toContain(`Hello ${name},`),
  );

  it.each([
    ...[
      '',
      ' ',
      'Win at https://evil.example',
      'evil.example',
      'www.evil',
      'eve@evil',
      'a/b',
      'x'.repeat(71),
    ],
    ...['javascript:alert(1)', 'ｅvil．ｅxample', 'Call\\me'],
  ])('but not where that is %p: a mail of ours would carry it to whomever they like', async (name) => {
    const { text, html } = await mail('magic-link', { name });
    expect(text).toContain('\nHello,\n');
    if (name.trim() !== '') expect(text + shown(html)).not.toContain(name);
  });

  it('and by none where it is not known', async () => {
    const values = { url: samples.url, expires: samples.expires };
    const rendered = await texts.render({ template: 'invitation', language: 'DE', brandName: BRAND, values });
    expect(rendered.text).toContain('\nGuten Tag,\n');
  });
});

describe('times and numbers', () => {
  it('say one minute as one says it', async () => {
    expect((await mail('magic-link', { minutes: '1' })).text).toContain('good for 1 minute.');
    const german = await mail('magic-link', { minutes: '1' }, { language: 'DE' });
    expect(german.text).toContain('sind 1 Minute lang gültig');
  });

  it('leave out what never comes', async () => {
    const { text } = await mail('invitation', { expires: '' });
    expect(text).toContain('The link below is meant for you: do not pass it on.');
    const german = await mail('invitation', { expires: '' }, { language: 'DE' });
    expect(german.text).toContain('Der Link ist nur für Sie bestimmt:');
  });

  it('are no reason to send a mail that makes no sense', async () => {
    await expect(mail('password-changed', { when: 'yesterday' })).rejects.toThrow(RangeError);
  });
});

describe('a text message', () => {
  it.each([
    ['EN', 'Acme: your code is 123456. Do not pass it on to anybody.'],
    ['DE', 'Acme: Ihr Code ist 123456. Geben Sie ihn an niemanden weiter.'],
  ] as const)('says the code as it is typed, and whose it is (%s)', (language, said) => {
    expect(texts.say({ language, brandName: 'Acme', code: '123456' })).toBe(said);
  });

  it('is one line, whatever the product is called', () => {
    const said = texts.say({ language: 'EN', brandName: 'Ac\r\nme\u202E', code: '123456' });
    expect(said).toBe('Ac me: your code is 123456. Do not pass it on to anybody.');
  });
});
