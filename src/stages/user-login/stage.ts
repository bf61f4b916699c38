import { z } from 'zod';

import { secondsAfter } from '../../kernel/clock.js';
import { durationSeconds, durationText } from '../../kernel/duration.js';
import { assuranceLevel } from '../../flow/assurance.js';
import type { Effect } from '../../flow/effect.js';
import { ask, deny, pass, precede } from '../../flow/outcome.js';
import type { Pass } from '../../flow/outcome.js';
import { SECOND_FACTOR, isSecondFactorDue } from '../../flow/second-factor.js';
import type { FlowUser } from '../../flow/services/users.js';
import { defineStage } from '../define.js';
import type { TypedRun } from '../define.js';

const config = z.strictObject({
  sessionDuration: durationText
    .refine((text) => durationSeconds(text) >= 60, { error: 'Must be at least PT1M.' })
    .default('P1D')
    .describe('How long the session lasts. Default: P1D.'),
  rememberMeOffset: durationText
    .default('PT0S')
    .describe(
      'By how much longer, where the person asks to stay signed in; PT0S does not offer it. Default: PT0S.',
    ),
  terminateOtherSessions: z
    .boolean()
    .default(false)
    .describe('End every other session of the person. Default: false.'),
  asksForSecondFactor: z
    .boolean()
    .default(true)
    .describe(
      'Whether somebody who has set up a second factor is asked for it here, where no stage before has. Default: true.',
    ),
});

type Run = TypedRun<z.infer<typeof config>, never>;

export const userLoginStage = defineStage({
  name: 'user-login',
  description: 'Signs the person in whom the flow is about, by a session.',
  opensSession: true,
  config,
  facts: ({ asksForSecondFactor }) => ({ takes: 'PROVED', waivesSecondFactor: !asksForSecondFactor }),
  challenge: z.strictObject({}),
  response: z.strictObject({ rememberMe: z.boolean().describe('Whether to stay signed in for longer.') }),
  errors: {},
  services: [],

  async present(run) {
    const user = await provenUser(run);
    if (!user) return deny('STAGE_DENIED', 'You could not be signed in.');
    if (isDue(run, user)) return precede([SECOND_FACTOR]);
    return durationSeconds(run.config.rememberMeOffset) > 0 ? ask({}) : login(run, user, false);
  },

  async answer(run, { rememberMe }) {
    const user = await provenUser(run);
    if (!user) return deny('STAGE_DENIED', 'You could not be signed in.');
    return isDue(run, user) ? precede([SECOND_FACTOR]) : login(run, user, rememberMe);
  },
});

/** Somebody who exists, is not disabled, and about whom this execution has verified something. */
async function provenUser(run: Run): Promise<FlowUser | undefined> {
  const user = await run.user();
  return user?.active === true && run.proofs.length > 0 ? user : undefined;
}

function isDue({ config, proofs }: Run, user: FlowUser): boolean {
  return config.asksForSecondFactor && isSecondFactorDue(user, proofs);
}

function login(
  { config, chance, now, viewer, proofs, flow, client }: Run,
  user: FlowUser,
  persistent: boolean,
): Pass {
  const seconds =
    durationSeconds(config.sessionDuration) + (persistent ? durationSeconds(config.rememberMeOffset) : 0);
  const sessionId = chance.id();
  const effects: Effect[] = [
    {
      type: 'openSession',
      sessionId,
      userId: user.id,
      token: chance.token(),
      expiresAt: secondsAfter(now, seconds),
      persistent,
      amr: proofs,
      aal: assuranceLevel(proofs),
      waivesSecondFactor: !config.asksForSecondFactor,
    },
    {
      type: 'recordEvent',
      action: 'LOGIN',
      userId: user.id,
      details: { flow: flow.slug, amr: [...proofs], client: client.kind },
    },
  ];
  if (viewer) effects.push({ type: 'endSession', sessionId: viewer.sessionId });
  if (config.terminateOtherSessions) {
    effects.push({ type: 'endOtherSessions', userId: user.id, keptSessionId: sessionId });
  }
  return pass({ effects });
}
