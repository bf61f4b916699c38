import { randomUUID } from 'node:crypto';
import { z } from 'zod';

import { pass } from '../flow/outcome.js';
import { checkStageConfig, mapReferences } from './configuration.js';
import { defineSilentStage } from './define.js';
import { flowReference, promptFieldReference, stageReference } from './reference.js';

const CANARY = 'canary4711';
const stageId = randomUUID();
const flowId = randomUUID();
const fieldIds = [randomUUID(), randomUUID()];

const kind = defineSilentStage({
  name: 'example',
  description: 'For this test.',
  config: z.strictObject({
    text: z.string().max(5).default('none').describe('Text.'),
    passwordStageId: stageReference('password').nullable().default(null).describe('A stage.'),
    flowId: flowReference().optional().describe('A flow.'),
    fieldIds: z.array(promptFieldReference()).max(3).default([]).describe('Fields.'),
  }),
  services: [],
  run: async () => pass(),
});
const everything = async () => true;
const full = { passwordStageId: stageId, flowId, fieldIds };

describe("a stage's configuration", () => {
  it('is completed with defaults', async () => {
    expect(await checkStageConfig(kind, {}, everything)).toEqual({
      ok: true,
      config: { text: 'none', passwordStageId: null, fieldIds: [] },
      references: [],
      secrets: [],
    });
  });

  it('says what it refers to, wherever that stands', async () => {
    expect(await checkStageConfig(kind, full, everything)).toMatchObject({
      ok: true,
      references: [
        { to: 'stage', id: stageId },
        { to: 'flow', id: flowId },
        { to: 'promptField', id: fieldIds[0] },
        { to: 'promptField', id: fieldIds[1] },
      ],
    });
  });

  it('asks for the kind of stage that a reference wants', async () => {
    const asked: unknown[][] = [];
    await checkStageConfig(kind, full, async (...question) => asked.push(question) > 0);
    expect(asked).toContainEqual(['stage', stageId, ['password']]);
    expect(asked).toContainEqual(['flow', flowId, undefined]);
  });

  it('may not refer to what is not there; each place is named', async () => {
    const checked = await checkStageConfig(kind, full, async (_to, id) => id === fieldIds[0]);
    expect(checked).toEqual({
      ok: false,
      problems: [
        { path: 'passwordStageId', code: 'NOT_FOUND', message: 'There is no password stage with this id.' },
        { path: 'flowId', code: 'NOT_FOUND', message: 'There is no flow with this id.' },
        { path: 'fieldIds.1', code: 'NOT_FOUND', message: 'There is no prompt field with this id.' },
      ],
    });
  });

  it.each<[string, unknown, string[]]>([
    ['text that is too long', { text: CANARY }, ['text']],
    ['something other than text', { text: { [CANARY]: CANARY } }, ['text']],
    ['an id that is none', { passwordStageId: CANARY, flowId: CANARY }, ['passwordStageId', 'flowId']],
    ['an id within a list that is none', { fieldIds: [fieldIds[0], CANARY] }, ['fieldIds.1']],
    ['no object', CANARY, ['']],
    ['nothing', undefined, ['']],
  ])('is refused with %s, which is not quoted', async (_name, config, paths) => {
    const checked = await checkStageConfig(kind, config, everything);
    expect(checked).toMatchObject({ ok: false, problems: paths.map((path) => ({ path })) });
    expect(JSON.stringify(checked)).not.toContain(CANARY);
  });

  it('names a field that it does not know, without its value', async () => {
    const checked = await checkStageConfig(kind, { secret: CANARY }, everything);
    expect(checked).toMatchObject({ ok: false, problems: [{ path: 'secret', code: 'UNRECOGNIZED_KEYS' }] });
    expect(JSON.stringify(checked)).not.toContain(CANARY);
  });
});

describe('a configuration in a document', () => {
  const named = { text: 'hi', passwordStageId: 'by-password', flowId: 'welcome', fieldIds: ['name', 'mail'] };

  it('has ids put in place of names, and nothing else changed', () => {
    const mapped = mapReferences(kind, { ...named, unknown: 'kept' }, (to, name) => `${to}:${name}`);
    expect(mapped).toEqual({
      text: 'hi',
      passwordStageId: 'stage:by-password',
      flowId: 'flow:welcome',
      fieldIds: ['promptField:name', 'promptField:mail'],
      unknown: 'kept',
    });
  });

  it('keeps what is no reference where one is due, for the check to find', () => {
    const odd = { passwordStageId: null, flowId: 3, fieldIds: 'name' };
    expect(mapReferences(kind, odd, () => 'mapped')).toEqual(odd);
  });
});
