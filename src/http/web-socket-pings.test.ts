import { EventEmitter, once } from 'node:events';

import { pingSocket } from './web-socket-pings.js';
import type { PingedSocket } from './web-socket-pings.js';

/** Counts its pings, and answers them or does not. */
class FakeSocket extends EventEmitter implements PingedSocket {
  pings = 0;

  constructor(private readonly answers: boolean) {
    super();
  }

  ping(): void {
    this.pings += 1;
    if (this.answers) this.emit('pong');
    this.emit(`ping ${this.pings}`);
  }

  terminate(): void {
    this.emit('terminated');
  }
}

const never = (): never => {
  throw new Error('it was ended all the same');
};

describe('a connection', () => {
  it('stays for as long as its client answers pings', async () => {
    const socket = new FakeSocket(true).on('terminated', never);
    const stop = pingSocket(socket, 1);
    await once(socket, 'ping 20');
    stop();
  });

  it('is ended whose client has not answered by the next ping', async () => {
    const socket = new FakeSocket(false);
    const stop = pingSocket(socket, 1);
    await once(socket, 'terminated');
    expect(socket.pings).toBe(1);
    stop();
  });

  it('is pinged no more once that is stopped', async () => {
    const stopped = new FakeSocket(true);
    pingSocket(stopped, 1)();
    const other = new FakeSocket(true);
    const stop = pingSocket(other, 1);
    await once(other, 'ping 5');
    expect(stopped.pings).toBe(0);
    stop();
  });
});
