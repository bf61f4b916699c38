/** How like something that is there is to something that is listed. */
interface Likeness {
  /** It is about the same thing. */
  readonly isSame: boolean;
  /** It stands at the same place as well. */
  readonly isInPlace: boolean;
  /** Whether it is meant also where it stands elsewhere. */
  readonly mayMove: boolean;
}

/**
 * Which of what is there is meant by which of what is listed: the same thing at the same place, each once; then the same
 * thing at another place, where that may be moved rather than made anew.
 */
export class Matching<Present, Listed> {
  readonly #meant = new Map<Listed, Present>();
  readonly #left: Set<Present>;

  constructor(
    present: readonly Present[],
    listed: readonly Listed[],
    likeness: (present: Present, listed: Listed) => Likeness,
  ) {
    this.#left = new Set(present);
    const match = (isLike: (found: Likeness) => boolean): void => {
      for (const one of listed) {
        if (this.#meant.has(one)) continue;
        const found = [...this.#left].find((candidate) => isLike(likeness(candidate, one)));
        if (found === undefined) continue;
        this.#meant.set(one, found);
        this.#left.delete(found);
      }
    };
    match(({ isSame, isInPlace }) => isSame && isInPlace);
    match(({ isSame, mayMove }) => isSame && mayMove);
  }

  of(listed: Listed): Present | undefined {
    return this.#meant.get(listed);
  }

  /** What nothing that is listed means. */
  left(): readonly Present[] {
    return [...this.#left];
  }
}
