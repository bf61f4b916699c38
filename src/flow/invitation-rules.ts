import { z } from 'zod';

import { secondsAfter } from '../kernel/clock.js';
import type { ProblemCode } from '../kernel/problem-codes.js';
import { durationSeconds, durationText } from '../kernel/duration.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { codePointLength, isStorableText } from '../kernel/text.js';
import { isEmailAddress, isUsername } from './account-names.js';
import { INVITATION_TOKEN_FIELD } from './context-keys.js';
import type { PromptValue } from './context-keys.js';
import { promptFieldKey } from './definition-rules.js';

const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 365 * 24 * 3600;
const MOST_BYTES = 16 * 1024;
const LONGEST_VALUE = 1000;

/** What is nobody's to decide beforehand. */
const NEVER_FIXED = ['password', INVITATION_TOKEN_FIELD];

/** What an invitation says about somebody, by the keys of prompt fields. */
type FixedData = Readonly<Record<string, PromptValue>>;

/** Kept as it is: zod would leave out what is called like an object's prototype, and so hide it. */
const fixedData = z
  .custom<FixedData>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'Must be an object.',
  })
  .superRefine((data, issues) => {
    if (Buffer.byteLength(JSON.stringify(data)) > MOST_BYTES) {
      const message = `Must not be larger than ${MOST_BYTES} bytes as JSON.`;
      return issues.addIssue({ code: 'custom', message, params: { code: 'TOO_LARGE' } });
    }
    for (const [key, value] of Object.entries(data)) {
      const problem = problemOfKey(key) ?? problemOfValue(key, value);
      if (problem) issues.addIssue({ code: 'custom', path: [key], ...problem });
    }
  })
  .meta({ typeName: 'JSONObject' });

/** What administrators may write into an invitation. */
export const invitationFields = z.strictObject({
  name: z
    .string()
    .max(200)
    .refine(isStorableText, { error: 'Must not hold characters that cannot be stored.' })
    .refine((text) => text.trim() !== '', { error: 'Must not be empty.' })
    .describe('What administrators call it; unique.'),
  flowId: z.uuid().nullable().default(null).describe('The only flow that it is good for. Default: any.'),
  singleUse: z.boolean().default(true).describe('Whether it is good for one account only. Default: true.'),
  fixedData: fixedData
    .default({})
    .describe(
      'What prompts need not ask for: keys of prompt fields, with text, numbers, true or false; at most 16 KiB. Such a field is shown, and cannot be filled in. Default: nothing.',
    ),
  lifetime: durationText
    .refine((text) => durationSeconds(text) >= SHORTEST_SECONDS && durationSeconds(text) <= LONGEST_SECONDS, {
      error: 'Must be between PT1M and P365D.',
    })
    .nullable()
    .default('P7D')
    .describe('How long it is good from now on, from PT1M to P365D; null for ever. Default: P7D.'),
});

export type InvitationFields = z.infer<typeof invitationFields>;

/** What an account has as text, however it was written down. */
const TEXTS = ['username', 'email', 'name'];

/** Until when an invitation is good that is made now; null for ever. */
export function expiryOf(lifetime: InvitationFields['lifetime'], now: Date): Date | null {
  return lifetime === null ? null : secondsAfter(now, durationSeconds(lifetime));
}

/** Fixed data as prompts would have collected it. */
export function asPromptData(data: unknown): Record<string, PromptValue> {
  const entries = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).parse(data);
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, TEXTS.includes(key) ? String(value) : value]),
  );
}

type Problem = Pick<FieldProblem, 'message'> & { readonly params: Pick<FieldProblem, 'code'> };

const problem = (code: ProblemCode, message: string): Problem => ({ message, params: { code } });

function problemOfKey(key: string): Problem | undefined {
  if (NEVER_FIXED.includes(key)) return problem('FORBIDDEN_KEY', 'Cannot be decided beforehand.');
  if (promptFieldKey.safeParse(key).success) return undefined;
  return problem('FORBIDDEN_KEY', 'Is not what a prompt field can be called.');
}

function problemOfValue(key: string, value: unknown): Problem | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return problemOfText(key, String(value));
  if (typeof value === 'string') return problemOfText(key, value);
  return problem('INVALID', 'Must be text, a number, true or false.');
}

/** Prompts are not asked about it, so that it has to be right from the beginning. */
function problemOfText(key: string, text: string): Problem | undefined {
  if (!isStorableText(text))
    return problem('NOT_STORABLE', 'Must not hold characters that cannot be stored.');
  if (codePointLength(text) > LONGEST_VALUE)
    return problem('TOO_LONG', `Must have at most ${LONGEST_VALUE} characters.`);
  if (key === 'username' && (text === '' || !isUsername(text)))
    return problem('INVALID_USERNAME', 'Must be a username.');
  if (key === 'email' && !isEmailAddress(text)) return problem('INVALID_EMAIL', 'Must be an e-mail address.');
  return undefined;
}
