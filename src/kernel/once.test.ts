import { onceFor } from './once.js';

describe('work that is done once for each object', () => {
  it('has the same result for the same object, and is done anew for an equal one', () => {
    let done = 0;
    const count = onceFor((_key: object) => (done += 1));
    const [one, other] = [{}, {}];
    expect([count(one), count(one), count(other), count(one)]).toEqual([1, 1, 2, 1]);
  });

  it('remembers also that there is no result', () => {
    let done = 0;
    const nothing = onceFor((_key: object): undefined => void (done += 1));
    const key = {};
    expect([nothing(key), nothing(key), done]).toEqual([undefined, undefined, 1]);
  });

  it('is tried again where it has failed', () => {
    let tries = 0;
    const second = onceFor((_key: object) => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    });
    const key = {};
    expect(() => second(key)).toThrow('not yet');
    expect(second(key)).toBe(2);
  });
});
