import { createHash } from 'node:crypto';

/** Of a stage's name, so much goes into that of a secret. */
const LONGEST = 50;

/**
 * How a document calls the secret that a stage has in a field, such as LOGIN_CAPTCHA_SECRET_KEY for the `secretKey` of
 * `login-captcha`. It follows from these two alone, and what has another name is called otherwise.
 */
export function secretName(stage: string, field: string): string {
  const own = isPlain(stage) ? capitals(stage) : `${capitals(stage)}_${digest(stage)}`;
  return `${own}_${capitals(field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`))}`.replace(
    /^(?![A-Z])/,
    'STAGE_',
  );
}

/** Nothing is lost of such a name where it is written in capitals, with underscores. */
function isPlain(name: string): boolean {
  return name.length <= LONGEST && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name);
}

function capitals(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .slice(0, LONGEST);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
}
