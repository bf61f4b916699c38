import { z } from 'zod';

import { agreeableRun } from '../../../test/support/stage-run.js';
import { promptField } from '../../../test/support/prompt-fields.js';
import type { ContextChange } from '../../flow/context.js';
import { promptDataKey } from '../../flow/context-keys.js';
import type { PromptFieldDefinition } from '../../flow/prompt-field.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { promptStage } from './stage.js';

const uuid = (index: number) => `b4c1b1a0-0000-4000-8000-00000000000${index}`;
/** What the expression `changes` comes to by now. */
let works = ['de', 'en'];
beforeEach(() => {
  works = ['de', 'en'];
});

/** A form of these fields, in an execution that knows this. */
function formOf(fields: readonly PromptFieldDefinition[], known: readonly ContextChange[] = []): StageRun {
  const placed = fields.map((field, index) => ({ ...field, id: uuid(index) }));
  const { run } = agreeableRun('prompt', { fieldIds: placed.map(({ id }) => id), validationPolicyIds: [] });
  const { definitions } = run.services;
  return {
    ...run,
    compute: async (_place, _expression, read) => read(works),
    services: {
      ...run.services,
      definitions: { ...definitions, promptField: (wanted) => placed.find(({ id }) => id === wanted) },
    },
    context: run.context.with([promptDataKey.to({}), ...known]),
  };
}

async function presented(run: StageRun): Promise<StageRun> {
  const outcome = await promptStage.present(run);
  if (outcome.type !== 'ask') throw new Error(outcome.type);
  return { ...run, context: run.context.with(outcome.changes) };
}

const answered = (run: StageRun, ...values: object[]) =>
  promptStage.answer?.(run, z.record(z.string(), z.json()).parse({ values }));

async function dataAfter(run: StageRun, ...values: object[]) {
  const outcome = await answered(run, ...values);
  return outcome?.type === 'pass' ? run.context.with(outcome.changes).get(promptDataKey) : outcome;
}

const language = promptField('language', 'DROPDOWN', { choicesExpression: 'changes' });
const plan = promptField('plan', 'HIDDEN', { initialValue: 'basic' });
const chosen = (text: string) => ({ key: 'language', value: { text } });

describe('an answer to a form', () => {
  it('is held against the choices that were shown, whatever their expression comes to by now', async () => {
    const shown = await presented(formOf([language]));
    works = ['fr'];
    expect(await dataAfter(shown, chosen('de'))).toEqual({ language: 'de' });
    expect(await answered(shown, chosen('fr'))).toMatchObject({
      errors: [{ field: 'values.language', code: 'NOT_A_CHOICE' }],
    });
    expect(await dataAfter(await presented(shown), chosen('fr'))).toEqual({ language: 'fr' });
  });

  it('is asked for again where the form has been changed since', async () => {
    const shown = await presented(formOf([language]));
    const changed = { ...formOf([{ ...language, version: 2 }]), context: shown.context };
    expect(await answered(changed, chosen('de'))).toMatchObject({
      type: 'stay',
      messages: [{ level: 'WARNING' }],
    });
    expect(await dataAfter(await presented(changed), chosen('de'))).toEqual({ language: 'de' });
  });

  it('is held against the form of its own stage', async () => {
    const { context } = await presented(formOf([promptField('language', 'TEXT')]));
    const other = { ...formOf([language]), context };
    const elsewhere = { ...other, stage: { ...other.stage, id: 'another' } };
    expect(await answered(elsewhere, chosen('anything'))).toMatchObject({
      errors: [{ code: 'NOT_A_CHOICE' }],
    });
  });

  it('leaves what the server has decided, as it was when the form was shown', async () => {
    const run = formOf([plan, promptField('seat', 'TEXT_READ_ONLY', { initialValue: '1A' })]);
    const shown = await presented(run);
    expect(await dataAfter(shown)).toEqual({ plan: 'basic', seat: '1A' });
    for (const key of ['plan', 'seat']) {
      expect(await answered(shown, { key, value: { text: 'gold' } })).toMatchObject({
        type: 'retry',
        errors: [{ field: `values.${key}`, code: 'UNKNOWN_FIELD' }],
      });
    }
  });

  it('tells nothing of hidden fields', async () => {
    const outcome = await promptStage.present(formOf([plan, promptField('name', 'TEXT')]));
    expect(outcome).toMatchObject({ type: 'ask', challenge: { fields: [{ key: 'name' }] } });
    expect(JSON.stringify(outcome.type === 'ask' && outcome.challenge)).not.toContain('basic');
  });

  it('goes on what the execution knows where a field is hidden', async () => {
    const run = formOf([plan], [promptDataKey.to({ plan: 'gold' })]);
    expect(await dataAfter(await presented(run))).toEqual({ plan: 'gold' });
  });

  it('takes away what was known of fields that are left blank, and nothing else', async () => {
    const known = promptDataKey.to({ nickname: 'Countess', elsewhere: 7 });
    const run = formOf([promptField('nickname', 'TEXT', { required: false })], [known]);
    expect(await dataAfter(await presented(run))).toEqual({ elsewhere: 7 });
  });

  it('keeps no heading, alert or line', async () => {
    const shown = (['STATIC', 'ALERT_INFO', 'ALERT_WARNING', 'ALERT_DANGER', 'SEPARATOR'] as const).map(
      (type, index) => promptField(`shown${index}`, type, { initialValue: 'Welcome' }),
    );
    expect(await dataAfter(await presented(formOf(shown)))).toEqual({});
  });

  it.each([
    ['two values', [{ key: 'name', value: { text: 'a', number: 1 } }]],
    ['no value', [{ key: 'name', value: {} }]],
    ['a value of no kind', [{ key: 'name', value: { list: ['a'] } }]],
    ['one field twice', [1, 2].map((index) => ({ key: 'name', value: { text: `${index}` } }))],
    ['a key that cannot be stored', [{ key: 'a\0', value: { text: 'a' } }]],
    ['more than it asks for', [{ key: 'name', value: { text: 'a' }, required: false }]],
    ['too many entries', Array.from({ length: 101 }, () => ({ key: 'name', value: { text: 'a' } }))],
  ])('is refused where it has %s', async (_what, values) => {
    const shown = await presented(formOf([promptField('name', 'TEXT')]));
    expect(await answered(shown, ...values)).toMatchObject({ type: 'retry' });
  });

  it('is refused where all forms together have collected too much', async () => {
    const known = promptDataKey.to({ elsewhere: 'x'.repeat(399_990) });
    const shown = await presented(formOf([promptField('name', 'TEXT')], [known]));
    expect(await answered(shown, { key: 'name', value: { text: 'Ada' } })).toMatchObject({
      errors: [{ code: 'TOO_MUCH' }],
    });
  });

  it('forgets the form once it is good', async () => {
    const shown = await presented(formOf([promptField('name', 'TEXT')]));
    const outcome = await answered(shown, { key: 'name', value: { text: 'Ada' } });
    const after = shown.context.with(outcome?.type === 'pass' ? outcome.changes : []);
    expect([Object.keys(shown.context.secret), Object.keys(after.secret)]).toEqual([
      expect.arrayContaining(['promptForm']),
      expect.not.arrayContaining(['promptForm']),
    ]);
  });
});

it('a form without anything to choose from denies, and is never skipped', async () => {
  works = [];
  expect(await promptStage.present(formOf([language]))).toMatchObject({
    type: 'deny',
    code: 'CONFIGURATION_ERROR',
  });
});
