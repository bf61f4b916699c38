import { setTimeout as pauseFor } from 'node:timers/promises';

/** Long enough that asking does not take the processor from what is asked about. */
const PAUSE_MILLISECONDS = 10;

/** Looks again and again until something is there; the suite's own limit ends what never is. */
export async function untilThere<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pauseFor(PAUSE_MILLISECONDS);
  }
}

/** Asks again and again until it is so; the suite's own limit ends what never is. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pauseFor(PAUSE_MILLISECONDS);
}
