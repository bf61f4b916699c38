import type { Value } from './entry.js';

const LONGEST = 100_000;
const WIDEST = 1000;
const directive = /%([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g;

/**
 * Text put together as Python's `%` does it. Throws with what is wrong where the arguments do not fit the template.
 */
export function formatted(template: string, values: readonly Value[]): string {
  const rest = [...values];
  const text = template.replaceAll(
    directive,
    (_, flags: string, width: string, digits: string, type: string) => {
      if (type === '%') return '%';
      if (Number(width) > WIDEST || Number(digits) > WIDEST) throw new RangeError('it is too wide');
      const value = rest.shift();
      if (value === undefined) throw new TypeError('there are too few values for it');
      const filled = type === 's' ? flags.replaceAll('0', '') : flags;
      return padded(filled, Number(width), written(type, digits, flags, value));
    },
  );
  if (rest.length > 0) throw new TypeError('there are more values than it takes');
  if (template.replaceAll(directive, '').includes('%')) throw new TypeError('it has a % that means nothing');
  if (text.length > LONGEST) throw new RangeError('what it comes to is too long');
  return text;
}

function written(type: string, digits: string | undefined, flags: string, value: Value): string {
  switch (type) {
    case 's':
      return cut(pythonText(value), digits);
    case 'd':
    case 'i':
    case 'u':
      return signed(flags, Math.trunc(number(value)).toString());
    case 'f':
    case 'F':
      return signed(flags, number(value).toFixed(digits === undefined ? 6 : Math.min(Number(digits), 100)));
    case 'x':
      return signed(flags, whole(value).toString(16));
    case 'X':
      return signed(flags, whole(value).toString(16).toUpperCase());
    case 'o':
      return signed(flags, whole(value).toString(8));
    default:
      throw new TypeError(`%${type} is not known`);
  }
}

/** A value as Python's `str` writes it. */
export function pythonText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return 'None';
  throw new TypeError('only text, numbers, true and false can be put into text');
}

function cut(text: string, digits: string | undefined): string {
  return digits === undefined ? text : text.slice(0, Number(digits));
}

function number(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  throw new TypeError('one of its values is no number');
}

function whole(value: Value): number {
  const given = number(value);
  if (Number.isInteger(given)) return given;
  throw new TypeError('one of its values is no whole number');
}

function signed(flags: string, text: string): string {
  if (text.startsWith('-')) return text;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}

function padded(flags: string, width: number, text: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0')) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
