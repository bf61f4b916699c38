import { within } from '../../../test/support/sandbox.js';
import { createExpressions } from './expressions.js';

const ENDLESS = 'for (;;);';
const AMPLE = within(10_000);
const SHORT = within(100);
/** Longer than whoever waits for what runs so long would wait. */
const LONGEST = within(60_000);

/** What keeps this process alive. */
const held = () => process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;

describe('the pool of workers', () => {
  it('starts nothing before the first evaluation', async () => {
    const before = held();
    const expressions = createExpressions();
    expect(expressions.check('1')).toBeUndefined();
    expect(held()).toBe(before);
    await expressions.close();
  });

  it('keeps the process alive while it evaluates, and not while it is idle', async () => {
    const before = held();
    const expressions = createExpressions({ workers: 1 });
    await expressions.evaluate('1', {}, AMPLE);
    expect(held()).toBe(before);
    const running = expressions.evaluate(ENDLESS, {}, SHORT);
    expect(held()).toBeGreaterThan(before);
    await running;
    expect(held()).toBe(before);
    await expressions.close();
  });

  it('evaluates many expressions with few workers', async () => {
    const expressions = createExpressions({ workers: 2 });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => expressions.evaluate('n * 2', { n }, AMPLE)),
    );
    expect(outcomes).toMatchObject(Array.from({ length: 50 }, (_, n) => ({ ok: true, value: n * 2 })));
    await expressions.close();
  });

  it('refuses at once what finds the queue full', async () => {
    const expressions = createExpressions({ workers: 1, queueLimit: 1 });
    const running = expressions.evaluate(ENDLESS, {}, SHORT);
    const waiting = expressions.evaluate('1', {}, AMPLE);
    expect(await expressions.evaluate('2', {}, AMPLE)).toMatchObject({ reason: 'BUSY' });
    expect(await running).toMatchObject({ reason: 'TIMEOUT' });
    expect(await waiting).toMatchObject({ ok: true, value: 1 });
    await expressions.close();
  });

  it('does not start what waited as long as its deadline', async () => {
    const expressions = createExpressions({ workers: 1 });
    const order: string[] = [];
    const running = expressions.evaluate(ENDLESS, {}, within(500)).then(() => order.push('running'));
    const outcome = await expressions.evaluate('1', {}, within(1));
    order.push('waiting');
    expect(outcome).toMatchObject({ ok: false, reason: 'BUSY' });
    await running;
    expect(order).toEqual(['waiting', 'running']);
    await expressions.close();
  });

  it('uses another worker while one is kept busy', async () => {
    const expressions = createExpressions({ workers: 2 });
    const running = expressions.evaluate(ENDLESS, {}, SHORT);
    expect(await expressions.evaluate('1', {}, AMPLE)).toMatchObject({ ok: true, value: 1 });
    expect(await running).toMatchObject({ reason: 'TIMEOUT' });
    await expressions.close();
  });

  it('settles everything when it is closed', async () => {
    const expressions = createExpressions({ workers: 1 });
    const under = [ENDLESS, '1', '2'].map((source) => expressions.evaluate(source, {}, AMPLE));
    await expressions.close();
    const closed = { ok: false, reason: 'ERROR', message: 'The sandbox is closed' };
    expect(await Promise.all(under)).toEqual([closed, closed, closed]);
    expect(await expressions.evaluate('1', {}, AMPLE)).toEqual(closed);
  });

  it('may be closed twice, or without having been used', async () => {
    const expressions = createExpressions();
    await expressions.close();
    await expect(expressions.close()).resolves.toBeUndefined();
  });
});

describe('expressions that took all their time or memory', () => {
  // They are known by their source alone: so one that fills the memory, and ends by that, can be endless the next time.
  it.each([
    ['time', ENDLESS, 'TIMEOUT', SHORT],
    [
      'memory',
      'if (endless) for (;;);\nconst all = []; for (;;) all.push("x".repeat(1e4) + all.length)',
      'MEMORY',
      LONGEST,
    ],
  ])('hold up nobody but each other from then on: %s', async (_what, hostile, reason, terms) => {
    const expressions = createExpressions({ workers: 1 });
    expect(await expressions.evaluate(hostile, { endless: false }, terms)).toMatchObject({ reason });
    const order: string[] = [];
    const endless = { endless: true };
    const again = expressions.evaluate(hostile, endless, LONGEST).then(() => order.push('hostile'));
    const third = expressions.evaluate(hostile, endless, within(1));
    for (const n of [1, 2, 3]) {
      const outcome = await expressions.evaluate('n', { n }, AMPLE);
      expect(outcome).toMatchObject({ ok: true, value: n });
      order.push('other');
    }
    expect(await third).toMatchObject({ reason: 'BUSY' });
    await expressions.close();
    await again;
    expect(order).toEqual(['other', 'other', 'other', 'hostile']);
  });

  it('are not trusted because they call a policy first', async () => {
    const expressions = createExpressions({ workers: 1 });
    const said = { passing: true, messages: [], rawResult: true };
    const evaluate = ({ deadlineMilliseconds }: typeof SHORT, called?: () => void) =>
      expressions.evaluate(
        "callPolicy('a'); for (;;);",
        {},
        {
          deadlineMilliseconds,
          async call() {
            called?.();
            return said;
          },
        },
      );
    expect(await evaluate(SHORT)).toMatchObject({ reason: 'TIMEOUT' });
    const order: string[] = [];
    let again: Promise<unknown> = Promise.resolve();
    await new Promise<void>((called) => {
      again = evaluate(LONGEST, called).then(() => order.push('hostile'));
    });
    // It is run again by the time of the second at the latest.
    for (const n of [1, 2]) {
      const outcome = await expressions.evaluate('n', { n }, AMPLE);
      expect(outcome).toMatchObject({ ok: true, value: n });
      order.push('other');
    }
    await expressions.close();
    await again;
    expect(order).toEqual(['other', 'other', 'hostile']);
  });

  it('are treated like others once they have ended in good order', async () => {
    const expressions = createExpressions({ workers: 1 });
    const source = 'if (hangs) for (;;);\nreturn true';
    const evaluate = (hangs: boolean, terms = SHORT) => expressions.evaluate(source, { hangs }, terms);
    expect(await evaluate(true)).toMatchObject({ reason: 'TIMEOUT' });
    expect(await evaluate(false, AMPLE)).toMatchObject({ ok: true });
    const running = expressions.evaluate(ENDLESS, {}, within(1_000));
    const waiting = evaluate(false, within(1));
    expect(await waiting).toMatchObject({ reason: 'BUSY' });
    await running;
    await expressions.close();
  });
});
