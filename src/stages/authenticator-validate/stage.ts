import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { pendingUserKey } from '../../flow/context-keys.js';
import { ask, deny, pass, responseError, retry, stay } from '../../flow/outcome.js';
import type { AnswerOutcome, Pass, PresentOutcome, RefusalEffect, Retry } from '../../flow/outcome.js';
import { authenticatorOf } from '../../flow/second-factor.js';
import { checkAuthenticator, refused, unknownPasskey } from '../authenticator-check.js';
import { defineStage } from '../define.js';
import { checkLonePasskey } from '../lone-passkey.js';
import { commonErrorCodes } from '../response-errors.js';
import { askedBefore, choosing, forgotten, noted, withPasskeys } from './asked.js';
import type { Asked } from './asked.js';
import { validateChallenge, validateResponse } from './challenge.js';
import type { ValidateChallenge, ValidateResponse } from './challenge.js';
import { validateConfig } from './config.js';
import { chosenSetup, settingUp, setupChoices } from './configuring.js';
import { validateErrors } from './errors.js';
import { validateFacts } from './facts.js';
import { demandsOf, offerOf, usualChoice } from './offer.js';
import type { Offer, Usable } from './offer.js';
import { isRemembered, mayRemember, remembering } from './remembering.js';
import { validateServices } from './run.js';
import type { ValidateRun } from './run.js';

type Of<Type extends Offer['type']> = Extract<Offer, { type: Type }>;

export const authenticatorValidateStage = defineStage({
  name: 'authenticator-validate',
  description:
    'Asks for something that the person has set up: a code of an app, a recovery code, a passkey, or a code that is sent to them.',
  config: validateConfig,
  facts: validateFacts,
  challenge: validateChallenge,
  response: validateResponse,
  errors: validateErrors,
  services: validateServices,
  demands: (config) =>
    config.notConfiguredAction === 'DENY' ? { kinds: config.kinds, passkeys: demandsOf({ config }) } : null,

  async present(run): Promise<PresentOutcome<ValidateChallenge>> {
    if (isShown(run)) return pass({ changes: forgotten() });
    const offer = await offerOf(run);
    if (offer.type === 'anybody') return presentToAnybody(run);
    const { person, usable } = offer;
    if (usable.length === 0) return presentWithoutAny(run, offer);
    if (await isRemembered(run, person, usable))
      return pass({ proofs: ['remembered'], changes: forgotten() });
    const before = await withPasskeys(run, askedBefore(run, person), person, usable);
    const isChosen = usable.some(({ authenticator }) => authenticator.id === before.selectedId);
    const usual = isChosen ? undefined : usualChoice(usable);
    if (!usual) return asking(run, before, usable, []);
    const choice = await choosing(run, before, person, usual);
    // Where no code can be sent at the moment, the person may choose something else, or try again.
    return choice.type === 'chosen'
      ? asking(run, choice.asked, usable, choice.effects)
      : asking(run, before, usable, []);
  },

  async answer(run, response): Promise<AnswerOutcome> {
    if (isShown(run)) return pass({ changes: forgotten() });
    const offer = await offerOf(run);
    const outcome = await answered(run, offer, response);
    if (outcome.type !== 'pass') return outcome;
    const isToRemember = response.remember === true && mayRemember(run) && offer.type === 'person';
    const effects = isToRemember ? [remembering(run, offer.person, offer.usable)] : [];
    return { ...outcome, effects: [...outcome.effects, ...effects] };
  },
});

async function answered(run: ValidateRun, offer: Offer, response: ValidateResponse): Promise<AnswerOutcome> {
  if (response.passkey) return answerByPasskey(run, offer, response.passkey);
  if (offer.type === 'anybody') return required('passkey');
  if (mustSetUp(run, offer)) return chooseSetup(run, offer, response);
  if (response.code !== undefined) return answerByCode(run, offer, response.code, response);
  return choose(run, offer, response);
}

