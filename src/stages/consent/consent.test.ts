import { agreeableRun } from '../../../test/support/stage-run.js';
import { consentsKey, pendingUserKey } from '../../flow/context-keys.js';
import type { Consents } from '../../flow/services/consents.js';
import type { StageRun } from '../../flow/stage-kind.js';
import type { JsonObject } from '../../kernel/json.js';
import { checkStageConfig } from '../configuration.js';
import { consentStage } from './stage.js';

const READ = { id: 'read', name: 'Read your mail' };
const WRITE = { id: 'write', name: 'Send mail in your name' };

interface Told {
  readonly config?: JsonObject;
  /** What the person has agreed to before. */
  readonly granted?: readonly string[];
  readonly also?: Partial<StageRun>;
}

function runOf({ config = {}, granted, also = {} }: Told): StageRun {
  const { run } = agreeableRun('consent', { permissions: [READ], ...config });
  const consents: Consents = { granted: async () => granted };
  return { ...run, services: { ...run.services, consents }, ...also };
}

const nobody: Partial<StageRun> = { proofs: [], user: async () => undefined };
const unproven: Partial<StageRun> = { proofs: [] };
const shownOf = async (told: Told) => consentStage.present(runOf(told));

/** What comes of accepting what this run shows, where `by` the time of the answer the run is another one. */
async function accepted(told: Told, by: Partial<StageRun> = {}, accept = true) {
  const run = runOf(told);
  const shown = await consentStage.present(run);
  if (shown.type !== 'ask' || !consentStage.answer) throw new Error(`not asked: ${JSON.stringify(shown)}`);
  const outcome = await consentStage.answer(
    { ...run, context: run.context.with(shown.changes), ...by },
    { accept },
  );
  const changes = 'changes' in outcome ? outcome.changes : [];
  return { outcome, context: run.context.with(changes) };
}

describe('what a consent stage asks for', () => {
  it('is everything, of somebody who has agreed to nothing yet', async () => {
    expect(
      await shownOf({ config: { header: 'Our app wants to:', permissions: [READ, WRITE] } }),
    ).toMatchObject({
      type: 'ask',
      challenge: { header: 'Our app wants to:', permissions: [READ, WRITE], additionalPermissions: [] },
    });
  });

  it('lists apart what is new to somebody who has agreed to the rest', async () => {
    const told = { config: { permissions: [READ, WRITE] }, granted: ['read', 'other'] };
    expect(await shownOf(told)).toMatchObject({
      challenge: { permissions: [READ], additionalPermissions: [WRITE] },
    });
  });

  it.each<[string, Told]>([
    ['just that', { granted: ['read'] }],
    ['more than that', { granted: ['write', 'read'] }],
    ['nothing in particular, where that is all', { config: { permissions: [] }, granted: [] }],
  ])('is nothing, of somebody who has agreed to %s', async (_, told) => {
    expect(await shownOf(told)).toMatchObject({ type: 'pass', effects: [], proofs: [] });
  });

  it.each<[string, Told]>([
    ['the mode is ALWAYS', { config: { mode: 'ALWAYS' }, granted: ['read'] }],
    ['nobody has proved to be the person', { granted: ['read'], also: unproven }],
    ['the person only pretends to exist', { granted: ['read'], also: nobody }],
  ])('is everything where %s, whatever was agreed to before', async (_, told) => {
    expect(await shownOf(told)).toMatchObject({
      type: 'ask',
      challenge: { permissions: [READ], additionalPermissions: [] },
    });
  });
});

