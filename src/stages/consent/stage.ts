import { z } from 'zod';

import { secondsAfter } from '../../kernel/clock.js';
import { durationSeconds } from '../../kernel/duration.js';
import { contextKey } from '../../flow/context.js';
import { consentsKey } from '../../flow/context-keys.js';
import { ask, deny, pass, stay } from '../../flow/outcome.js';
import type { Pass } from '../../flow/outcome.js';
import { defineStage } from '../define.js';
import type { TypedRun } from '../define.js';
import { consentChallenge, consentResponse } from './challenge.js';
import { consentConfig } from './config.js';
import type { ConsentConfig } from './config.js';

type Run = TypedRun<ConsentConfig, 'consents'>;

/** What the person is looking at: a stage as it was at one time. Only to that can they agree. */
const shownKey = contextKey('consent.shown', z.strictObject({ stageId: z.string(), version: z.int() }));

const DECLINED = 'You have not agreed, so this cannot go on.';
const CHANGED = 'What you are asked to agree to has changed. Please look at it again.';

export const consentStage = defineStage({
  name: 'consent',
  description: 'Asks the person to agree to something, and remembers for a while that they have.',
  config: consentConfig,
  challenge: consentChallenge,
  response: consentResponse,
  errors: {},
  services: ['consents'],

  async present(run) {
    const { stage, config } = run;
    const { mode, header, permissions } = config;
    const granted = mode === 'ALWAYS' ? undefined : await grantedSoFar(run);
    const additional = granted ? permissions.filter(({ id }) => !granted.includes(id)) : [];
    if (granted && additional.length === 0) return pass();
    const challenge = {
      header,
      permissions: permissions.filter((permission) => !additional.includes(permission)),
      additionalPermissions: additional,
    };
    return ask(challenge, { changes: [shownKey.to({ stageId: stage.id, version: stage.version })] });
  },

  async answer(run, { accept }) {
    const { stage, context } = run;
    if (!accept) return deny('CONSENT_DECLINED', DECLINED);
    const shown = context.get(shownKey);
    const current = shown?.stageId === stage.id && shown.version === stage.version;
    return current ? agreed(run) : stay({ messages: [{ level: 'WARNING', text: CHANGED }] });
  },
});

/**
 * The person whose consents these are. As long as nobody has proved to be them, they are asked and remembered like
 * somebody who does not exist: neither is it told what somebody has agreed to, nor can it be done in their name.
 */
async function personOf({ viewer, proofs, user }: Run): Promise<string | undefined> {
  const person = await user();
  return person && (proofs.length > 0 || viewer?.user.id === person.id) ? person.id : undefined;
}

async function grantedSoFar(run: Run): Promise<readonly string[] | undefined> {
  const { stage, context, services, now } = run;
  const userId = await personOf(run);
  if (userId !== undefined) return services.consents.granted(userId, stage.id, now);
  const remembered = context.get(consentsKey)?.find(({ stageId }) => stageId === stage.id);
  const { expiresAt = null } = remembered ?? {};
  return expiresAt === null || new Date(expiresAt) > now ? remembered?.permissions : undefined;
}

async function agreed(run: Run): Promise<Pass> {
  const { stage, config, context, now } = run;
  if (config.mode === 'ALWAYS') return pass({ changes: [shownKey.cleared()] });
  const expiresAt = config.mode === 'EXPIRING' ? secondsAfter(now, durationSeconds(config.expireIn)) : null;
  const consent = { stageId: stage.id, permissions: config.permissions.map(({ id }) => id) };
  const userId = await personOf(run);
  if (userId !== undefined) {
    return pass({
      changes: [shownKey.cleared()],
      effects: [{ type: 'grantConsent', userId, ...consent, expiresAt }],
    });
  }
  const others = (context.get(consentsKey) ?? []).filter(({ stageId }) => stageId !== stage.id);
  const remembered = { ...consent, expiresAt: expiresAt?.toISOString() ?? null };
  return pass({ changes: [shownKey.cleared(), consentsKey.to([...others, remembered])] });
}
