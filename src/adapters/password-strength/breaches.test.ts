import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { Secret } from '../../kernel/secret.js';
import { breachesFrom } from './breaches.js';

const PASSWORD = new Secret('correct horse battery staple');
const HASH = createHash('sha1').update(PASSWORD.reveal()).digest('hex').toUpperCase();
const OTHER = 'F'.repeat(35);
const AMPLE_MILLISECONDS = 10_000;

let server: Server;
let asked: IncomingMessage[] = [];
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function urlOf(path = '/range/'): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}${path}`;
}

const found = (timeoutMilliseconds = AMPLE_MILLISECONDS): Promise<number> =>
  breachesFrom({ url: urlOf(), timeoutMilliseconds }, PASSWORD);

const answering = (text: string, status = 200): void => {
  answer = (response) => void response.writeHead(status).end(text);
};

describe('a service for breached passwords', () => {
  it('is told five digits of a hash, and asked for padding', async () => {
    answering(`${OTHER}:3\r\n`);
    await found();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'GET', url: `/range/${HASH.slice(0, 5)}` });
    expect(asked[0]?.headers).toMatchObject({ 'add-padding': 'true' });
    expect(JSON.stringify(asked[0]?.rawHeaders)).not.toContain(HASH.slice(5, 10));
  });

  it.each([
    ['is found, whatever the case of the digits', `${OTHER}:3\r\n${HASH.slice(5).toLowerCase()}:42`, 42],
    ['is not found', `${OTHER}:3\r\n`, 0],
    ['is only there as padding', `${HASH.slice(5)}:0\n${OTHER}:3\n`, 0],
  ])('says how often a password %s', async (_how, text, count) => {
    answering(text);
    expect(await found()).toBe(count);
  });

  it.each([
    ['an error', 'no', 500, /does not answer/],
    ['something that is not there', '', 404, /does not answer/],
    ['nothing', '', 200, /no answer that can be read/],
    ['a page', '<html>Sign in to this network</html>', 200, /no answer that can be read/],
    ['a list with something else in it', `${OTHER}:3\nand so on`, 200, /no answer that can be read/],
    ['more than anybody would', `${OTHER}:3\n`.repeat(20_000), 200, /does not answer/],
  ])('that answers with %s has not answered', async (_what, text, status, reason) => {
    answering(text, status);
    const failure = await found().catch((error: unknown) => String(error));
    expect(failure).toMatch(reason);
    expect(failure).not.toContain(HASH.slice(0, 5));
  });

  it('that leads elsewhere is not followed', async () => {
    answer = (response) => void response.writeHead(302, { location: urlOf('/elsewhere') }).end();
    await expect(found()).rejects.toThrow('does not answer');
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['before it answers', (): void => undefined],
    ['in the middle of its answer', (response: ServerResponse) => void response.write(`${OTHER}:3\n`)],
  ])('that takes too long %s has not answered', async (_when, slowly) => {
    answer = slowly;
    await expect(found(50)).rejects.toThrow('does not answer');
  });

  it('that is not there has not answered', async () => {
    const service = { url: 'http://127.0.0.1:1/range/', timeoutMilliseconds: AMPLE_MILLISECONDS };
    await expect(breachesFrom(service, PASSWORD)).rejects.toThrow('does not answer');
  });
});
