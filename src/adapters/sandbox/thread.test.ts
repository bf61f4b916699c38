import { Thread } from './thread.js';

/** What keeps this process alive. */
const held = () => process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;

/** For what never ends by itself. */
const SHORT = 100;

const task = (body: string, deadlineMilliseconds = 10_000) => {
  const script = `(() => ${body})`;
  return { script, input: '{}', calls: '{}', deadlineMilliseconds };
};

describe('a thread', () => {
  it('keeps the process alive only while it runs a task', async () => {
    const before = held();
    const thread = new Thread({ isLowPriority: false });
    expect(held()).toBe(before);
    const running = thread.run(task('() => 1'));
    expect(held()).toBe(before + 1);
    expect(await running).toMatchObject({ kind: 'VALUE', json: expect.stringMatching(/^\{"value":1,/) });
    expect(held()).toBe(before);
    await thread.stop();
  });

  it('is used again after a deadline that was kept within', async () => {
    const endlessGrace = 1_000_000;
    const thread = new Thread({ isLowPriority: false }, endlessGrace);
    expect(await thread.run(task('() => { for (;;); }', SHORT))).toEqual({ kind: 'TIMEOUT' });
    expect(thread.isUsable).toBe(true);
    await thread.stop();
  });

  it('is ended where a built-in function ignores the deadline', async () => {
    const thread = new Thread({ isLowPriority: false });
    const endless = '() => { const s = "x".repeat(4 << 20); for (;;) s.lastIndexOf("yz") }';
    expect(await thread.run(task(endless, SHORT))).toEqual({ kind: 'TIMEOUT' });
    expect(thread.isUsable).toBe(false);
    await thread.ended;
  });

  it('is given up once it lacked memory, even if the script did not mind', async () => {
    const thread = new Thread({ isLowPriority: false });
    expect(await thread.run(task('() => { try { "x".repeat(2 ** 29) } catch {} return 1 }'))).toEqual({
      kind: 'MEMORY',
    });
    expect(thread.isUsable).toBe(false);
    await thread.ended;
  });

  it('settles what it runs when it is stopped', async () => {
    const thread = new Thread({ isLowPriority: false });
    const running = thread.run(task('() => 1'));
    await thread.stop();
    expect(await running).toEqual({ kind: 'BROKEN' });
    expect(thread.isUsable).toBe(false);
  });
});
