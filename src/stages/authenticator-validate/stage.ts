import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { pendingUserKey } from '../../flow/context-keys.js';
import { ask, deny, pass, responseError, retry, stay } from '../../flow/outcome.js';
import type { AnswerOutcome, Pass, PresentOutcome, RefusalEffect, Retry } from '../../flow/outcome.js';
import { authenticatorOf } from '../../flow/second-factor.js';
import { checkAuthenticator, refused, unknownPasskey } from '../authenticator-check.js';
import { defineStage } from '../define.js';
import { commonErrorCodes } from '../response-errors.js';
import { askedBefore, choosing, forgotten, noted, withPasskeys } from './asked.js';
import type { Asked } from './asked.js';
import { validateChallenge, validateResponse } from './challenge.js';
import type { ValidateChallenge, ValidateResponse } from './challenge.js';
import { validateConfig } from './config.js';
import { validateFacts } from './facts.js';
import { validateErrors } from './errors.js';
import { demandsOf, demandsOnAnybody, offerOf, usualChoice } from './offer.js';
import type { Offer, Usable } from './offer.js';
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

  async present(run): Promise<PresentOutcome<ValidateChallenge>> {
    if (isShown(run)) return pass();
    const offer = await offerOf(run);
    if (offer.type === 'anybody') return presentToAnybody(run);
    const { person, usable, someDisabled } = offer;
    if (usable.length === 0) return withoutAny(run, someDisabled);
    const before = await withPasskeys(run, askedBefore(run, person), person, usable);
    const isChosen = usable.some(({ authenticator }) => authenticator.id === before.selectedId);
    const usual = isChosen ? undefined : usualChoice(usable);
    if (!usual) return asking(before, usable, []);
    const choice = await choosing(run, before, person, usual);
    // Where no code can be sent at the moment, the person may choose something else, or try again.
    return choice.type === 'chosen'
      ? asking(choice.asked, usable, choice.effects)
      : asking(before, usable, []);
  },

  async answer(run, response): Promise<AnswerOutcome> {
    if (isShown(run)) return pass();
    const offer = await offerOf(run);
    if (response.passkey) return answerByPasskey(run, offer, response.passkey);
    if (offer.type === 'anybody') return required('passkey');
    if (response.code !== undefined) return answerByCode(run, offer, response.code, response);
    return choose(run, offer, response);
  },
});

/** Whether this execution has seen one of those that count: set up, or shown, a moment ago. */
function isShown({ proofs, config }: ValidateRun): boolean {
  return proofs.some((proof) => {
    const kind = authenticatorOf(proof);
    return kind !== undefined && config.kinds.includes(kind);
  });
}

async function presentToAnybody(run: ValidateRun): Promise<PresentOutcome<ValidateChallenge>> {
  const canSignIn = run.flow.designation === 'AUTHENTICATION' && run.config.kinds.includes('WEBAUTHN');
  const asked = canSignIn ? await withPasskeys(run, askedBefore(run, null), null, []) : undefined;
  return asked?.passkeys ? asking(asked, [], []) : withoutAny(run, false);
}

/** Nobody gets by without their second factor because it was wrong too often. */
function withoutAny({ config }: ValidateRun, someDisabled: boolean): PresentOutcome<ValidateChallenge> {
  if (someDisabled) {
    return deny(
      'STAGE_DENIED',
      'What you have set up was wrong too often, and has to be set up anew. Please tell an administrator.',
    );
  }
  return config.notConfiguredAction === 'SKIP'
    ? pass()
    : deny('STAGE_DENIED', 'You have set up nothing that is asked for here.');
}

function asking(
  asked: Asked,
  usable: readonly Usable[],
  effects: readonly RefusalEffect[],
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
  return outcome.type === 'pass' ? passed(outcome, []) : outcome;
}

async function answerByPasskey(run: ValidateRun, offer: Offer, passkey: JsonObject): Promise<AnswerOutcome> {
  const { services } = run;
  const asked = askedBefore(run, offer.type === 'person' ? offer.person : null);
  const found = await passkeyOf(run, offer, passkey);
  // What was asked once is not asked again: whatever becomes of the answer, the next one has to be another.
  const renewed = noted({ ...asked, passkeys: null });
  if (!found || !asked.passkeys) return { ...unknownPasskey(), changes: renewed };
  const { authenticator, person } = found;
  const kind = services.authenticators.kind(authenticator.kind);
  if (!kind) return unknownPasskey();
  const demands = offer.type === 'person' ? demandsOf(run) : demandsOnAnybody(run);
  const outcome = await checkAuthenticator(run, {
    ...{ authenticator, kind, person, answer: { passkey }, kept: asked.passkeys.kept },
    demands,
  });
  if (outcome.type === 'retry') return { ...outcome, changes: renewed };
  const about = { id: person.id, identifier: person.username };
  return passed(outcome, offer.type === 'anybody' ? [pendingUserKey.to(about)] : []);
}

/** The passkey that has answered, if it is one of those that may: of the person, or of whoever it says that it is. */
async function passkeyOf({ services, config, ...run }: ValidateRun, offer: Offer, passkey: JsonObject) {
  const kind = services.authenticators.kind('WEBAUTHN');
  const key = kind?.keyOf({ passkey });
  if (!kind || key === undefined || !config.kinds.includes('WEBAUTHN')) return undefined;
  const authenticator = await services.authenticators.byKey(key);
  if (authenticator?.disabledAt !== null) return undefined;
  if (offer.type === 'person') {
    const isOffered = offer.usable.some((usable) => usable.authenticator.id === authenticator.id);
    return isOffered ? { authenticator, person: offer.person } : undefined;
  }
  if (!kind.meets(authenticator, demandsOnAnybody({ services, config, ...run }))) return undefined;
  const person = await services.users.byId(authenticator.userId);
  return person?.active === true ? { authenticator, person } : undefined;
}

function passed(outcome: Pass, changes: Pass['changes']): Pass {
  return { ...outcome, changes: [...forgotten(), ...changes] };
}

function required(field: keyof ValidateResponse): Retry {
  return retry([responseError(field, 'REQUIRED', commonErrorCodes.REQUIRED)]);
}

function unknown(): Retry {
  const code = 'UNKNOWN_AUTHENTICATOR';
  return retry([responseError('authenticatorId', code, validateErrors[code])]);
}
