import { durationSeconds } from '../../kernel/duration.js';
import { authenticatorKindNames } from '../../flow/authenticator-kind-names.js';
import type { FlowInfo } from '../../flow/definition.js';
import type { StageFacts } from '../../flow/stage-facts.js';
import type { ValidateConfig } from './config.js';

export function validateFacts(config: ValidateConfig, flow: FlowInfo): StageFacts {
  const takesAnybody = flow.designation === 'AUTHENTICATION' && config.kinds.includes('WEBAUTHN');
  return { gives: 'PROVED', ...(!takesAnybody && { takes: 'SIGNED_IN' }), ...secondFactor(config) };
}

function secondFactor(config: ValidateConfig): Pick<StageFacts, 'secondFactor'> {
  if (durationSeconds(config.rememberFor) > 0) return { secondFactor: 'REMEMBERED' };
  return config.notConfiguredAction !== 'SKIP' || everythingCounts(config) ? { secondFactor: 'ASKED' } : {};
}

/** Where not everything does, somebody may have a second factor, and still have none that counts here. */
function everythingCounts({ kinds, allowedModels, userVerification }: ValidateConfig): boolean {
  const allKinds = authenticatorKindNames.every((kind) => kinds.includes(kind));
  return allKinds && allowedModels.length === 0 && userVerification !== 'REQUIRED';
}
