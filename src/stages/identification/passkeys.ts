import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { secretContextKey } from '../../flow/context.js';
import type { ContextChange } from '../../flow/context.js';
import type { Pass, Retry } from '../../flow/outcome.js';
import type { TypedRun } from '../define.js';
import { checkLonePasskey, requestLonePasskey } from '../lone-passkey.js';
import { askedRequest } from '../authenticator-check.js';
import type { AskedRequest, checkServices } from '../authenticator-check.js';
import type { IdentificationConfig } from './config.js';

const askedKey = secretContextKey(
  'identification.passkeys',
  z.strictObject({ stageId: z.string(), request: askedRequest }),
);

type Run = TypedRun<IdentificationConfig, (typeof checkServices)[number]>;

/**
 * What any passkey is asked here. It stays the same as long as no passkey has answered, whatever else is answered: the
 * browser's offer of passkeys is open all the while.
 */
export async function shownPasskeys(
  run: Run,
): Promise<{ readonly options: JsonObject | null; readonly changes: readonly ContextChange[] }> {
  if (!run.config.passkeys) return { options: null, changes: [] };
  const before = askedBefore(run);
  if (before) return { options: before.shown, changes: [] };
  const request = await requestLonePasskey(run);
  if (!request) return { options: null, changes: [] };
  return { options: request.shown, changes: [askedKey.to({ stageId: run.stage.id, request })] };
}

/** What is asked once is answered once: right or wrong, the next answer has to be another. */
export async function answeredPasskey(run: Run, passkey: JsonObject): Promise<Pass | Retry> {
  const outcome = await checkLonePasskey(run, passkey, askedBefore(run)?.kept ?? null);
  return { ...outcome, changes: [...outcome.changes, askedKey.cleared()] };
}

function askedBefore({ context, stage }: Run): AskedRequest | undefined {
  const asked = context.get(askedKey);
  return asked?.stageId === stage.id ? asked.request : undefined;
}
