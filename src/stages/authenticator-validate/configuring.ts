import { deny, precede, responseError, retry } from '../../flow/outcome.js';
import type { Deny, Precede, Retry } from '../../flow/outcome.js';
import { setUpBy } from '../setup-stage-kinds.js';
import { noted } from './asked.js';
import type { Asked } from './asked.js';
import type { ValidateChallenge } from './challenge.js';
import { validateErrors } from './errors.js';
import type { ValidateRun } from './run.js';

type SetupChoice = ValidateChallenge['setupStages'][number];

/** Where somebody who has nothing that counts can set something up that does. */
export function setupChoices({ config, services }: ValidateRun): SetupChoice[] {
  return config.setupStageIds.flatMap((id) => {
    const stage = services.definitions.stage(id);
    const kind = stage && setUpBy(stage.kind);
    return stage && kind && config.kinds.includes(kind) ? [{ id, name: stage.name, kind }] : [];
  });
}

/**
 * Has the person set something up, at the only stage there is or at the one that they choose; null where they have yet to
 * choose. Whoever has something that does not count here is asked for that first: the setup stages see to it.
 */
export function settingUp(asked: Asked, choices: readonly SetupChoice[]): Precede | Deny | null {
  if (asked.hasSetUp) return misconfigured('What has been set up does not count at this stage.');
  const [only, another] = choices;
  if (!only) return misconfigured('None of the setup stages sets up what counts at this stage.');
  return another ? null : settingUpAt(asked, only);
}

export function chosenSetup(asked: Asked, choices: readonly SetupChoice[], id: string): Precede | Retry {
  const chosen = choices.find((choice) => choice.id === id);
  if (chosen && !asked.hasSetUp) return settingUpAt(asked, chosen);
  const code = 'UNKNOWN_SETUP_STAGE';
  return retry([responseError('setupStageId', code, validateErrors[code])]);
}

function settingUpAt(asked: Asked, { id }: SetupChoice): Precede {
  return precede([{ stageId: id }], { changes: noted({ ...asked, hasSetUp: true }) });
}

function misconfigured(reason: string): Deny {
  return deny('CONFIGURATION_ERROR', `${reason} Please tell an administrator.`);
}
