import type { PromptValue } from '../../flow/context-keys.js';
import { responseError } from '../../flow/outcome.js';
import type { ResponseError } from '../../flow/outcome.js';
import { fillingOf } from '../../flow/prompt-field.js';
import { checkedValue } from '../../flow/prompt-values.js';
import type { ValueProblem } from '../../flow/prompt-values.js';
import type { Users } from '../../flow/services/users.js';
import { userProblems } from '../../flow/user-rules.js';
import { commonErrorCodes } from '../response-errors.js';
import type { AskedField } from './form.js';
import { judgingErrors } from './judging.js';

export const promptErrors = {
  ...userProblems,
  WRONG_TYPE: 'The field takes a value of another type: text, number or checked.',
  NOT_A_CHOICE: 'This is none of the choices.',
  OUT_OF_RANGE: 'This number is too large or too small.',
  INVALID_DATE: 'This is no date as it is asked for.',
  INVALID_LOCALE: 'This is no language as BCP 47 writes it.',
  INVALID_FILE: 'This is no file: a data URI in base64 that names a media type.',
  FILE_TOO_LARGE: 'This file is larger than 64 KiB.',
  MISMATCH: 'The passwords differ.',
  TOO_MUCH: 'All that has been filled in is too much together.',
  ...judgingErrors,
};

const problems: Readonly<Record<ValueProblem, string>> = { ...commonErrorCodes, ...promptErrors };

/** What a form has collected: open values and passwords apart, or what is wrong with them. */
export type Collected =
  | {
      readonly ok: true;
      readonly open: Readonly<Record<string, PromptValue>>;
      readonly passwords: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly errors: [ResponseError, ...ResponseError[]] };

/** Checks what was filled in against the fields that were asked for: nothing else is accepted. */
export async function collect(
  fields: readonly AskedField[],
  values: ReadonlyMap<string, PromptValue>,
  userId: string | null,
  users: Users,
): Promise<Collected> {
  const fillable = fields.filter(({ type }) => !['decided', 'nothing'].includes(fillingOf(type)));
  const known = new Set(fillable.map(({ key }) => key));
  const errors = [...values.keys()]
    .filter((key) => !known.has(key))
    .map((key) => fieldError(key, 'UNKNOWN_FIELD', commonErrorCodes.UNKNOWN_FIELD));
  const open: [string, PromptValue][] = [];
  const passwords: [string, string][] = [];
  for (const field of fillable) {
    const read = await readField(field, values.get(field.key), userId, users);
    if (!read.ok) errors.push(read.error);
    else if (field.type === 'PASSWORD') passwords.push([field.key, String(read.value ?? '')]);
    else if (read.value !== undefined) open.push([field.key, read.value]);
  }
  errors.push(...mismatches(passwords));
  const [first, ...rest] = errors;
  if (first) return { ok: false, errors: [first, ...rest] };
  const typed = passwords.filter(([, password]) => password !== '');
  return { ok: true, open: Object.fromEntries(open), passwords: Object.fromEntries(typed) };
}

type ReadField =
  | { readonly ok: true; readonly value: PromptValue | undefined }
  | { readonly ok: false; readonly error: ResponseError };

/** What was filled into one field; undefined where that is nothing, and may be. */
async function readField(
  field: AskedField,
  given: PromptValue | undefined,
  userId: string | null,
  users: Users,
): Promise<ReadField> {
  const { key, type, required } = field;
  const refused = (code: keyof typeof promptErrors | keyof typeof commonErrorCodes): ReadField => ({
    ok: false,
    error: fieldError(key, code, { ...commonErrorCodes, ...promptErrors }[code]),
  });
  // A box that nobody has ticked is a value, too.
  const value = type === 'CHECKBOX' && given === undefined ? false : given;
  if (value === undefined || isBlank(field, value)) {
    return required ? refused('REQUIRED') : { ok: true, value: undefined };
  }
  const checked = checkedValue(field, value);
  if (!checked.ok) return { ok: false, error: fieldError(key, checked.code, problems[checked.code]) };
  if (type === 'CHECKBOX' && required && checked.value !== true) return refused('REQUIRED');
  if (type === 'USERNAME') {
    const taken = await users.taken({ username: String(checked.value) }, userId);
    if (taken.length > 0) return refused('TAKEN');
  }
  return { ok: true, value: checked.value };
}

/** Of a password every character counts. */
function isBlank({ type }: AskedField, value: PromptValue): boolean {
  if (fillingOf(type) !== 'text') return false;
  return value === '' || (type !== 'PASSWORD' && typeof value === 'string' && value.trim() === '');
}

/** Every password of a form must be the same one. */
function mismatches([first, ...others]: readonly [string, string][]): ResponseError[] {
  const mismatched = others.find(([, repeated]) => repeated !== first?.[1]);
  return mismatched ? [fieldError(mismatched[0], 'MISMATCH', promptErrors.MISMATCH)] : [];
}

function fieldError(key: string, code: string, message: string): ResponseError {
  return responseError(`values.${key}`, code, message);
}
