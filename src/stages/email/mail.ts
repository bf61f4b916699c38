import { z } from 'zod';

import { secondsAfter } from '../../kernel/clock.js';
import { digitsOf } from '../../kernel/digits.js';
import { durationSeconds } from '../../kernel/duration.js';
import { Secret } from '../../kernel/secret.js';
import { secretContextKey } from '../../flow/context.js';
import type { Context, ContextChange } from '../../flow/context.js';
import { mailLinkKey } from '../../flow/context-keys.js';
import type { SendMail } from '../../flow/effect.js';
import { languageFor } from '../../flow/language.js';
import { notice } from '../../flow/mail.js';
import type { RefusalEffect } from '../../flow/outcome.js';
import { templateNames } from './config.js';
import { countMail } from './limits.js';
import { isReachable } from './recipient.js';
import type { Recipient } from './recipient.js';
import type { EmailRun } from './run.js';

const CODE_DIGITS = 8;
const MATCH_DIGITS = 2;

const mailCodec = z.strictObject({
  linkId: z.string(),
  codeHash: z.string(),
  matchCode: z.string(),
  /** What was typed, by which guesses at the code are counted. */
  typed: z.string(),
  sentTo: z.string().nullable(),
  /** To where the code was sent; null where it was to nobody, and no code is right. */
  address: z.string().nullable(),
  /** Whose address that was. */
  userId: z.string().nullable(),
  /** How often the code was wrong. */
  failures: z.int().nonnegative(),
  resendAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

/** The newest mail of this stage, or what looks like one. */
export type Mail = z.infer<typeof mailCodec>;

const mailKey = secretContextKey('email.mail', mailCodec);

/** What this very stage waits for; what an earlier one, or one before a restart, has mailed is forgotten. */
export function currentMail(context: Context): Mail | undefined {
  const mail = context.get(mailKey);
  return mail && context.get(mailLinkKey) === mail.linkId ? mail : undefined;
}

export function noted(mail: Mail): ContextChange[] {
  return [mailKey.to(mail), mailLinkKey.to(mail.linkId)];
}

export function forgotten(): ContextChange[] {
  return [mailKey.cleared(), mailLinkKey.cleared()];
}

export interface BegunMail {
  readonly mail: Mail;
  readonly effects: readonly RefusalEffect[];
}

/**
 * Makes a mail with a new link and a new code; or, where there must be none, what looks like it. Where there have been too
 * many, the moment from when on there may be another.
 */
export async function beginMail(run: EmailRun, recipient: Recipient): Promise<BegunMail | Date> {
  const verdict = await countMail(run, recipient);
  if (!verdict.allowed) return verdict.nextAt;
  return compose(
    run,
    verdict.silently ? { ...recipient, address: null, owner: null } : recipient,
    verdict.nextAt,
  );
}

/** What is waited for where no mail may be sent: nothing that could come, until another is asked for. */
export function noMail(run: EmailRun, recipient: Recipient, resendAt: Date): Mail {
  return compose(run, { ...recipient, address: null }, resendAt).mail;
}

function compose(run: EmailRun, recipient: Recipient, resendAt: Date): BegunMail {
  const { chance, config, flow, bindingId, stage, now, services } = run;
  const { address, typed, sentTo, user } = recipient;
  const expiresAt = secondsAfter(now, durationSeconds(config.lifetime));
  const linkId = chance.id();
  const [token, code] = [chance.token(), digitsOf(chance.token(), CODE_DIGITS)];
  const matchCode = digitsOf(chance.token(), MATCH_DIGITS);
  const mail: Mail = {
    linkId,
    codeHash: services.mailLinks.hashOf(linkId, code),
    ...{ matchCode, typed, sentTo, address },
    userId: address === null ? null : (user?.id ?? null),
    failures: 0,
    resendAt: resendAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
  const link = {
    ...({ type: 'issueMailLink', id: linkId, token, expiresAt } as const),
    ...{ flowId: flow.id, bindingId, stageId: stage.id, matchCode: new Secret(matchCode) },
  };
  const url = services.mailLinks.addressOf(flow.slug, token);
  return { mail, effects: [link, letter(run, recipient, { url, code: new Secret(code) }, expiresAt)] };
}

/** One mail whatever happens: to the person, to the owner of a taken address, or to nobody, which looks the same. */
function letter(
  run: EmailRun,
  { address, user, owner }: Recipient,
  secrets: SendMail['secrets'],
  expiresAt: Date,
): SendMail {
  const { chance, client, config, services } = run;
  const told = owner && isReachable(owner) ? notice(run, owner, 'account-exists')[0] : undefined;
  if (told) return told;
  const minutes = Math.floor(durationSeconds(config.lifetime) / 60);
  return {
    type: 'sendMail',
    id: chance.id(),
    template: templateNames[config.template],
    to: address,
    userId: user?.id ?? null,
    language: languageFor(user ?? undefined, client.languages, services.definitions.installation),
    values: { name: user?.name ?? '', minutes: String(minutes) },
    secrets,
    expiresAt,
  };
}
