import { randomUUID } from 'node:crypto';

import type { Execution, Outcome } from './execution.js';
import type { Shown, Ticket } from './player.js';

/** One execution, as the model has it and as its client knows it. */
export class Running {
  /** The ids of its challenges by their numbers. Those that were answered within the start are not told. */
  readonly #challengeIds = new Map<number, string>();
  /** What was shown for each answer that was looked at. */
  #given: string[] = [];
  /** The places whose challenges were answered, well or not. */
  readonly answered: Set<number>;
  #model: Execution;
  #sessionToken: string | undefined;

  constructor(
    readonly ticket: Ticket,
    execution: Execution,
    shown: Shown,
    answered: Iterable<number>,
  ) {
    this.answered = new Set(answered);
    this.#model = execution;
    this.#keep(shown);
  }

  get model(): Execution {
    return this.#model;
  }

  get sessionToken(): string | undefined {
    return this.#sessionToken;
  }

  /** A challenge that nobody was told of has an id that nobody can know. */
  challengeId(asked: number): string {
    return this.#challengeIds.get(asked) ?? randomUUID();
  }

  /** What the client was shown has to be what the model says; both go on from there. */
  agree({ view, execution, repeats }: Outcome, shown: Shown): void {
    expect(shown.view).toEqual(view);
    const before = this.#model;
    this.#model = execution;
    if (repeats !== undefined) {
      expect(shown.raw).toBe(this.#given[repeats]);
      return;
    }
    if (execution.given.length < before.given.length) this.#given = [];
    if (execution.given.length > before.given.length) {
      if (before.step.type === 'challenge') this.answered.add(before.step.place);
      this.#given.push(shown.raw);
    }
    if (execution.asked === before.asked && shown.challengeId !== undefined) {
      expect(shown.challengeId).toBe(this.#challengeIds.get(execution.asked));
    }
    this.#keep(shown);
  }

  /** Its time is over. */
  expire(): void {
    this.#model = { ...this.#model, expired: true };
  }

  #keep({ challengeId, sessionToken }: Shown): void {
    if (challengeId !== undefined) this.#challengeIds.set(this.#model.asked, challengeId);
    if (sessionToken !== undefined) this.#sessionToken = sessionToken;
  }
}
