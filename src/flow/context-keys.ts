import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import { contextKey, secretContextKey } from './context.js';
import type { Context } from './context.js';
import { captchaProviders } from './services/captchas.js';

/** Whom the flow is about. Without an id it is somebody who only pretends to exist. */
const pendingUserCodec = z.strictObject({
  id: z.string().nullable(),
  /** What the person typed, or the username of an account that this flow has made. */
  identifier: z.string(),
});

export const pendingUserKey = contextKey('pendingUser', pendingUserCodec);

/** What the client said the person is likely to type. */
export const loginHintKey = contextKey('loginHint', z.string());

const promptValue = z.union([z.string(), z.number(), z.boolean()]);
/** What a prompt field collects. */
export type PromptValue = z.infer<typeof promptValue>;

/** What prompts have collected, by field key. Passwords are not among it. */
export const promptDataKey = contextKey('promptData', z.record(z.string(), promptValue));

/** The passwords that prompts have collected, on their way to being written. */
export const promptPasswordsKey = secretContextKey('promptPasswords', z.record(z.string(), z.string()));

/** What the client or the person has been invited by. */
export const invitationTokenKey = secretContextKey('invitationToken', z.string());

/** Under this key a prompt field asks for it: what is typed there is kept as the secret that it is. */
export const INVITATION_TOKEN_FIELD = 'invitationToken';

/** The invitation that is in effect: whoever makes an account uses it up. */
export const invitationKey = contextKey(
  'invitation',
  z.strictObject({
    id: z.string(),
    name: z.string(),
    /** The flow that it was accepted in. */
    flowId: z.string(),
    /** Which of the prompt data it has decided: nobody is asked for that. */
    fixed: z.array(z.string()),
  }),
);

/** The addresses of which this execution has shown that mail to them reaches the person. */
export const verifiedAddressesKey = contextKey('verifiedAddresses', z.array(z.string()));

/**
 * The link in a mail that the current stage waits for, by its id. It is forgotten as soon as the flow goes on, begins
 * again or ends: no other link, and none of before, is of any use then.
 */
export const mailLinkKey = secretContextKey('mailLink', z.string());

const mailLanding = z.strictObject({
  linkId: z.string(),
  /** What waits for the link. */
  executionId: z.string(),
  /** What is shown where it waits. */
  matchCode: z.string(),
});
/** Where somebody lands who opens the link in a mail. */
export type MailLanding = z.infer<typeof mailLanding>;

/** Set where the execution was opened by a link in a mail: then it is there to confirm that link, and for nothing else. */
export const mailLandingKey = secretContextKey('mailLanding', mailLanding);

/** What the person has agreed to before there was an account to remember it with. */
export const consentsKey = contextKey(
  'consents',
  z.array(
    z.strictObject({
      stageId: z.string(),
      permissions: z.array(z.string()),
      /** Null for good. */
      expiresAt: z.iso.datetime().nullable(),
    }),
  ),
);

/** What the last captcha that was solved has come to, for policies to decide by. */
export const captchaKey = contextKey(
  'captcha',
  z.strictObject({
    /** The stage that has asked. */
    stageId: z.string(),
    provider: z.enum(captchaProviders),
    /** How sure the provider is that there is a person, where it says so. */
    score: z.number().nullable(),
  }),
);

/** What a deny stage says instead of its configured message. */
export const denyMessageKey = contextKey('denyMessage', z.string());

/** Where a redirect stage leads instead of where it is configured to. */
export const redirectTargetKey = contextKey('redirectTarget', z.string());

/** Whom a passkey has named that was all there was: nobody had said before who they are. Their id. */
export const namedByPasskeyKey = contextKey('namedByPasskey', z.string());

/** What policies have noted for those that are asked later. */
export const notesKey = contextKey('notes', z.record(z.string(), z.json()));

/** Set where the execution was opened with a flow token. */
export const flowTokenKey = contextKey(
  'flowToken',
  z.strictObject({
    id: z.string(),
    consumed: z.boolean(),
    /** Whom the token was made for: whoever brings it is that person. */
    user: z.strictObject({ id: z.string(), identifier: z.string() }).nullable(),
  }),
);

/** What can be known beforehand where a flow is tried out. */
const openKeys = [
  pendingUserKey,
  loginHintKey,
  promptDataKey,
  denyMessageKey,
  redirectTargetKey,
  notesKey,
  flowTokenKey,
  invitationKey,
  captchaKey,
  namedByPasskeyKey,
];

/** The names of those entries that are known to stages, and are not what those read. */
export function misshapenEntries(context: JsonObject): string[] {
  return openKeys.filter((key) => !key.accepts(context[key.name])).map((key) => key.name);
}

/** Whether the flow is about somebody because the token that opened it was made for them. */
export function isNamedByToken(context: Context): boolean {
  const token = context.get(flowTokenKey);
  return token?.user != null && token.user.id === context.get(pendingUserKey)?.id;
}
