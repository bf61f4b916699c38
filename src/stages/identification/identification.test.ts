import { agreeableRun } from '../../../test/support/stage-run.js';
import { ask, deny, pass, responseError, retry, stay } from '../../flow/outcome.js';
import type { AnswerOutcome, PresentOutcome } from '../../flow/outcome.js';
import type { Effect } from '../../flow/effect.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { identificationStage } from './stage.js';

const NOBODY_FOUND = async () => undefined;
const CAPTCHA_STAGE = 'b4c1b1a0-0000-4000-8000-000000000002';
const PASSWORD_STAGE = 'b4c1b1a0-0000-4000-8000-000000000001';

function answered(
  config: StageRun['stage']['config'],
  also: Partial<StageRun['services']>,
  password?: string,
) {
  const { run } = agreeableRun('identification', config);
  const passed: Effect = {
    type: 'changeReputation',
    name: { identifier: 'sample', known: true },
    behaved: 'WELL',
  };
  const embed = () => ({
    kind: 'password',
    present: async () => ask({}),
    answer: async () => pass({ effects: [passed] }),
  });
  const response = { identifier: ' Sample', ...(password !== undefined && { password }) };
  return identificationStage.answer?.({ ...run, services: { ...run.services, ...also }, embed }, response);
}

const { services } = agreeableRun('identification', {}).run;
const nobody = { users: { ...services.users, byIdentifier: NOBODY_FOUND } };
const ONLY_KNOWN = { pretendUserExists: false };

describe('an identification stage with a captcha', () => {
  const config = { captchaStageId: CAPTCHA_STAGE, passwordStageId: PASSWORD_STAGE };
  const once: Effect = { type: 'useOnce', key: 'the solution', expiresAt: new Date(0) };
  const fresh = { key: 'captcha.puzzles', secret: false, value: undefined };
  const right = pass({ effects: [once], changes: [fresh] });
  const wrong = retry([responseError('token', 'CAPTCHA_FAILED', 'wrong')], { changes: [fresh] });

  /** What is asked, in order, and what comes of it. */
  async function tried(captcha: AnswerOutcome, password: AnswerOutcome) {
    const { run } = agreeableRun('identification', config);
    const order: string[] = [];
    const answer = {
      identification: async () => (order.push('users'), undefined),
      [CAPTCHA_STAGE]: async () => (order.push('captcha'), captcha),
      [PASSWORD_STAGE]: async () => (order.push('password'), password),
    };
    const users = { ...run.services.users, byIdentifier: answer.identification };
    const embed: StageRun['embed'] = (id) => ({
      kind: 'any',
      present: async () => ask({}),
      answer: id === CAPTCHA_STAGE ? answer[CAPTCHA_STAGE] : answer[PASSWORD_STAGE],
    });
    const response = { identifier: 'sample', password: 'a passphrase', captchaToken: 'a token' };
    const services = { ...run.services, users };
    const outcome = await identificationStage.answer?.({ ...run, services, embed }, response);
    return { order, outcome };
  }

  it('looks nobody up before it is solved, and says of what was wrong with it no more than of a wrong password', async () => {
    for (const captcha of [wrong, stay({ changes: [fresh] })]) {
      const { order, outcome } = await tried(captcha, pass());
      expect(order).toEqual(['captcha']);
      expect(outcome).toMatchObject({
        ...{ type: 'retry', changes: [fresh] },
        errors: [{ field: null, code: 'INVALID_CREDENTIALS' }],
      });
    }
    const removed = deny('CONFIGURATION_ERROR', 'gone');
    expect(await tried(removed, pass())).toEqual({ order: ['captcha'], outcome: removed });
  });

  it('uses its solution up, whatever becomes of the rest', async () => {
    const outcomes = [pass(), retry([responseError('password', 'INVALID_CREDENTIALS', 'wrong')]), stay()];
    for (const password of outcomes) {
      const { order, outcome } = await tried(right, password);
      expect(order).toEqual(['captcha', 'users', 'password']);
      expect(outcome).toMatchObject({ type: password.type, effects: [once] });
      expect(outcome).toHaveProperty('changes', expect.arrayContaining([fresh]));
    }
    const denied = await tried(right, deny('STAGE_DENIED', 'too often'));
    expect(denied.outcome).toMatchObject({ type: 'deny', effects: [once] });
  });

  it('denies where the captcha is gone, or has nothing to show: it is never left out', async () => {
    const { run } = agreeableRun('identification', config);
    const shows = (outcome: PresentOutcome) => () => ({
      kind: 'captcha',
      present: async () => outcome,
      answer: async () => pass(),
    });
    for (const embed of [() => undefined, shows(pass()), shows(deny('CONFIGURATION_ERROR', 'wrong'))]) {
      expect(await identificationStage.present({ ...run, embed })).toMatchObject({
        type: 'deny',
        code: 'CONFIGURATION_ERROR',
      });
    }
    const response = { identifier: 'sample', password: 'a passphrase', captchaToken: 'a token' };
    const answered = await identificationStage.answer?.({ ...run, embed: () => undefined }, response);
    expect(answered).toMatchObject({ type: 'deny', code: 'CONFIGURATION_ERROR' });
  });
});

describe('an identification stage', () => {
  it('makes the reputation of a name worse that it says is nobody’s', async () => {
    expect(await answered(ONLY_KNOWN, nobody)).toMatchObject({
      type: 'retry',
      effects: [{ type: 'changeReputation', name: { identifier: 'sample', known: false }, behaved: 'BADLY' }],
    });
  });

  it('does not make it better by a name: to know one proves nothing', async () => {
    expect(await answered(ONLY_KNOWN, {})).toMatchObject({
      type: 'pass',
      effects: [{ type: 'forgetGuesses' }],
    });
    expect(await answered({}, {})).toMatchObject({ type: 'pass', effects: [] });
  });

  it('does not change it where it does not say whether there is somebody, or where it was asked too often', async () => {
    expect(await answered({}, nobody)).toMatchObject({ type: 'pass', effects: [] });
    const guesses = { count: async () => ({ allowed: false, retryAt: new Date(0) }) as const };
    expect(await answered(ONLY_KNOWN, { ...nobody, guesses })).toMatchObject({
      errors: [{ code: 'RATE_LIMITED' }],
      effects: [],
    });
  });

  it('leaves it to the password stage on the same screen, so that it changes once', async () => {
    const config = { passwordStageId: PASSWORD_STAGE };
    const { effects } = { effects: [], ...(await answered(config, {}, 'a lovely long passphrase')) };
    expect(effects.map(({ type }) => type)).toEqual(['changeReputation']);
  });
});
