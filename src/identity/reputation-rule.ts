/** Between these each score stays: neither a long good record nor a long bad one outweighs everything else. */
export const LOWEST_SCORE = -5;
export const HIGHEST_SCORE = 5;
/** A score is forgotten so long after it began: a bad day is over the next. */
export const REPUTATION_SECONDS = 24 * 3600;

/** The score after something good (what was wrong before is forgiven) or bad. */
export function scoreAfter(score: number, behaved: 'WELL' | 'BADLY'): number {
  const next = behaved === 'BADLY' ? score - 1 : score < 0 ? 0 : score + 1;
  return Math.min(HIGHEST_SCORE, Math.max(LOWEST_SCORE, next));
}

/** What becomes of each score, from the lowest to the highest. */
export function scoresAfter(behaved: 'WELL' | 'BADLY'): number[] {
  return Array.from({ length: HIGHEST_SCORE - LOWEST_SCORE + 1 }, (_, index) =>
    scoreAfter(LOWEST_SCORE + index, behaved),
  );
}
