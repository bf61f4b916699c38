import { isDeepStrictEqual } from 'node:util';

import { cancelled, lookedAt, started, submitted } from './execution.js';
import type { Execution, Outcome, View } from './execution.js';
import { answerOf, names } from './game.js';
import type { Command, Deal, RunCommand, Taste } from './game.js';
import type { House } from './house.js';
import { placeOf } from './installation.js';
import type { Installation } from './installation.js';
import { editOf } from './intent.js';
import type { Intent } from './intent.js';
import { Player, nameIn } from './player.js';
import type { Shown } from './player.js';
import { enable, expire, recordsOf } from './records.js';
import type { Records } from './records.js';
import { asksBy, signsIn } from './run.js';
import type { Answer } from './run.js';
import { Running } from './running.js';
import type { Score } from './score.js';
import type { Table } from './table.js';

const MOST_RUNS = 3;

/** What one of two rivals does, on a node and in the model. */
interface Move {
  really(node: number): Promise<Shown>;
  inTheory(installation: Installation, execution: Execution): Outcome;
}

/** Whether a command is about the current challenge. */
function isAnswering({ type }: RunCommand): boolean {
  return type === 'answer' || type === 'race' || type === 'wrong kind';
}

/** One game. What is done on the two nodes is done to the model as well, and after each command both have to agree. */
export class Match {
  readonly #runs: Running[] = [];
  /** The places that every plan has, and that no policy can take out. */
  readonly #required: Set<number>;
  readonly #story: string[] = [];
  #turn = 0;