describe('a consent', () => {
  const forPerson = { type: 'grantConsent', userId: expect.any(String), stageId: expect.any(String) };

  it('is remembered for as long as is configured', async () => {
    const { outcome } = await accepted({ config: { expireIn: 'PT1H' } });
    const expiresAt = new Date('2030-01-01T13:00:00Z');
    expect(outcome).toMatchObject({
      type: 'pass',
      effects: [{ ...forPerson, permissions: ['read'], expiresAt }],
      proofs: [],
    });
    expect((await accepted({})).outcome).toMatchObject({
      effects: [{ expiresAt: new Date('2030-01-29T12:00:00Z') }],
    });
  });

  it('is remembered for good where the mode is PERMANENT, with what was new', async () => {
    const told = { config: { mode: 'PERMANENT', permissions: [READ, WRITE] }, granted: ['read'] };
    expect((await accepted(told)).outcome).toMatchObject({
      effects: [{ permissions: ['read', 'write'], expiresAt: null }],
    });
  });

  it('is not remembered where the mode is ALWAYS', async () => {
    const { outcome, context } = await accepted({ config: { mode: 'ALWAYS' } });
    expect(outcome).toMatchObject({ type: 'pass', effects: [] });
    expect(context.get(consentsKey)).toBeUndefined();
  });

  it.each([
    ['somebody without an account', nobody],
    ['somebody whom nobody has proved to be', unproven],
  ])('of %s is remembered by the execution only, which then does not ask again', async (_, also) => {
    const { outcome, context } = await accepted({ also });
    expect(outcome).toMatchObject({ type: 'pass', effects: [] });
    const [remembered] = context.get(consentsKey) ?? [];
    expect(remembered).toMatchObject({ permissions: ['read'], expiresAt: '2030-01-29T12:00:00.000Z' });
    expect(await shownOf({ also: { ...also, context } })).toMatchObject({ type: 'pass', effects: [] });
    const later = { ...also, context, now: new Date('2030-01-29T12:00:00Z') };
    expect(await shownOf({ also: later })).toMatchObject({ type: 'ask' });
    // What is remembered for somebody else's sake is not the consent of a person who is known by now.
    expect(await shownOf({ also: { context } })).toMatchObject({ type: 'ask' });
  });

  it('of whoever is signed in is theirs, but not where the flow is about somebody else', async () => {
    const { run } = agreeableRun('consent', {});
    const user = await run.user();
    if (!user) throw new Error('nobody is there');
    const viewer = { sessionId: 's', user, createdAt: run.now, expiresAt: run.now, amr: ['pwd'], aal: 1 };
    expect((await accepted({ also: { ...unproven, viewer } })).outcome).toMatchObject({
      effects: [{ userId: user.id }],
    });
    const another = { ...viewer, user: { ...user, id: 'another' } };
    expect((await accepted({ also: { ...unproven, viewer: another } })).outcome).toMatchObject({
      effects: [],
    });
  });

  it('looks the same of somebody who exists and of somebody who does not', async () => {
    const pretended = pendingUserKey.to({ id: null, identifier: 'sample' });
    const { context } = runOf({});
    const real = await shownOf({ granted: ['read'], also: { ...unproven, context } });
    const unreal = await shownOf({ also: { ...nobody, context: context.with([pretended]) } });
    expect(unreal).toEqual(real);
  });
});

describe('an answer to a consent stage', () => {
  it('that declines ends the flow, and nothing is remembered', async () => {
    const { outcome } = await accepted({}, {}, false);
    expect(outcome).toMatchObject({ type: 'deny', code: 'CONSENT_DECLINED', effects: [] });
  });

  it('agrees to nothing but what was shown: where the stage has changed since, it is shown anew', async () => {
    const { run } = agreeableRun('consent', { permissions: [READ, WRITE] });
    const changed = { ...run.stage, version: run.stage.version + 1 };
    const { outcome } = await accepted({}, { stage: changed });
    expect(outcome).toMatchObject({ type: 'stay', effects: [], messages: [{ level: 'WARNING' }] });
    expect((await accepted({}, { stage: { ...run.stage, id: 'another stage' } })).outcome.type).toBe('stay');
    expect((await accepted({}, { stage: changed }, false)).outcome.type).toBe('deny');
  });

  it('agrees to nothing where nothing was shown', async () => {
    expect(await consentStage.answer?.(runOf({}), { accept: true })).toMatchObject({
      type: 'stay',
      effects: [],
    });
  });
});

describe('the configuration of a consent stage', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: 'x' }));
  const problemsOf = async (config: object) => {
    const checked = await checkStageConfig(consentStage, config, () => true);
    return checked.ok ? [] : checked.problems.map(({ path }) => path);
  };

  it.each<[string, object, string[]]>([
    ['50 permissions', { permissions: many(50) }, []],
    ['51 permissions', { permissions: many(51) }, ['permissions']],
    ['two permissions of one id', { permissions: [READ, { ...WRITE, id: 'read' }] }, ['permissions']],
    ['a permission without a name', { permissions: [{ id: 'read', name: '' }] }, ['permissions.0.name']],
    ['a consent that is over at once', { expireIn: 'PT0S' }, ['expireIn']],
    ['a mode that there is not', { mode: 'NEVER' }, ['mode']],
  ])('with %s', async (_, config, problems) => {
    expect(await problemsOf(config)).toEqual(problems);
  });
});
