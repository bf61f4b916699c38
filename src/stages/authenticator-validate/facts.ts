import { authenticatorKindNames } from '../../flow/authenticator-kind-names.js';
import type { FlowInfo } from '../../flow/definition.js';
import type { StageFacts } from '../../flow/stage-facts.js';
import type { ValidateConfig } from './config.js';

/** Everybody who has a second factor is asked only where all kinds count. */
export function validateFacts({ kinds }: ValidateConfig, flow: FlowInfo): StageFacts {
  const takesAnybody = flow.designation === 'AUTHENTICATION' && kinds.includes('WEBAUTHN');
  const asksEverybody = authenticatorKindNames.every((kind) => kinds.includes(kind));
  return {
    gives: 'PROVED',
    ...(!takesAnybody && { takes: 'SIGNED_IN' }),
    ...(asksEverybody && { secondFactor: 'ASKED' }),
  };
}
