// Stands between a server and PostgreSQL, passes everything on, and counts the statements that it sees go by.
import { connect, createServer } from 'node:net';

const QUERY = 'Q'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);
const SYNC = 'S'.charCodeAt(0);
const HEADER_BYTES = 5;

/**
 * Counts by the messages of the protocol (PostgreSQL documentation, 54.7): a statement is a Query or an Execute, a
 * round trip a Query or a Sync.
 */
export async function countingProxy(databaseUrl) {
  const target = new URL(databaseUrl);
  const counts = { statements: 0, roundTrips: 0 };
  const sockets = new Set();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const seen = messageReader((type) => {
      if (type === QUERY || type === EXECUTE) counts.statements += 1;
      if (type === QUERY || type === SYNC) counts.roundTrips += 1;
    });
    client.on('data', seen);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(from);
      from.setNoDelay(true);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(server.address().port);
  return {
    url: url.href,
    /** What `work` made the server ask. */
    async during(work) {
      const before = { ...counts };
      await work();
      return {
        statements: counts.statements - before.statements,
        roundTrips: counts.roundTrips - before.roundTrips,
      };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Cuts a client's bytes into messages. The first one has no type. */
function messageReader(onMessage) {
  let pending = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const header = started ? HEADER_BYTES : HEADER_BYTES - 1;
      if (pending.length < header) return;
      const length = pending.readInt32BE(header - 4) + (started ? 1 : 0);
      if (pending.length < length) return;
      if (started) onMessage(pending[0]);
      started = true;
      pending = pending.subarray(length);
    }
  };
}
