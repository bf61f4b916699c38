/** So many wrong guesses in a row cost nothing; each one after that doubles the wait. */
const FREE_FAILURES = 5;
const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 3600;
/** An account's failures are forgotten after so long without another. */
export const ACCOUNT_MEMORY_SECONDS = 24 * 3600;

/** An authenticator that was wrong so often in a row has to be set up anew (NIST SP 800-63B-4, 3.2.2). */
export const MOST_FAILURES = 100;

/** An address may be wrong so often in a window, whatever accounts it tries. */
export const ADDRESS_FAILURES = 100;
export const ADDRESS_WINDOW_SECONDS = 600;

/** How many seconds to wait after so many wrong guesses in a row; the last entry holds for all that follow. */
export const waitsInSeconds: readonly number[] = Array.from({ length: 20 }, (_, failures) =>
  failures < FREE_FAILURES
    ? 0
    : Math.min(FIRST_WAIT_SECONDS * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_SECONDS),
);

/** Under which an address is counted: an IPv6 network of 64 bits is one household, not many. */
export function addressGroup(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const whole = address.includes('::') ? [...left, ...zeros, ...right] : left;
  const network = whole.slice(0, 4).map((part) => Number.parseInt(part, 16).toString(16));
  return `${network.join(':')}::/64`;
}
