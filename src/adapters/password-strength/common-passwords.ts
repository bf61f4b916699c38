import type { Secret } from '../../kernel/secret.js';
import { canonical } from '../../kernel/text.js';

/** What people add at the end where more is asked for: `password123!`. */
const ADDITION = /[^\p{L}]{1,4}$/u;

let list: Promise<ReadonlySet<string>> | undefined;

/**
 * Whether a password is on the list of common and breached ones, whatever its case; or two that are, in a row; or
 * either with up to four digits or marks at its end. The list, of 49,000, has few that are long by itself. It is read at the first
 * question, and kept.
 */
export async function isCommonPassword(password: Secret): Promise<boolean> {
  list ??= readList();
  const known = await list;
  const text = canonical(password.reveal());
  return isOneOrTwo(text, known) || isOneOrTwo(text.replace(ADDITION, ''), known);
}

async function readList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
}

function isOneOrTwo(text: string, known: ReadonlySet<string>): boolean {
  if (known.has(text)) return true;
  for (let middle = 1; middle < text.length; middle += 1) {
    if (known.has(text.slice(0, middle)) && known.has(text.slice(middle))) return true;
  }
  return false;
}