/**
 * Whether this execution has seen one of those that count: set up, or shown, a moment ago. Of a passkey nobody knows any
 * more which model it was.
 */
function isShown({ proofs, config }: ValidateRun): boolean {
  const { kinds, userVerification, allowedModels } = config;
  const passkeysCount =
    allowedModels.length === 0 && (userVerification !== 'REQUIRED' || proofs.includes('user'));
  return proofs.some((proof) => {
    const kind = authenticatorOf(proof);
    return kind !== undefined && kinds.includes(kind) && (kind !== 'WEBAUTHN' || passkeysCount);
  });
}

async function presentToAnybody(run: ValidateRun): Promise<PresentOutcome<ValidateChallenge>> {
  const canSignIn = run.flow.designation === 'AUTHENTICATION' && run.config.kinds.includes('WEBAUTHN');
  const asked = canSignIn ? await withPasskeys(run, askedBefore(run, null), null, []) : undefined;
  return asked?.passkeys ? asking(run, asked, [], []) : withoutAny(run);
}

/** Nobody gets by without their second factor because it was wrong too often. */
function presentWithoutAny(run: ValidateRun, offer: Of<'person'>): PresentOutcome<ValidateChallenge> {
  if (offer.someDisabled) {
    return deny(
      'STAGE_DENIED',
      'What you have set up was wrong too often, and has to be set up anew. Please tell an administrator.',
    );
  }
  if (!mustSetUp(run, offer)) return withoutAny(run);
  const asked = askedBefore(run, offer.person);
  const choices = setupChoices(run);
  return settingUp(asked, choices) ?? asking(run, asked, [], [], choices);
}

function mustSetUp({ config }: ValidateRun, { usable, someDisabled }: Of<'person'>): boolean {
  return usable.length === 0 && !someDisabled && config.notConfiguredAction === 'CONFIGURE';
}

function chooseSetup(
  run: ValidateRun,
  { person }: Of<'person'>,
  { setupStageId }: ValidateResponse,
): AnswerOutcome {
  if (setupStageId === undefined) return required('setupStageId');
  return chosenSetup(askedBefore(run, person), setupChoices(run), setupStageId);
}

function withoutAny({ config }: ValidateRun): PresentOutcome<ValidateChallenge> {
  return config.notConfiguredAction === 'SKIP'
    ? pass({ changes: forgotten() })
    : deny('STAGE_DENIED', 'You have set up nothing that is asked for here.');
}

function asking(
  run: ValidateRun,
  asked: Asked,
  usable: readonly Usable[],
  effects: readonly RefusalEffect[],
  setupStages: ValidateChallenge['setupStages'] = [],
): PresentOutcome<ValidateChallenge> {
  const { resendAt, expiresAt } = sentShown.parse(asked.sent?.shown ?? {});
  const challenge: ValidateChallenge = {
    authenticators: usable.map(({ authenticator, kind }) => ({
      id: authenticator.id,
      kind: authenticator.kind,
      name: authenticator.name,
      hint: kind.hint(authenticator),
      lastUsedAt: authenticator.lastUsedAt?.toISOString() ?? null,
    })),
    selectedId: asked.selectedId,
    resendAt,
    expiresAt,
    passkeyOptions: passkeyOptionsOf(asked),
    setupStages,
    mayRemember: mayRemember(run) && usable.length > 0,
  };
  return ask(challenge, { changes: noted(asked), effects });
}

/** What is shown of a code that was sent. */
const sentShown = z.object({
  resendAt: z.string().nullable().default(null),
  expiresAt: z.string().nullable().default(null),
});

function passkeyOptionsOf({ passkeys }: Asked): ValidateChallenge['passkeyOptions'] {
  return passkeys && validateChallenge.shape.passkeyOptions.parse(passkeys.shown);
}

