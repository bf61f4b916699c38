import { agreeableRun } from '../../../test/support/stage-run.js';
import { ask, pass } from '../../flow/outcome.js';
import type { Effect } from '../../flow/effect.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { identificationStage } from './stage.js';

const NOBODY_FOUND = async () => undefined;
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
