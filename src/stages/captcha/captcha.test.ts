import { z } from 'zod';

import { agreeableRun } from '../../../test/support/stage-run.js';
import type { JsonObject } from '../../kernel/json.js';
import { Secret } from '../../kernel/secret.js';
import type { CaptchaQuestion, Captchas } from '../../flow/services/captchas.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { captchaConfig } from './config.js';
import { captchaStage } from './stage.js';
import { isWebService } from '../web-service.js';

const REMOTE = { provider: 'TURNSTILE', siteKey: 'site', secretKey: { sealed: 'a seal' } };
const json: z.ZodType<JsonObject> = z.record(z.string(), z.json());
const complete = (config: JsonObject): JsonObject => json.parse(captchaConfig.parse(config));

function runOf(config: JsonObject, services: Partial<StageRun['services']> = {}): StageRun {
  const { run } = agreeableRun('captcha', complete(config));
  return { ...run, services: { ...run.services, ...services } };
}
const { captchas } = agreeableRun('captcha', {}).run.services;
const verifying = (verify: Captchas['verify']) => ({ captchas: { ...captchas, verify } });
const answer = (run: StageRun) => captchaStage.answer?.(run, { token: 'a token' });

describe('a captcha stage', () => {
  it('opens its secret for the stage that it is, and tells it to the provider', async () => {
    const opened: unknown[] = [];
    const asked: CaptchaQuestion[] = [];
    const stageSecrets = {
      open: (...how: unknown[]) => {
        opened.push(how);
        return new Secret('in clear');
      },
    };
    const run = runOf(REMOTE, {
      stageSecrets,
      ...verifying(async (question) => {
        asked.push(question);
        return { type: 'right', useKey: 'key', score: null };
      }),
    });
    expect(await answer(run)).toMatchObject({ type: 'pass', effects: [{ type: 'useOnce', key: 'key' }] });
    expect(opened).toEqual([[{ sealed: 'a seal' }, { stageId: run.stage.id, field: 'secretKey' }]]);
    expect(asked[0]?.secret.reveal()).toBe('in clear');
    expect(asked).toMatchObject([{ token: 'a token', clientAddress: run.client.address }]);
  });

  it('denies where the secret cannot be opened, and asks nobody', async () => {
    const verify = () => Promise.reject(new Error('asked'));
    const run = runOf(REMOTE, { stageSecrets: { open: () => undefined }, ...verifying(verify) });
    expect(await answer(run)).toMatchObject({ type: 'deny', code: 'CONFIGURATION_ERROR' });
    const inClear = runOf({ ...REMOTE, secretKey: 'in clear' }, verifying(verify));
    expect(await answer(inClear)).toMatchObject({ type: 'deny', code: 'CONFIGURATION_ERROR' });
  });

  it('uses a solution up whose score is refused', async () => {
    const run = runOf(
      REMOTE,
      verifying(async () => ({ type: 'right', useKey: 'key', score: 0.1 })),
    );
    expect(await answer(run)).toMatchObject({
      ...{ type: 'retry', errors: [{ code: 'CAPTCHA_SCORE' }] },
      effects: [{ type: 'useOnce', key: 'key' }],
    });
  });

  it('tells administrators where the provider does not answer', async () => {
    const run = runOf(
      REMOTE,
      verifying(async () => ({ type: 'unavailable' })),
    );
    expect(await answer(run)).toMatchObject({
      ...{ type: 'retry', errors: [{ code: 'CAPTCHA_UNAVAILABLE' }] },
      effects: [{ type: 'recordEvent', action: 'CAPTCHA_UNAVAILABLE', details: { provider: 'TURNSTILE' } }],
    });
  });

  it('takes no solution of a puzzle that this execution was not given', async () => {
    expect(await answer(runOf({}))).toMatchObject({ type: 'retry', errors: [{ code: 'CAPTCHA_EXPIRED' }] });
  });

  it('shows a puzzle again until it is answered or too old, and each stage its own', async () => {
    let made = 0;
    const puzzle = async () => ({ number: (made += 1) });
    const run = runOf({}, { captchas: { ...captchas, puzzle } });
    const shown = await captchaStage.present(run);
    if (shown.type !== 'ask') throw new Error('it asks');
    const context = run.context.with(shown.changes);
    expect(await captchaStage.present({ ...run, context })).toMatchObject({
      challenge: { puzzle: { number: 1 } },
    });
    const now = new Date(run.now.getTime() + 600_000);
    expect(await captchaStage.present({ ...run, context, now })).toMatchObject({
      challenge: { puzzle: { number: 2 } },
    });
    const stage = { ...run.stage, id: 'another' };
    expect(await captchaStage.present({ ...run, context, stage })).toMatchObject({
      challenge: { puzzle: { number: 3 } },
    });
  });
});

describe('an address of a provider', () => {
  it.each([
    'https://captcha.example/api.js?x=1',
    'http://localhost:3000/',
    'http://127.0.0.1/',
    'http://[::1]:8/',
  ])('can be %s', (address) => expect(isWebService(address)).toBe(true));

  it.each([
    'http://captcha.example/',
    'https://user@captcha.example/',
    'https://captcha.example/#fragment',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'https://0.0.0.0/',
    'https://169.254.169.254/',
    'https://[::ffff:10.0.0.1]/',
    'ftp://localhost/',
    'javascript:alert(1)',
    '/path',
    '',
  ])('cannot be %s', (address) => expect(isWebService(address)).toBe(false));
});
