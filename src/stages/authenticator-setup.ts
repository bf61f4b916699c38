import { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import { authenticatorRun } from '../flow/authenticating.js';
import type { NewAuthenticator, SetupRun } from '../flow/authenticator-kind.js';
import { authenticatorName } from '../flow/authenticator-name.js';
import type { AuthenticatorKindName } from '../flow/authenticator-kind-names.js';
import { secretContextKey } from '../flow/context.js';
import type { Effect } from '../flow/effect.js';
import { notice } from '../flow/mail.js';
import { ask, deny, pass, precede, responseError, retry, stay } from '../flow/outcome.js';
import type { AnswerOutcome, Deny, Precede, PresentOutcome } from '../flow/outcome.js';
import { expectingAuthenticators, isStrongerProofDue, ownership } from '../flow/ownership.js';
import { SECOND_FACTOR } from '../flow/second-factor.js';
import type { StageFacts } from '../flow/stage-facts.js';
import type { FlowUser } from '../flow/services/users.js';
import type { TypedRun } from './define.js';

/** The services that setting up any kind of authenticator takes. */
export const setupServices = ['authenticators', 'definitions', 'mailing'] as const;

/** What every setup stage can be configured with. */
export const setupConfig = {
  endOtherSessions: z
    .boolean()
    .default(true)
    .describe(
      'Whether the person’s other sessions, flows and links end when this has been set up. Default: true.',
    ),
};

/** Whoever has one already is asked for it; whoever has none has one afterwards. */
export function setupFacts(): StageFacts {
  return { takes: 'SIGNED_IN', gives: 'PROVED', secondFactor: 'ASKED' };
}

/** What every setup stage can be answered besides. */
export const setupResponse = {
  name: authenticatorName
    .describe(
      'What the person wants to call it: one line of at most 64 characters. Left out: its kind decides.',
    )
    .optional(),
};

/** Where something that can only be had once has been set up before, by whomever. */
export const ALREADY_SET_UP = 'This has been set up already.';

const json: z.ZodType<Json> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

/** What is being set up: kept encrypted, and only in the execution, until the person has shown that they have it. */
const setupKey = secretContextKey(
  'authenticatorSetup',
  z.strictObject({
    stageId: z.string(),
    userId: z.string(),
    shown: jsonObject,
    kept: jsonObject,
  }),
);

type Run = TypedRun<{ readonly endOtherSessions: boolean }, (typeof setupServices)[number]>;

/** Asks the person to set up an authenticator of this kind: the same one until they have, however often they look. */
export async function presentSetup(
  run: Run,
  kindName: AuthenticatorKindName,
  options: JsonObject,
): Promise<PresentOutcome> {
  const user = await entitled(run);
  if ('type' in user) return user;
  const begun = current(run, user);
  if (begun) return ask(begun.shown);
  const kind = run.services.authenticators.kind(kindName);
  if (!kind) return missing(kindName);
  const beginning = await kind.begin(await setupRun(run, user, kindName), options);
  if (beginning.type === 'denied') return deny('STAGE_DENIED', beginning.message);
  const { shown, kept, effects } = beginning.step;
  return ask(shown, { changes: [noted(run, user, shown, kept)], effects });
}

/** What was answered: what its kind has asked for, and what it is to be called. */
type SetupAnswer = Readonly<Record<string, Json | undefined>> & { readonly name?: string | undefined };

/** Sets it up, once the person has shown that they have it. */
export async function answerSetup(
  run: Run,
  kindName: AuthenticatorKindName,
  options: JsonObject,
  { name, ...response }: SetupAnswer,
): Promise<AnswerOutcome> {
  const user = await entitled(run);
  if ('type' in user) return user;
  const begun = current(run, user);
  // Of somebody else by now, or forgotten: it is begun anew.
  if (!begun) return stay();
  const kind = run.services.authenticators.kind(kindName);
  if (!kind) return missing(kindName);
  const outcome = await kind.setUp(
    await setupRun(run, user, kindName),
    options,
    begun.kept,
    jsonObject.parse(response),
  );
  switch (outcome.type) {
    case 'done':
      if (await isTaken(run, outcome.authenticator)) {
        const error = responseError(null, 'ALREADY_SET_UP', ALREADY_SET_UP);
        return retry([error], { changes: [setupKey.cleared()] });
      }
      return pass({
        proofs: outcome.proofs,
        changes: [setupKey.cleared()],
        effects: setUpEffects(run, user, kindName, outcome.authenticator, name),
      });
    case 'step': {
      const { shown, kept, effects } = outcome.step;
      return stay({ changes: [noted(run, user, shown, kept)], effects });
    }
    case 'refused': {
      const { step, errors } = outcome;
      if (step === 'same') return retry(errors);
      const change = step === 'anew' ? setupKey.cleared() : noted(run, user, step.shown, step.kept);
      return retry(errors, { changes: [change] });
    }
    case 'denied':
      return deny('STAGE_DENIED', outcome.message);
  }
}

/** Whoever has proved who they are, by the strongest means that they have; or what they have to do first. */
async function entitled(run: Run): Promise<FlowUser | Deny | Precede> {
  const user = await run.user();
  const owns = user ? ownership(run, user) : 'NONE';
  if (!user || owns === 'NONE') return deny('STAGE_DENIED', 'It is not known who is to set this up.');
  if (owns === 'SIGNED_IN') return deny('REAUTHENTICATION_REQUIRED', 'Sign in again, then set this up.');
  return isStrongerProofDue(run, user) ? precede([SECOND_FACTOR]) : user;
}

function current({ context, stage }: Run, user: FlowUser) {
  const begun = context.get(setupKey);
  return begun?.stageId === stage.id && begun.userId === user.id ? begun : undefined;
}

function noted({ stage }: Run, user: FlowUser, shown: JsonObject, kept: JsonObject) {
  return setupKey.to({ stageId: stage.id, userId: user.id, shown, kept });
}

async function setupRun(run: Run, user: FlowUser, kind: AuthenticatorKindName): Promise<SetupRun> {
  const existing = (await run.authenticators()).filter((owned) => owned.kind === kind);
  return { ...authenticatorRun(run, user), existing };
}

function setUpEffects(
  run: Run,
  user: FlowUser,
  kind: AuthenticatorKindName,
  { name: usual, ...authenticator }: NewAuthenticator,
  wanted: string | undefined,
): Effect[] {
  const { chance, config, now, viewer } = run;
  const name = wanted ?? usual;
  const id = chance.id();
  const effects: Effect[] = [
    expectingAuthenticators(user),
    { type: 'addAuthenticator', id, userId: user.id, kind, name, ...authenticator, createdAt: now },
    {
      type: 'recordEvent',
      action: 'AUTHENTICATOR_ADDED',
      userId: user.id,
      details: { authenticatorId: id, kind, name, replaces: authenticator.replaces },
    },
  ];
  // Whoever has made the account in this very flow need not be told.
  if (!run.proofs.includes('enrollment'))
    effects.push(...notice(run, user, 'authenticator-added', { authenticator: name }));
  if (config.endOtherSessions) {
    effects.push({ type: 'shutOutOthers', userId: user.id, keptSessionId: viewer?.sessionId ?? null });
  }
  return effects;
}

/** Whether somebody has set up this very thing: they, or somebody else. */
async function isTaken({ services }: Run, { uniqueKey }: NewAuthenticator): Promise<boolean> {
  return uniqueKey !== null && (await services.authenticators.byKey(uniqueKey)) !== undefined;
}

function missing(kind: AuthenticatorKindName): Deny {
  return deny('CONFIGURATION_ERROR', `This installation has no authenticators of the kind ${kind}.`);
}
