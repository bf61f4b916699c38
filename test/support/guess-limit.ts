/** How many of a row of wrong codes are looked at within so many seconds. */
export function limitAfter(seconds: number): number {
  let [looked, wait] = [5, 1];
  for (let left = seconds - wait; left >= 0; left -= wait) {
    looked += 1;
    wait *= 2;
  }
  return looked;
}
