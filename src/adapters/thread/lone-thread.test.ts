import { jest } from '@jest/globals';

import { LoneThread } from './lone-thread.js';

const LONGEST_MILLISECONDS = 10_000;

/** Says that it is ready, and everything else again. */
const ECHO = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (task) => parentPort.postMessage(task));
  parentPort.postMessage('READY');
`;

afterEach(() => jest.useRealTimers());

describe('a thread for one task at a time', () => {
  it('has all its time for a task, however long it took to start', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] });
    const thread = new LoneThread<string, string>(
      new URL(`data:text/javascript,${encodeURIComponent(ECHO)}`),
      { name: 'echoes', longestMilliseconds: LONGEST_MILLISECONDS },
    );
    const answer = thread.run('hello');
    while (jest.getTimerCount() === 0) await Promise.resolve();
    // Nothing that it might say has been heard yet: this thread was never free.
    jest.advanceTimersByTime(LONGEST_MILLISECONDS);
    expect(await answer).toBe('hello');
    expect(await thread.run('again')).toBe('again');
    await thread.close();
  });
});