  private constructor(
    private readonly house: House,
    private readonly table: Table,
    private readonly score: Score,
    private readonly game: string,
    private readonly player: Player,
    private installation: Installation,
  ) {
    this.#required = new Set(
      installation.places.flatMap(({ guards }, number) => (guards.length === 0 ? [number] : [])),
    );
  }

  static async begin(house: House, table: Table, score: Score, deal: Deal, number: number): Promise<Match> {
    const game = `game-${number}`;
    const installation = await table.deal(deal, game);
    const address = `10.${(number >> 16) % 256}.${(number >> 8) % 256}.${number % 256}`;
    const player = new Player(house, table.slug, game, address);
    return new Match(house, table, score, game, player, installation);
  }

  /** What has happened so far, for whoever has to find out why it went wrong. */
  get story(): string {
    return this.#story.join('\n');
  }

  async play(commands: readonly Command[]): Promise<void> {
    await this.#start(0, []);
    for (const command of commands) {
      this.#turn += 1;
      this.#story.push(JSON.stringify(command));
      await this.#take(command);
    }
    for (const running of this.#runs) await this.#close(running);
  }

  async #take(command: Command): Promise<void> {
    switch (command.type) {
      case 'start':
        return this.#start(command.node, command.ahead);
      case 'enable':
        return this.#enable(command.account, command.active);
      case 'edit':
        return this.#edit(command.node, command.intent);
      case 'answer':
      case 'wrong kind':
      case 'foreign':
      case 'late':
      case 'repeat':
      case 'race':
      case 'cancel':
      case 'look':
      case 'use session':
      case 'expire': {
        const running = this.#runs[command.run % this.#runs.length];
        // Where a start was refused, and where a run has come to its end, another begins.
        if (!running || (isAnswering(command) && running.model.step.type !== 'challenge')) {
          return this.#start(0, []);
        }
        await this.#takeOn(running, command);
        await this.#compare(running);
      }
    }
  }

  async #takeOn(running: Running, command: RunCommand): Promise<void> {
    const { ticket, model } = running;
    switch (command.type) {
      case 'answer':
        return this.#submit(running, command.node, model.asked, this.#fitting(model, command.taste));
      case 'wrong kind': {
        const { kind } = this.#fitting(model, command.taste);
        const other = this.#answer(kind === 'dummy' ? 'user-login' : 'dummy', command.taste);
        return this.#submit(running, command.node, model.asked, other);
      }
      case 'foreign':
        return this.#intrude(running, command.node, this.#fitting(model, command.taste));
      case 'late': {
        const asked = 1 + (command.asked % Math.max(1, model.asked));
        return this.#submit(running, command.node, asked, this.#fitting(model, command.taste));
      }
      case 'repeat': {
        const given = model.given[command.given % model.given.length];
        if (given) await this.#submit(running, command.node, given.asked, given.answer);
        return;
      }
      case 'race':
        return this.#race(running, command.taste, command.rival);
      case 'cancel': {
        const shown = await this.player.cancel(command.node, ticket);
        return this.#agree(running, cancelled(this.installation, model), shown);
      }
      case 'look':
        expect((await this.player.look(command.node, ticket)).view).toEqual(lookedAt(model));
        return;
      case 'use session':
        return this.#useSession(running, command.node);
      case 'expire':
        await expire(this.house.database, ticket.id);
        return running.expire();
    }
  }

  async #start(node: number, ahead: readonly Taste[]): Promise<void> {
    if (this.#runs.length === MOST_RUNS) return;
    const answers: Answer[] = [];
    const answered: number[] = [];
    const outcome = started(this.installation, (place) => {
      const taste = ahead[answers.length];
      const kind = asksBy(placeOf(this.installation, place));
      if (!taste || !kind) return undefined;
      const answer = this.#answer(kind, taste);
      answers.push(answer);
      answered.push(place);
      return answer;
    });
    const { ticket, used, shown } = await this.player.start(node, answers);
    this.#tell(shown.view);
    if (!outcome) {
      expect(shown.view).toEqual({ type: 'refused', code: 'CONFLICT' });
      return;
    }
    expect(shown.view).toEqual(outcome.view);
    expect(used).toBe(answers.length);
    if (!ticket) throw new Error('there is nothing to go on with');
    const running = new Running(ticket, outcome.execution, shown, answered);
    this.#runs.push(running);
    this.installation = { ...this.installation, accounts: outcome.accounts };
    await this.#compare(running);
  }

  async #submit(running: Running, node: number, asked: number, answer: Answer): Promise<void> {
    const outcome = submitted(this.installation, running.model, asked, answer);
    const shown = await this.player.submit(node, running.ticket, running.challengeId(asked), answer);
    this.#agree(running, outcome, shown);
  }

  /** Whoever has another secret than its own learns nothing of an execution, and changes nothing in it. */
  async #intrude(running: Running, node: number, answer: Answer): Promise<void> {
    const { ticket, model } = running;
    const token = this.#runs.find((one) => one !== running)?.ticket.token ?? 'x'.repeat(ticket.token.length);
    const foreign = { id: ticket.id, token };
    const refused = { type: 'refused', code: 'NOT_FOUND' };
    const submit = await this.player.submit(node, foreign, running.challengeId(model.asked), answer);
    expect(submit.view).toEqual(refused);
    expect((await this.player.cancel(node, foreign)).view).toEqual(refused);
    expect((await this.player.look(node, foreign)).view).toEqual({ type: 'unknown' });
    this.#tell(submit.view);
  }

  /** Two requests at the same time, one to each node: they come to what one after the other would have come to. */
  async #race(running: Running, taste: Taste, rival: Taste | 'same' | 'cancel'): Promise<void> {
    const { ticket, model } = running;
    const challengeId = running.challengeId(model.asked);
    const submit = (given: Answer): Move => ({
      really: (node) => this.player.submit(node, ticket, challengeId, given),
      inTheory: (installation, execution) => submitted(installation, execution, model.asked, given),
    });
    const cancel: Move = { really: (node) => this.player.cancel(node, ticket), inTheory: cancelled };
    const answer = this.#fitting(model, taste);
    const one = submit(answer);
    const other =
      rival === 'cancel' ? cancel : submit(rival === 'same' ? answer : this.#fitting(model, rival));
    const [ofOne, ofOther] = await Promise.all([one.really(0), other.really(1)]);
    const turns = [
      { move: one, shown: ofOne },
      { move: other, shown: ofOther },
    ];
    const agreed = [turns, turns.toReversed()].some((order) => this.#agreeInTurn(running, order));
    if (!agreed) throw new Error(`in neither order: ${JSON.stringify(turns.map(({ shown }) => shown.view))}`);
    this.score.count(`race: ${typeof rival === 'string' ? rival : 'another answer'}`);
  }

  /** False, and nothing happens, where this order does not explain what was shown. */
  #agreeInTurn(running: Running, order: readonly { readonly move: Move; readonly shown: Shown }[]): boolean {
    let { model } = running;
    let { installation } = this;
    const turns = order.map(({ move, shown }) => {
      const outcome = move.inTheory(installation, model);
      model = outcome.execution;
      installation = { ...installation, accounts: outcome.accounts };
      return { outcome, shown };
    });
    if (!turns.every(({ outcome, shown }) => isDeepStrictEqual(shown.view, outcome.view))) return false;
    for (const { outcome, shown } of turns) this.#agree(running, outcome, shown);
    return true;
  }

  #agree(running: Running, outcome: Outcome, shown: Shown): void {
    this.#tell(shown.view);
    running.agree(outcome, shown);
    this.installation = { ...this.installation, accounts: outcome.accounts };
    if (outcome.repeats !== undefined) this.score.count('repeated');
    if (outcome.view.type === 'denied' && this.#isLoginOfSomebodyDisabled(outcome.execution)) {
      this.score.count('login of somebody disabled');
    }
  }

  #isLoginOfSomebodyDisabled({ planned, trail, about }: Execution): boolean {
    const next = planned[trail.length];
    const isLogin = next !== undefined && signsIn(placeOf(this.installation, next.place));
    return isLogin && this.installation.accounts.some(({ id, active }) => id === about && !active);
  }

  async #useSession({ model, sessionToken }: Running, node: number): Promise<void> {
    if (sessionToken === undefined) return;
    const owner = this.installation.accounts.find(({ id }) => id === model.session?.account);
    const name = owner?.active === true ? nameIn(this.game, owner.name) : null;
    expect(await this.player.whoIs(node, sessionToken)).toBe(name);
    this.score.count(name === null ? 'session of somebody disabled' : 'session');
  }

  async #enable(index: number, active: boolean): Promise<void> {
    const { accounts } = this.installation;
    // The newest first.
    const account = accounts.at(-1 - (index % accounts.length));
    if (!account) return;
    await enable(this.house.database, nameIn(this.game, account.name), active);
    const changed = accounts.map((one) => (one === account ? { ...one, active } : one));
    this.installation = { ...this.installation, accounts: changed };
  }

  async #edit(node: number, intent: Intent): Promise<void> {
    const edit = editOf(this.installation, intent);
    if (!edit) return;
    if (edit.type === 'unbind' || edit.type === 'delete stage') this.#required.delete(edit.place);
    if (edit.type === 'guard' && edit.target !== 'flow') this.#required.delete(edit.target);
    this.installation = await this.table.edit(node, this.game, this.installation, edit);
    this.score.count(`edit: ${edit.type}`);
  }

  /** The answer to its challenge. Where there is none, one answer is like another. */
  #fitting({ step }: Execution, taste: Taste): Answer {
    const kind = step.type === 'challenge' ? asksBy(placeOf(this.installation, step.place)) : null;
    return this.#answer(kind ?? 'dummy', taste);
  }

  #answer(kind: Answer['kind'], taste: Taste): Answer {
    return answerOf(kind, taste, this.installation.accounts, this.#turn);
  }

  /** What is kept has to be what the model says. */
  async #compare(running: Running): Promise<Records> {
    const { ticket, model } = running;
    const { places, accounts } = this.installation;
    const called = (name: string): string => nameIn(this.game, name);
    const records = await recordsOf(this.house.database, ticket.id, names.map(called));
    const numberOf = (bindingId: string): number => places.findIndex(({ id }) => id === bindingId);
    const seen = {
      ...records,
      planned: records.planned.map(numberOf),
      trail: records.trail.map(({ bindingId, outcome, proofs }) => [
        numberOf(bindingId),
        outcome,
        proofs.length > 0,
      ]),
    };
    const { session } = model;
    const expected = {
      challengeId: model.step.type === 'challenge' ? running.challengeId(model.asked) : null,
      planned: model.planned.map(({ place }) => place),
      trail: model.trail.map(({ place, outcome, proves }) => [place, outcome, proves]),
      answers: model.given.length,
      sessions: accounts.filter(({ id }) => id === session?.account).map(({ name }) => called(name)),
      accounts: accounts
        .map(({ name, active }) => ({ name: called(name), active }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
    expect(seen).toEqual(expected);
    return records;
  }

  async #close(running: Running): Promise<void> {
    const records = await this.#compare(running);
    await this.#useSession(running, this.#turn % 2);
    const { step, done, session, trail } = running.model;
    if (step.type === 'completed') this.#expectWhole(running, records);
    this.score.count('sessions', session ? 1 : 0);
    this.score.count('skipped', trail.filter(({ outcome }) => outcome === 'skipped').length);
    for (const [what, times] of Object.entries(done)) this.score.count(what, times);
  }

  /** In words of its own, whatever the model says: no way to the end leaves out a stage that has to be passed. */
  #expectWhole({ answered }: Running, { planned, trail }: Records): void {
    expect(trail.map(({ bindingId }) => bindingId)).toEqual(planned);
    const { places } = this.installation;
    const passed = new Set(
      trail.filter(({ outcome }) => outcome === 'passed').map(({ bindingId }) => bindingId),
    );
    const left = places.filter(({ id }, number) => this.#required.has(number) && !passed.has(id));
    expect(left).toEqual([]);
    const unasked = places.filter(
      (place, number) => passed.has(place.id) && asksBy(place) !== null && !answered.has(number),
    );
    expect(unasked).toEqual([]);
  }

  #tell(view: View): void {
    this.#story.push(`  → ${JSON.stringify(view)}`);
    const errors = view.type === 'challenge' ? view.errors : [];
    const detail = 'code' in view ? [view.code] : errors;
    this.score.count([view.type, ...detail].join(' '));
  }
}
