import fc from 'fast-check';

import { dropDatabases } from '../support/server-database.js';
import { cleanUp } from '../support/server-process.js';
import { Dealer } from '../support/model/dealer.js';
import { commands, deals } from '../support/model/game.js';
import { House } from '../support/model/house.js';
import { Match } from '../support/model/match.js';
import { totalsOf } from '../support/model/records.js';
import { Score } from '../support/model/score.js';
import { Table } from '../support/model/table.js';

// More of them by a variable: a night's worth finds what minutes do not.
const GAMES = Number(process.env.STAGEDOOR_MODEL_RUNS ?? 10_000);
/** A failure says `seed` and `path`; given back as `seed:path`, it is that game again, and no other. */
const REPLAY = process.env.STAGEDOOR_MODEL_REPLAY;
/** So many games at once keep both processes and the database busy. */
const TABLES = REPLAY === undefined ? 8 : 1;
const LONGEST_SEARCH_MILLISECONDS = 60_000;
const LONGEST_EVENING_MILLISECONDS = 600_000 + 300 * GAMES;

let house: House;

beforeAll(async () => {
  house = await House.open();
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

function parametersOf(replay: string | undefined): fc.Parameters<unknown> {
  if (replay === undefined) return { numRuns: Math.ceil(GAMES / TABLES) };
  const [seed, ...path] = replay.split(':');
  return { seed: Number(seed), path: path.join(':'), endOnFailure: true };
}

/** Games at several tables at once, each with a flow, policies and people of its own. */
class Evening {
  readonly score = new Score();
  readonly #dealer = new Dealer(house.database, TABLES);
  #games = 0;
  #failed: { readonly at: Table; readonly since: number } | undefined;

  async play(): Promise<void> {
    const tables = Array.from({ length: TABLES }, () => this.#playAtOne());
    await Promise.allSettled(tables);
    // The one that has failed says so.
    await Promise.all(tables);
  }

  async #playAtOne(): Promise<void> {
    const table = await Table.set(house, this.#dealer);
    const game = fc.asyncProperty(deals, commands, async (deal, moves) => {
      if (!this.#isOfInterest(table)) return;
      this.#games += 1;
      const match = await Match.begin(house, table, this.score, deal, this.#games);
      try {
        await match.play(moves);
      } catch (error) {
        if (!this.#isOfInterest(table)) return;
        this.#failed ??= { at: table, since: performance.now() };
        throw new Error(`what happened:\n${match.story}`, { cause: error });
      }
    });
    try {
      await fc.assert(game, parametersOf(REPLAY));
    } finally {
      this.#dealer.leave();
    }
  }

  /** Once something has gone wrong, only that table looks for the shortest way there, and not for ever. */
  #isOfInterest(table: Table): boolean {
    if (!this.#failed) return true;
    const { at, since } = this.#failed;
    return at === table && performance.now() - since < LONGEST_SEARCH_MILLISECONDS;
  }
}

/** What thousands of games have to have seen: a test that never gets anywhere proves nothing. */
const milestones = [
  ...['challenge', 'completed', 'cancelled', 'sessions', 'skipped', 'restarts', 'repeated'],
  ...['POLICY_DENIED', 'STAGE_DENIED', 'LOGIN_BLOCKED', 'CONFIGURATION_ERROR', 'EMPTY_FLOW', 'EXPIRED'].map(
    (code) => `denied ${code}`,
  ),
  ...['INVALID', 'INVALID_CREDENTIALS', 'REQUIRED', 'STALE_CHALLENGE', 'TAKEN'].map(
    (code) => `challenge ${code}`,
  ),
  ...['BAD_USER_INPUT', 'NOT_FOUND', 'STALE_CHALLENGE'].map((code) => `refused ${code}`),
  ...['mood', 'settings', 'guard', 'change guard', 'unguard', 'add stage', 'unbind', 'delete stage'].map(
    (edit) => `edit: ${edit}`,
  ),
  ...['same', 'cancel', 'another answer'].map((rival) => `race: ${rival}`),
  ...['session', 'session of somebody disabled', 'login of somebody disabled'],
];

describe('two processes on one database, whatever is asked of them and changed under them', () => {
  it(
    'come to what the model says after each step: no end without every stage, and each effect once',
    async () => {
      const before = await totalsOf(house.database);
      const evening = new Evening();
      await evening.play();
      const { score } = evening;
      const after = await totalsOf(house.database);
      expect({
        writes: after.writes - before.writes,
        logins: after.logins - before.logins,
        sessions: after.sessions - before.sessions,
      }).toEqual({ writes: score.of('writes'), logins: score.of('logins'), sessions: score.of('sessions') });
      if (REPLAY === undefined) {
        expect(milestones.filter((what) => score.of(what) < Math.floor(GAMES / 2000))).toEqual([]);
      }
    },
    LONGEST_EVENING_MILLISECONDS,
  );
});
