import type { z } from 'zod';

import { deny, responseError } from '../../flow/outcome.js';
import type { AnswerOutcome, Deny, Pass, Retry } from '../../flow/outcome.js';
import type { EmbeddedStage } from '../../flow/stage-kind.js';
import { captchaWidget } from '../captcha-widget.js';

const REMOVED = deny('CONFIGURATION_ERROR', 'The captcha stage has been removed or cannot be shown.');

/** What the captcha shows on the identification's screen, and what it has begun for that. */
export async function shownCaptcha(
  captcha: EmbeddedStage | undefined,
): Promise<(Pick<Retry, 'changes'> & { type: 'shown'; widget: z.infer<typeof captchaWidget> }) | Deny> {
  const shown = await captcha?.present();
  if (shown?.type === 'deny') return shown;
  if (shown?.type !== 'ask') return REMOVED;
  return { type: 'shown', widget: captchaWidget.parse(shown.challenge), changes: shown.changes };
}

/** What the captcha says to a token. Whatever was wrong with it looks like any other wrong answer. */
export async function answeredCaptcha(
  captcha: EmbeddedStage | undefined,
  token: string,
  refusal: string,
): Promise<Pass | Retry | Deny> {
  const outcome = await captcha?.answer({ token }, []);
  switch (outcome?.type) {
    case undefined:
    case 'precede':
      return REMOVED;
    case 'pass':
    case 'deny':
      return outcome;
    case 'stay':
    case 'retry': {
      const { changes, effects } = outcome;
      return {
        type: 'retry',
        errors: [responseError(null, 'INVALID_CREDENTIALS', refusal)],
        changes,
        effects,
      };
    }
  }
}

/** Whatever has become of the rest: a solution is used up, and another try needs another one. */
export function afterCaptcha(captcha: Pass, outcome: AnswerOutcome): AnswerOutcome {
  const used = captcha.effects.filter((effect) => effect.type !== 'openSession');
  switch (outcome.type) {
    case 'pass':
      return {
        ...outcome,
        effects: [...used, ...outcome.effects],
        changes: [...captcha.changes, ...outcome.changes],
      };
    case 'stay':
    case 'precede':
    case 'retry':
      return {
        ...outcome,
        effects: [...used, ...outcome.effects],
        changes: [...captcha.changes, ...outcome.changes],
      };
    case 'deny':
      return { ...outcome, effects: [...used, ...outcome.effects] };
  }
}
