/** Fewer than a process has connections: whoever waits for one for too long is told to come back later. */
const AT_ONCE = 5;

/** Does something so many times, a few of them at once; what each came to. */
export async function aFewAtOnce<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const indices = Array.from({ length: times }, (_, index) => index).values();
  const lane = async (): Promise<void> => {
    for (const index of indices) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}
