import { Composer, filledIn, uniqueName } from '../support/compose.js';
import { start } from '../support/flows.js';
import { MailedApp, codeIn } from '../support/mailed.js';
import { PASSWORD } from '../support/people.js';
import { until } from '../support/until.js';

const HTML = `<img src=x onerror="alert('1')"><script>alert(1)</script>&amp;{{ name }}{% raw %}`;
const ESCAPED = '&lt;script&gt;alert(1)&lt;/script&gt;';
const TAGS = /<img src=x|<script>alert/;

let house: MailedApp;
let composer: Composer;
beforeAll(async () => {
  house = await MailedApp.start();
  composer = new Composer(house.admin);
});
afterAll(() => house.close());

const newAddress = (): string => `${uniqueName('new')}@example.org`;

describe('HTML in what administrators write', () => {
  it.each(['TEXT', 'STATIC', 'ALERT_DANGER', 'TEXT_AREA'])(
    'is the text that it is, in a field of the type %s and the title around it',
    async (type) => {
      const fieldId = await composer.promptField({
        ...{ key: 'something', type, required: false },
        ...{ label: HTML, placeholder: HTML, initialValue: HTML, helpText: HTML },
      });
      const { slug } = await composer.flowOf({ title: HTML }, { prompt: { fieldIds: [fieldId] } });
      const shown = await house.app.client().ok(
        `mutation($slug: String!) { startFlow(input: { flow: { slug: $slug } }) {
          flow { title } step { ... on PromptChallenge { fields { label placeholder initialValue helpText } } }
        } }`,
        { slug },
      );
      expect(shown.startFlow.flow.title).toBe(HTML);
      expect(shown.startFlow.step.fields).toEqual([
        { label: HTML, placeholder: HTML, initialValue: HTML, helpText: HTML },
      ]);
    },
  );

  it('is the text that it is, where a stage or a policy denies', async () => {
    const denying = await composer.flowOf({}, { deny: { message: HTML } });
    expect((await start(house.app.client(), { flow: { slug: denying.slug } })).step.message).toBe(HTML);
    const guarded = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: guarded.id }, { dummy: { result: false, message: HTML } });
    expect((await start(house.app.client(), { flow: { slug: guarded.slug } })).step.message).toBe(HTML);
  });

  it('is answered as JSON, which no browser takes for a page', async () => {
    const { slug } = await composer.flowOf({ title: HTML }, { dummy: {} });
    const query = `mutation { startFlow(input: { flow: { slug: "${slug}" } }) { flow { title } } }`;
    const response = await house.app.client().post(JSON.stringify({ query }));
    expect(response.headers.get('content-type')).toMatch(/json/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is escaped in a mail, where it is the brand’s name or a person’s', async () => {
    const brandName = HTML.slice(0, 80);
    await house.admin.ok(
      'mutation($input: UpdateSettingsInput!) { updateSettings(input: $input) { brandName } }',
      { input: { brandName } },
    );
    const person = await house.person({ name: 'Eve <script>alert(1)</script>' });
    const journey = await house.begin('recovery-by-email');
    await journey.answer({ identification: { identifier: person.username } });
    const mail = await house.mailTo(person.email);
    expect(mail.html).not.toMatch(TAGS);
    expect(mail.html).toContain('&lt;img src=x');
    expect(mail.text).toContain(brandName);
    expect(mail.subject).toContain('<img src=x');
    expect(mail.html.includes('alert(1)') ? mail.html : ESCAPED).toContain(ESCAPED);
    // The notice of their password is on its way as well, and would come while others count mails.
    await until(() => house.mails.mails.filter(({ to }) => to.includes(person.email)).length === 2);
  });

  it('makes no second line of the brand’s name', async () => {
    const { errors } = await house.admin.send(
      'mutation($input: UpdateSettingsInput!) { updateSettings(input: $input) { brandName } }',
      { input: { brandName: 'Stagedoor\r\nBcc: eve@example.org' } },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('what people fill in', () => {
  const BREAKS = ['\r\nBcc: eve@example.org', '\nSubject: hello', '\r', '\u0000', '\u2028x', '\u0085x'];

  it.each(BREAKS.map((text) => [JSON.stringify(text), text]))(
    'puts nothing into a mail’s headers by an address with %s',
    async (_shown, text) => {
      const before = house.mails.mails.length;
      const journey = await house.begin('enrollment-with-email');
      await journey.answer(filledIn({ name: 'Eve', email: `eve@example.org${text}` }));
      expect(journey.step).toMatchObject({
        __typename: 'PromptChallenge',
        errors: [{ field: 'values.email' }],
      });
      expect(house.mails.mails).toHaveLength(before);
    },
  );

  it.each(BREAKS.map((text) => [JSON.stringify(text), text]))(
    'puts nothing into a mail’s headers by a name with %s',
    async (_shown, text) => {
      const email = newAddress();
      const journey = await house.begin('enrollment-with-email');
      await journey.answer(filledIn({ name: `Eve${text}`, email }));
      if (journey.step.__typename === 'PromptChallenge') {
        expect(journey.step.errors).toMatchObject([{ field: 'values.name' }]);
        return;
      }
      const mail = await house.mailTo(email);
      expect(mail.header('bcc')).toBeUndefined();
      expect(mail.to).toEqual([email]);
      expect(mail.raw.split(/^Subject:/m)).toHaveLength(2);
    },
  );

  it('makes no link of a name, by which strangers would be sent somewhere in the house’s name', async () => {
    const email = newAddress();
    const journey = await house.begin('enrollment-with-email');
    await journey.answer(filledIn({ name: 'Win now at https://evil.example', email }));
    const mail = await house.mailTo(email);
    expect(mail.text).not.toContain('evil.example');
    expect(mail.html).not.toContain('evil.example');
  });

  it.each([
    ['several recipients', 'a@example.org, b@example.org'],
    ['a name before it', 'Eve <eve@example.org>'],
    ['a group', 'all: a@example.org;'],
    ['a comment', 'eve(x)@example.org'],
    ['nothing after the at', 'eve@'],
    ['a source route', '@relay.example:eve@example.org'],
  ])('is no address with %s', async (_what, email) => {
    const journey = await house.begin('enrollment-with-email');
    await journey.answer(filledIn({ name: 'Eve', email }));
    expect(journey.step).toMatchObject({
      __typename: 'PromptChallenge',
      errors: [{ field: 'values.email', code: 'INVALID_EMAIL' }],
    });
  });

  it.each([
    ['a number', { number: 1 }],
    ['a box', { checked: true }],
    ['nothing', {}],
    ['two', { text: 'a', number: 1 }],
  ])('is no name where it is %s', async (_what, value) => {
    const journey = await house.begin('enrollment-with-email');
    const values = [
      { key: 'name', value },
      { key: 'email', value: { text: newAddress() } },
    ];
    await journey.answer({ prompt: { values } });
    const { errors, data } = journey.answers.at(-1) ?? {};
    const codes = [
      ...(errors ?? []).map(({ extensions }) => extensions.code),
      ...(data?.run?.step.errors ?? []),
    ];
    expect(codes).not.toEqual([]);
    expect(data?.run?.step.__typename ?? 'PromptChallenge').toBe('PromptChallenge');
  });

  it.each([
    ['another stage’s answer', { password: { password: 'x' } }],
    ['an answer to two stages', { email: { code: '12345678' }, password: { password: 'x' } }],
    ['an unknown field', { email: { code: '12345678', confirmed: true } }],
    ['a code that is an object', { email: { code: { $ne: '' } } }],
    ['a list', { email: [{ code: '12345678' }] }],
    ['an oversized code', { email: { code: '1'.repeat(100_000) } }],
    ['letters', { email: { code: 'abcdefgh' } }],
    ['full-width digits', { email: { code: '１２３４５６７８' } }],
    ['a match code in place of a code', { email: { matchCode: '10' } }],
    ['all at once', { email: { code: '12345678', resend: true, matchCode: '10' } }],
    ['nothing', { email: {} }],
  ])('does not get past a mail with %s', async (_what, response) => {
    const journey = await house.begin('enrollment-with-email');
    await journey.answer(filledIn({ name: 'Eve', email: newAddress() }));
    await journey.answer(response);
    await journey.look();
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', purpose: 'WAIT', confirmed: false });
  });

  it('writes nothing but what its flow is to write', async () => {
    const journey = await house.begin('enrollment-with-email');
    const email = newAddress();
    await journey.answer(filledIn({ name: 'Eve', email }));
    await journey.answer({ email: { code: codeIn(await house.mailTo(email)) } });
    const secrets = { password: PASSWORD, passwordRepeat: PASSWORD };
    const keys = [
      'email',
      'id',
      'groups',
      'superuser',
      'active',
      'kind',
      'path',
      'passwordHash',
      '__proto__',
    ];
    for (const key of [...keys, 'constructor', 'attributes.settings.locale', 'emailVerifiedAt']) {
      await journey.answer(
        filledIn(
          Object.fromEntries([['username', uniqueName('eve')], [key, 'x'], ...Object.entries(secrets)]),
        ),
      );
      expect(journey.step).toMatchObject({
        __typename: 'PromptChallenge',
        errors: [{ field: `values.${key}`, code: 'UNKNOWN_FIELD' }],
      });
    }
  });
});
