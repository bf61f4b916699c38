import { codePointLength, isStorableText } from '../../kernel/text.js';
import { isEmailAddress, isUsername } from '../../flow/account-names.js';
import { responseError } from '../../flow/outcome.js';
import type { ResponseError } from '../../flow/outcome.js';
import { passwordLengths } from '../../flow/password-rule.js';
import type { PromptFieldDefinition } from '../../flow/prompt-field.js';
import type { Users } from '../../flow/services/users.js';
import { userProblems } from '../../flow/user-rules.js';
import { commonErrorCodes } from '../response-errors.js';
import { judgingErrors } from './judging.js';

export const promptErrors = {
  ...userProblems,
  MISMATCH: 'The two passwords differ.',
  ...judgingErrors,
};

const LONGEST_VALUE = 1000;

/** What a form has collected: open values and passwords apart, or what is wrong with them. */
export type Collected =
  | { readonly ok: true; readonly open: Record<string, string>; readonly passwords: Record<string, string> }
  | { readonly ok: false; readonly errors: [ResponseError, ...ResponseError[]] };

/** Checks what was filled in against the fields that were asked for: nothing else is accepted. */
export async function collect(
  fields: readonly PromptFieldDefinition[],
  values: ReadonlyMap<string, string>,
  userId: string | null,
  users: Users,
): Promise<Collected> {
  const fillable = fields.filter((field) => field.type !== 'STATIC');
  const known = new Set(fillable.map((field) => field.key));
  const errors = [...values.keys()]
    .filter((key) => !known.has(key))
    .map((key) => fieldError(key, 'UNKNOWN_FIELD', commonErrorCodes.UNKNOWN_FIELD));
  for (const field of fillable) {
    const error = await problemOf(field, values.get(field.key) ?? '', userId, users);
    if (error) errors.push(error);
  }
  const faulty = new Set(errors.map((error) => error.field));
  const passwords = pick(
    fillable,
    values,
    (field) => field.type === 'PASSWORD' && !faulty.has(`values.${field.key}`),
  );
  const open = pick(fillable, values, (field) => field.type !== 'PASSWORD');
  errors.push(...mismatches(passwords));
  const [first, ...rest] = errors;
  return first ? { ok: false, errors: [first, ...rest] } : { ok: true, open, passwords };
}

async function problemOf(
  field: PromptFieldDefinition,
  value: string,
  userId: string | null,
  users: Users,
): Promise<ResponseError | undefined> {
  const { key, required, type } = field;
  if (value === '') return required ? fieldError(key, 'REQUIRED', commonErrorCodes.REQUIRED) : undefined;
  const badText = problemOfText(value, type === 'PASSWORD' ? passwordLengths.longest : LONGEST_VALUE);
  if (badText) return fieldError(key, badText, commonErrorCodes[badText]);
  switch (type) {
    case 'EMAIL':
      return isEmailAddress(value) ? undefined : fieldError(key, 'INVALID_EMAIL', promptErrors.INVALID_EMAIL);
    case 'USERNAME': {
      if (!isUsername(value)) return fieldError(key, 'INVALID_USERNAME', promptErrors.INVALID_USERNAME);
      const taken = await users.taken({ username: value }, userId);
      return taken.length > 0 ? fieldError(key, 'TAKEN', promptErrors.TAKEN) : undefined;
    }
    default:
      return undefined;
  }
}

/** Every password of a form must be the same one. */
function mismatches(entered: Record<string, string>): ResponseError[] {
  const [first, ...others] = Object.entries(entered);
  const mismatched = others.find(([, repeated]) => repeated !== first?.[1]);
  return mismatched ? [fieldError(mismatched[0], 'MISMATCH', promptErrors.MISMATCH)] : [];
}

function pick(
  fields: readonly PromptFieldDefinition[],
  values: ReadonlyMap<string, string>,
  wanted: (field: PromptFieldDefinition) => boolean,
): Record<string, string> {
  const entries = fields.filter(wanted).flatMap((field): [string, string][] => {
    const value = values.get(field.key) ?? '';
    return value === '' ? [] : [[field.key, value]];
  });
  return Object.fromEntries(entries);
}

function problemOfText(value: string, longest: number): 'TOO_LONG' | 'INVALID' | undefined {
  if (value.length > 2 * longest || codePointLength(value) > longest) return 'TOO_LONG';
  return isStorableText(value) ? undefined : 'INVALID';
}

function fieldError(key: string, code: string, message: string): ResponseError {
  return responseError(`values.${key}`, code, message);
}