/** Choosing is no attempt, and costs nothing but the code that may be sent. */
async function choose(
  run: ValidateRun,
  { person, usable }: Of<'person'>,
  { authenticatorId, resend }: ValidateResponse,
): Promise<AnswerOutcome> {
  const before = askedBefore(run, person);
  const wanted = authenticatorId ?? (resend === true ? before.selectedId : undefined);
  if (wanted == null) return required('code');
  const chosen = usable.find(({ authenticator }) => authenticator.id === wanted);
  if (!chosen) return unknown();
  if (wanted === before.selectedId && before.sent && resend !== true) return stay();
  const choice = await choosing(run, before, person, chosen);
  switch (choice.type) {
    case 'chosen':
      return stay({ changes: noted(choice.asked), effects: choice.effects });
    case 'limited':
      return refused('authenticatorId', 'RATE_LIMITED', [], choice.retryAt);
    case 'unavailable': {
      const code = 'AUTHENTICATOR_UNAVAILABLE';
      return retry([responseError('authenticatorId', code, validateErrors[code])]);
    }
  }
}

async function answerByCode(
  run: ValidateRun,
  { person, usable }: Of<'person'>,
  code: string,
  { authenticatorId }: ValidateResponse,
): Promise<AnswerOutcome> {
  const asked = askedBefore(run, person);
  const wanted = authenticatorId ?? asked.selectedId;
  if (wanted === null) return required('authenticatorId');
  const chosen = usable.find(({ authenticator }) => authenticator.id === wanted);
  if (!chosen || chosen.kind.answeredBy === 'PASSKEY') return unknown();
  const kept = wanted === asked.selectedId ? (asked.sent?.kept ?? null) : null;
  const outcome = await checkAuthenticator(run, {
    ...{ ...chosen, person, answer: { code }, kept },
    demands: demandsOf(run),
  });
  return outcome.type === 'pass' ? passed(outcome) : outcome;
}

async function answerByPasskey(run: ValidateRun, offer: Offer, passkey: JsonObject): Promise<AnswerOutcome> {
  const asked = askedBefore(run, offer.type === 'person' ? offer.person : null);
  // What was asked once is not asked again: whatever becomes of the answer, the next one has to be another.
  const renewed = noted({ ...asked, passkeys: null });
  const kept = asked.passkeys?.kept ?? null;
  const outcome =
    offer.type === 'person'
      ? await checkTheirPasskey(run, offer, passkey, kept)
      : ofNamed(run, await checkLonePasskey(run, passkey, kept, demandsOf(run)));
  return outcome.type === 'retry' ? { ...outcome, changes: renewed } : passed(outcome);
}

/** Whoever has said already who they are is nobody else: policies have been asked about that person. */
function ofNamed({ context }: ValidateRun, outcome: Pass | Retry): Pass | Retry {
  const named = context.get(pendingUserKey);
  const owner = context.with(outcome.changes).get(pendingUserKey);
  return named && named.id !== owner?.id ? unknownPasskey() : outcome;
}

/** Whether it is one of the person's that may answer, and proves them. */
async function checkTheirPasskey(
  run: ValidateRun,
  { person, usable }: Of<'person'>,
  passkey: JsonObject,
  kept: JsonObject | null,
): Promise<Pass | Retry> {
  const passkeys = usable.filter(({ kind }) => kind.answeredBy === 'PASSKEY');
  const key = passkeys[0]?.kind.keyOf({ passkey });
  const found = key === undefined ? undefined : await run.services.authenticators.byKey(key);
  const answering = passkeys.find(({ authenticator }) => authenticator.id === found?.id);
  if (!answering || !kept) return unknownPasskey();
  return checkAuthenticator(run, {
    ...answering,
    person,
    answer: { passkey },
    kept,
    demands: demandsOf(run),
  });
}

function passed(outcome: Pass): Pass {
  return { ...outcome, changes: [...forgotten(), ...outcome.changes] };
}

function required(field: keyof ValidateResponse): Retry {
  return retry([responseError(field, 'REQUIRED', commonErrorCodes.REQUIRED)]);
}

function unknown(): Retry {
  const code = 'UNKNOWN_AUTHENTICATOR';
  return retry([responseError('authenticatorId', code, validateErrors[code])]);
}
