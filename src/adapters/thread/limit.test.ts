import { MessageChannel } from 'node:worker_threads';

import { Limit } from './limit.js';

const over = (milliseconds: number) => new Promise<void>((resolve) => new Limit(milliseconds, resolve));

describe('a limit', () => {
  it('is over after its time, and not where it was lifted before', async () => {
    let isOver = false;
    new Limit(1, () => (isOver = true)).lift();
    await over(10);
    expect(isOver).toBe(false);
  });

  it('is lifted by what has come in while this thread was held up for longer', async () => {
    const { port1, port2 } = new MessageChannel();
    let isOver = false;
    const limit = new Limit(1, () => (isOver = true));
    port1.on('message', () => limit.lift());
    port2.postMessage('what is waited for');
    for (const end = performance.now() + 20; performance.now() < end; );
    await over(1);
    expect(isOver).toBe(false);
    port1.close();
  });
});
