/** Settles as the promise does, or rejects once so many seconds are over. */
export async function deadline<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${seconds} seconds`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Says, whenever it is asked, how many milliseconds have gone by since it was made. */
export function stopwatch(): () => number {
  const begunAt = performance.now();
  return () => performance.now() - begunAt;
}

const FIRST_PAUSE_MILLISECONDS = 10;
const LONGEST_PAUSE_MILLISECONDS = 250;

/** Half a minute and a little more: longer than anybody may look at one answer. */
const MOST_PAUSES = 145;

/** Waits a little, and longer each time; false once it has been long enough. */
export function growingPatience(attempt: number): Promise<boolean> {
  if (attempt >= MOST_PAUSES) return Promise.resolve(false);
  const pause = Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** attempt, LONGEST_PAUSE_MILLISECONDS);
  return new Promise((resolve) => setTimeout(() => resolve(true), pause));
}

/**
 * Does something over and over, with a pause before each time, until it is stopped; the first pause may be another
 * one. It keeps no process alive, and what goes wrong is reported and tried again the next time.
 */
export function everySoOften(
  seconds: number,
  work: () => Promise<unknown>,
  report: (error: unknown) => void,
  firstPauseSeconds = seconds,
): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const schedule = (pauseSeconds = seconds): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = work()
        .catch(report)
        .then(() => schedule());
    }, pauseSeconds * 1000).unref();
  };
  schedule(firstPauseSeconds);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
