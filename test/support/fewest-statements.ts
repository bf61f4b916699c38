import type { CountingProxy, Transaction } from './counting-proxy.mjs';

/** A server looks for mails and the like every few seconds: on a slow machine that falls into several of them. */
export const TIMES = 10;

/**
 * Whether it tells other processes that an execution has changed. Nobody waits for that, so that it may fall into the
 * next of several times, and be missing in the one with the fewest statements.
 */
export function isNotification({ texts: [first = ''] }: Transaction): boolean {
  return first.startsWith('select pg_notify(');
}

/** What the service does besides: it sends mails, after it has answered, and looks after what has expired. */
const BACKGROUND = /^\s*(update|select|delete)[^]*\b(mail|pg_try_advisory_xact_lock)\b/i;

/**
 * Whether it is none of the answer's: by what it does first, for an answer looks at mails as well among other things.
 * Where an answer takes longer than the pause between two looks for mails, it is there each of several times.
 */
export function isBackground({ texts: [first = '', second = ''] }: Transaction): boolean {
  return BACKGROUND.test(/^begin\b/i.test(first) ? second : first);
}

/** The statements that `work` needs: the fewest of several times, since a server has other things to do as well. */
export async function fewestStatements(
  proxy: CountingProxy,
  work: () => Promise<unknown>,
  before: () => Promise<unknown> = async () => undefined,
): Promise<number> {
  const counts: number[] = [];
  while (counts.length < TIMES) {
    await before();
    const { transactions } = await proxy.during(work);
    const own = transactions.filter((one) => !isNotification(one) && !isBackground(one));
    counts.push(own.flatMap(({ texts }) => texts).length);
  }
  return Math.min(...counts);
}
