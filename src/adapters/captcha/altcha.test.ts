import { z } from 'zod';

import { encoded, solved } from '../../../test/support/captchas.js';
import { Secret } from '../../kernel/secret.js';
import { checkSolution, createPuzzle } from './altcha.js';

const SECRET = new Secret('what puzzles are signed with');
const EASY = 10;

const anything = z.record(z.string(), z.json());
const payload = z.object({
  challenge: z.object({ parameters: anything, signature: z.string() }),
  solution: anything,
});

const wrong = { type: 'wrong', expired: false };
const check = (puzzle: Parameters<typeof checkSolution>[0], token: string) =>
  checkSolution(puzzle, token, SECRET);

/** The payload of a token, to be changed and encoded again. */
function decoded(token: string) {
  return payload.parse(JSON.parse(Buffer.from(token, 'base64').toString('utf8')));
}

describe('a puzzle', () => {
  it('is never twice the same, and is passed by its solution, as often as that is looked at', async () => {
    const [one, other] = [await createPuzzle(EASY, SECRET), await createPuzzle(EASY, SECRET)];
    expect(one).not.toEqual(other);
    const token = await solved(one);
    const right = { type: 'right', useKey: expect.stringMatching(/^[\w-]{43}$/), score: null };
    expect(await check(one, token)).toEqual(right);
    // Using it up is for the transaction: it is known again by its key.
    expect(await check(one, token)).toEqual(await check(one, token));
  });

  it('has one key, however its solution is written down', async () => {
    const puzzle = await createPuzzle(EASY, SECRET);
    const token = await solved(puzzle);
    const otherwise = encoded({ also: 'this', ...decoded(token) });
    expect(otherwise).not.toBe(token);
    expect(await check(puzzle, otherwise)).toEqual(await check(puzzle, token));
  });

  it('is not passed by the solution of another one', async () => {
    const [one, other] = [await createPuzzle(EASY, SECRET), await createPuzzle(EASY, SECRET)];
    const { challenge, solution } = decoded(await solved(other));
    expect(await check(one, encoded({ challenge, solution }))).toEqual(wrong);
    expect(await check(one, encoded({ challenge: one, solution }))).toEqual(wrong);
  });

  it('is not passed by one that was made easier, or made elsewhere', async () => {
    const puzzle = await createPuzzle(EASY, SECRET);
    const easier = {
      ...puzzle,
      parameters: { ...decoded(await solved(puzzle)).challenge.parameters, keyPrefix: '00' },
    };
    const { solution } = decoded(await solved(easier));
    expect(await check(puzzle, encoded({ challenge: easier, solution }))).toEqual(wrong);
    const foreign = await createPuzzle(EASY, new Secret('another secret'));
    expect(await check(foreign, await solved(foreign))).toEqual(wrong);
  });

  it.each([
    ['nothing', ''],
    ['no encoding of anything', '%%%'],
    ['no JSON', Buffer.from('{').toString('base64')],
    ['a list', encoded([null])],
    ['an empty object', encoded({})],
    ['prototypes', Buffer.from('{"__proto__":{"challenge":{},"solution":{}}}').toString('base64')],
  ])('is not passed by %s', async (_what, token) => {
    expect(await check(await createPuzzle(EASY, SECRET), token)).toEqual(wrong);
  });

  it.each([
    ['a key that is no key', { counter: 5, derivedKey: 'zz' }],
    ['no key', { counter: 5, derivedKey: '' }],
    ['a counter that is none', { counter: -1, derivedKey: 'ab' }],
    ['a counter without end', { counter: 1e300, derivedKey: 'ab' }],
    ['the beginning of the key that is asked for', undefined],
  ])('is not passed by a solution with %s', async (_what, solution) => {
    const puzzle = await createPuzzle(EASY, SECRET);
    const { challenge } = decoded(await solved(puzzle));
    const given = solution ?? { counter: 5, derivedKey: challenge.parameters.keyPrefix };
    expect(await check(puzzle, encoded({ challenge, solution: given }))).toEqual(wrong);
  });

  it('that is none of ours is passed by nothing', async () => {
    const puzzle = await createPuzzle(EASY, SECRET);
    expect(await check({}, await solved(puzzle))).toEqual(wrong);
  });
});
