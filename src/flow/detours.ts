/** So many flows may a request be led to, and wait for each other: more than anybody composes. */
const MOST_FLOWS_ENTERED = 10;
/** So many stages may a request be given by its stages: more than anybody has ways to prove who they are. */
const MOST_STAGES_INSERTED = 20;

/** Where a request is led besides the flow that it goes through. That without end is a mistake of whoever composed it. */
export class Detours {
  #entered = 0;
  #inserted = 0;

  /** Whether there may be one flow more, besides those that wait already. */
  mayEnter(waiting: number): boolean {
    this.#entered += 1;
    return this.#entered <= MOST_FLOWS_ENTERED && waiting < MOST_FLOWS_ENTERED;
  }

  /** Whether there may be so many stages more. */
  mayInsert(stages: number): boolean {
    this.#inserted += stages;
    return this.#inserted <= MOST_STAGES_INSERTED;
  }
}
