import { stage } from '../support/relative-entries.js';
import { documentOf, outcome, translated } from '../support/relative.js';

describe('a secret that is an entry of its own', () => {
  const puzzle = (secret: string) =>
    stage('puzzle', 'captcha.captchastage', `{ public_key: open, secret: ${secret} }`);
  const shared = (attrs: string) =>
    `model: authentik_crypto_secrets.secret\nid: shared\nidentifiers: { name: shared }\nattrs: ${attrs}`;

  it('is kept by the stage that names it', async () => {
    const { document, problems, secrets } = await translated(
      documentOf(shared('{ value: hunter2hunter2 }'), puzzle('!KeyOf shared')),
    );
    expect(document).toMatchObject({
      entries: [{ stage: 'puzzle', config: { provider: 'RECAPTCHA_V2', secretKey: { secret: 'GIVEN_1' } } }],
    });
    expect(secrets.get('GIVEN_1')?.reveal()).toBe('hunter2hunter2');
    expect(problems).toMatchObject([{ severity: 'WARNING', path: 'entries[0].model' }]);
    expect(JSON.stringify([document, problems])).not.toContain('hunter2');
  });

  it.each([
    ['is made up there', shared('{}'), '!KeyOf shared'],
    ['is a file there', shared('{ type: file, value: aHVudGVyMg== }'), '!KeyOf shared'],
    ['is to be gone', `${shared('{ value: hunter2 }')}\nstate: absent`, '!KeyOf shared'],
    [
      'stands elsewhere',
      shared('{ value: hunter2 }'),
      '!Find [authentik_crypto_secrets.secret, [name, other]]',
    ],
    ['is none', stage('no', 'deny.denystage'), '!KeyOf no'],
  ])('is an error at the stage where it %s', async (_, entry, secret) => {
    const { said } = await outcome(documentOf(entry, puzzle(secret)));
    expect(said).toContainEqual(expect.stringMatching(/^ERROR entries\[1\]\.attrs\.secret /));
  });
});

it('the type of a field may be called what it was called for a while', async () => {
  const field = (attrs: string) =>
    `model: authentik_stages_prompt.prompt\nidentifiers: { name: f }\nattrs: { field_key: some-text, ${attrs} }`;
  const comesTo = (attrs: string) => outcome(documentOf(field(attrs)));

  expect(await comesTo('prompt_type: static')).toEqual(await comesTo('type: static'));
  expect(await comesTo('prompt_type: dropdown, placeholder: one')).toEqual(
    await comesTo('type: dropdown, placeholder: one'),
  );
});
