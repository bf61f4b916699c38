// Stands between a server and PostgreSQL, passes everything on, and notes the statements that it sees go by.
import { connect, createServer } from 'node:net';

const QUERY = 'Q'.charCodeAt(0);
const PARSE = 'P'.charCodeAt(0);
const BIND = 'B'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);
const SYNC = 'S'.charCodeAt(0);
const HEADER_BYTES = 5;

/**
 * Counts by the messages of the protocol (PostgreSQL documentation, 54.7): a statement is a Query or an Execute, a
 * round trip a Query or a Sync.
 */
export async function countingProxy(databaseUrl) {
  const target = new URL(databaseUrl);
  let statements = 0;
  const transactions = [];
  let roundTrips = 0;
  const sockets = new Set();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const statementOf = statementReader();
    const belongs = transactionReader(transactions);
    const seen = messageReader((type, body) => {
      const statement = statementOf(type, body);
      if (statement !== undefined) {
        statements += 1;
        belongs(statement);
      }
      if (type === QUERY || type === SYNC) roundTrips += 1;
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
      const before = { statements, transactions: transactions.length, roundTrips };
      await work();
      return {
        statements: statements - before.statements,
        roundTrips: roundTrips - before.roundTrips,
        transactions: transactions.slice(before.transactions).filter(({ isOver }) => isOver),
      };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Tells which statement a message has the server run, if any: it may have been named in messages before. */
function statementReader() {
  const statements = new Map();
  const portals = new Map();
  return (type, body) => {
    const [first, second] = body.toString('utf8').split('\0', 2);
    if (type === QUERY) return first;
    if (type === PARSE) statements.set(first, second);
    if (type === BIND) portals.set(first, statements.get(second));
    return type === EXECUTE ? portals.get(first) : undefined;
  };
}

/** Puts a connection's statements together to transactions, in the order in which those are begun. */
function transactionReader(transactions) {
  let open;
  return (statement) => {
    if (open === undefined) {
      open = { texts: [], isOver: false };
      transactions.push(open);
    }
    open.texts.push(statement);
    const isWithin = /^begin\b/i.test(open.texts[0]) && !/^(commit|rollback)$/i.test(statement);
    if (isWithin) return;
    open.isOver = true;
    open = undefined;
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
      if (started) onMessage(pending[0], pending.subarray(header, length));
      started = true;
      pending = pending.subarray(length);
    }
  };
}
