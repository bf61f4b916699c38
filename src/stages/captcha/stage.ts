import { z } from 'zod';

import { secondsAfter } from '../../kernel/clock.js';
import { durationSeconds } from '../../kernel/duration.js';
import { captchaKey } from '../../flow/context-keys.js';
import { ask, deny, pass, responseError, retry } from '../../flow/outcome.js';
import type { AnswerOutcome, RefusalEffect } from '../../flow/outcome.js';
import type { CaptchaVerdict } from '../../flow/services/captchas.js';
import { typedText } from '../answer-text.js';
import { LONGEST_CAPTCHA_TOKEN, captchaWidget } from '../captcha-widget.js';
import { defineStage } from '../define.js';
import type { TypedRun } from '../define.js';
import { captchaConfig } from './config.js';
import type { CaptchaConfig } from './config.js';
import { forgetPuzzle, puzzleOf, rememberPuzzle } from './puzzles.js';
import { widgetOf } from './widget.js';

const errors = {
  CAPTCHA_FAILED: 'This could not be confirmed. Please try again.',
  CAPTCHA_EXPIRED: 'This has taken too long. Please try again.',
  CAPTCHA_SCORE: 'This looks like a program at work. Please try again.',
  CAPTCHA_UNAVAILABLE: 'This cannot be checked at the moment. Please try again later.',
};

/** Longer than any provider takes a solution for. */
const REMEMBERED_SECONDS = 24 * 3600;

type Run = TypedRun<CaptchaConfig, 'captchas' | 'stageSecrets'>;

export const captchaStage = defineStage({
  name: 'captcha',
  description:
    'Tells people from programs, by a puzzle that costs time (ALTCHA) or by Turnstile, hCaptcha or reCAPTCHA.',
  config: captchaConfig,
  challenge: captchaWidget,
  response: z.strictObject({
    token: typedText(LONGEST_CAPTCHA_TOKEN).describe('What the widget gives for its solution.'),
  }),
  errors,
  services: ['captchas', 'stageSecrets'],

  async present({ config, context, stage, now, services: { captchas } }) {
    if (config.provider !== 'ALTCHA') return ask(widgetOf(config, null));
    const shown = puzzleOf(context, stage.id, now);
    if (shown) return ask(widgetOf(config, shown));
    const puzzle = await captchas.puzzle(config.difficulty);
    const expiresAt = secondsAfter(now, durationSeconds(config.puzzleLifetime)).toISOString();
    return ask(widgetOf(config, { puzzle, expiresAt }), {
      changes: [rememberPuzzle(context, stage.id, { puzzle, expiresAt })],
    });
  },

  async answer(run, { token }) {
    const verdict = await judged(run, token);
    if (verdict === 'unconfigured') {
      return deny(
        'CONFIGURATION_ERROR',
        'The secret of the captcha cannot be read. Please tell an administrator.',
      );
    }
    switch (verdict.type) {
      case 'unavailable':
        return refused(run, 'CAPTCHA_UNAVAILABLE', [unavailability(run)]);
      case 'wrong':
        return refused(run, verdict.expired ? 'CAPTCHA_EXPIRED' : 'CAPTCHA_FAILED');
      case 'right':
        return solved(run, verdict);
    }
  },
});

async function judged(run: Run, token: string): Promise<CaptchaVerdict | 'unconfigured'> {
  const { config, context, stage, now, client, services } = run;
  const { provider, secretKey: sealed, verifyUrl, hostnames, action } = config;
  if (provider === 'ALTCHA') {
    const shown = puzzleOf(context, stage.id, now);
    return shown ? services.captchas.solution(shown.puzzle, token) : { type: 'wrong', expired: true };
  }
  // In clear it was never kept.
  if (sealed === null || typeof sealed === 'string') return 'unconfigured';
  const secret = services.stageSecrets.open(sealed, { stageId: stage.id, field: 'secretKey' });
  if (!secret) return 'unconfigured';
  const clientAddress = client.address;
  return services.captchas.verify({ provider, secret, verifyUrl, token, clientAddress, hostnames, action });
}

function solved(run: Run, { useKey, score }: Extract<CaptchaVerdict, { type: 'right' }>): AnswerOutcome {
  const { config, context, stage, now } = run;
  const used: RefusalEffect = {
    type: 'useOnce',
    key: useKey,
    expiresAt: secondsAfter(now, REMEMBERED_SECONDS),
  };
  const isBad = score !== null && (score < config.scoreMinimum || score > config.scoreMaximum);
  if (isBad && config.refuseBadScores) return refused(run, 'CAPTCHA_SCORE', [used]);
  const { provider } = config;
  return pass({
    changes: [forgetPuzzle(context, stage.id), captchaKey.to({ stageId: stage.id, provider, score })],
    effects: [used],
  });
}

/** Only administrators can do something about it, and nothing else would tell them. */
function unavailability({ config: { provider }, stage }: Run): RefusalEffect {
  const details = { stageId: stage.id, stageName: stage.name, provider };
  return { type: 'recordEvent', action: 'CAPTCHA_UNAVAILABLE', userId: null, details };
}

/** Another try is made with another puzzle. */
function refused(
  { context, stage }: Run,
  code: keyof typeof errors,
  effects: RefusalEffect[] = [],
): AnswerOutcome {
  return retry([responseError('token', code, errors[code])], {
    changes: [forgetPuzzle(context, stage.id)],
    effects,
  });
}
