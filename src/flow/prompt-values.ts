import { z } from 'zod';

import { codePointLength, isStorableText } from '../kernel/text.js';
import { isEmailAddress, isUsername } from './account-names.js';
import type { PromptValue } from './context-keys.js';
import { passwordLengths } from './password-rule.js';
import { fillingOf, hasChoices } from './prompt-field.js';
import type { PromptFieldType } from './prompt-field.js';

const LONGEST_LINE = 1000;
const LONGEST_TEXT = 10_000;
const LONGEST_MOMENT = 40;
const LONGEST_LOCALE = 100;
const LARGEST_FILE_BYTES = 64 * 1024;
const LONGEST_FILE = Math.ceil(LARGEST_FILE_BYTES / 3) * 4 + 200;

export type ValueProblem =
  | 'INVALID'
  | 'TOO_LONG'
  | 'WRONG_TYPE'
  | 'UNKNOWN_FIELD'
  | 'NOT_A_CHOICE'
  | 'OUT_OF_RANGE'
  | 'INVALID_USERNAME'
  | 'INVALID_EMAIL'
  | 'INVALID_DATE'
  | 'INVALID_LOCALE'
  | 'INVALID_FILE'
  | 'FILE_TOO_LARGE';

/** A value as it is kept, or what is wrong with it. */
export type CheckedValue =
  | { readonly ok: true; readonly value: PromptValue }
  | { readonly ok: false; readonly code: ValueProblem };

/** What of a field its value depends on. */
interface ValueRule {
  readonly type: PromptFieldType;
  /** The values that can be chosen. */
  readonly choices: readonly string[];
}

/**
 * Checks what was filled into a field, and that is never nothing: whether there must be something, and whether a username
 * is free, is for others to say.
 */
export function checkedValue({ type, choices }: ValueRule, value: PromptValue): CheckedValue {
  switch (fillingOf(type)) {
    case 'number':
      return typeof value === 'number' ? checkedNumber(value) : wrong('WRONG_TYPE');
    case 'checked':
      return typeof value === 'boolean' ? right(value) : wrong('WRONG_TYPE');
    case 'text':
      if (typeof value !== 'string') return wrong('WRONG_TYPE');
      if (hasChoices(type)) return choices.includes(value) ? right(value) : wrong('NOT_A_CHOICE');
      return checkedText(type, value);
    case 'decided':
    case 'nothing':
      return wrong('UNKNOWN_FIELD');
  }
}

/** What a text stands for that was written down as a field's value beforehand; undefined where it does not fit. */
export function valueInText(rule: ValueRule, text: string): PromptValue | undefined {
  const checked = checkedValue(rule, typed(rule.type, text));
  return checked.ok ? checked.value : undefined;
}

function typed(type: PromptFieldType, text: string): PromptValue {
  switch (fillingOf(type)) {
    case 'number':
      return /^[+-]?\d{1,16}(\.\d{1,16})?$/.test(text) ? Number(text) : text;
    case 'checked':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'text':
    case 'decided':
    case 'nothing':
      return text;
  }
}

function checkedNumber(value: number): CheckedValue {
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return wrong('OUT_OF_RANGE');
  // JSON knows no negative zero.
  return right(value === 0 ? 0 : value);
}

function checkedText(type: PromptFieldType, text: string): CheckedValue {
  const longest = longestOf(type);
  if (text.length > 2 * longest || codePointLength(text) > longest) {
    return wrong(type === 'FILE' ? 'FILE_TOO_LARGE' : 'TOO_LONG');
  }
  if (!isStorableText(text)) return wrong('INVALID');
  switch (type) {
    case 'USERNAME':
      return isUsername(text) ? right(text) : wrong('INVALID_USERNAME');
    case 'EMAIL':
      return isEmailAddress(text) ? right(text) : wrong('INVALID_EMAIL');
    case 'DATE':
      return isDay(text) ? right(text) : wrong('INVALID_DATE');
    case 'DATE_TIME':
      return isMoment(text) ? right(text) : wrong('INVALID_DATE');
    case 'LOCALE': {
      const locale = localeOf(text);
      return locale === undefined ? wrong('INVALID_LOCALE') : right(locale);
    }
    case 'FILE':
      return checkedFile(text);
    case 'TEXT_AREA':
      return isText(text) ? right(text) : wrong('INVALID');
    case 'TEXT':
      return isLine(text) ? right(text) : wrong('INVALID');
    case 'PASSWORD':
      return right(text);
    case 'RADIO_BUTTON_GROUP':
    case 'DROPDOWN':
      return wrong('NOT_A_CHOICE');
    case 'NUMBER':
    case 'CHECKBOX':
      return wrong('WRONG_TYPE');
    case 'TEXT_READ_ONLY':
    case 'TEXT_AREA_READ_ONLY':
    case 'HIDDEN':
    case 'SEPARATOR':
    case 'STATIC':
    case 'ALERT_INFO':
    case 'ALERT_WARNING':
    case 'ALERT_DANGER':
      return wrong('UNKNOWN_FIELD');
  }
}

const longest: Readonly<Partial<Record<PromptFieldType, number>>> = {
  TEXT_AREA: LONGEST_TEXT,
  PASSWORD: passwordLengths.longest,
  DATE: LONGEST_MOMENT,
  DATE_TIME: LONGEST_MOMENT,
  LOCALE: LONGEST_LOCALE,
  FILE: LONGEST_FILE,
};

function longestOf(type: PromptFieldType): number {
  return longest[type] ?? LONGEST_LINE;
}

/** No control characters, and nothing that breaks a line. */
function isLine(text: string): boolean {
  return !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

/** Of control characters only tabs and line breaks. */
function isText(text: string): boolean {
  return !/[\p{Cc}--[\t\n\r]]/v.test(text);
}

const day = z.iso.date();
const moment = z.iso.datetime({ offset: true });

function isDay(text: string): boolean {
  return day.safeParse(text).success && !Number.isNaN(Date.parse(text));
}

function isMoment(text: string): boolean {
  return moment.safeParse(text).success && !Number.isNaN(Date.parse(text));
}

/** In its canonical spelling: `de-AT` for `de-at`. */
function localeOf(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}

const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/i;

function checkedFile(text: string): CheckedValue {
  const comma = text.indexOf(',');
  const head = /^data:(.*);base64$/su.exec(text.slice(0, Math.max(comma, 0)));
  if (!head || !mediaType.test(head[1] ?? '')) return wrong('INVALID_FILE');
  const base64 = text.slice(comma + 1);
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== base64) return wrong('INVALID_FILE');
  return bytes.length > LARGEST_FILE_BYTES ? wrong('FILE_TOO_LARGE') : right(text);
}

function right(value: PromptValue): CheckedValue {
  return { ok: true, value };
}

function wrong(code: ValueProblem): CheckedValue {
  return { ok: false, code };
}
