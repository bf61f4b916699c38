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
    counts.push(transactions.filter((one) => !isNotification(one)).flatMap(({ texts }) => texts).length);
  }
  return Math.min(...counts);
}
