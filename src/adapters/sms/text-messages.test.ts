import { createServer } from 'node:net';

import { TextProvider } from '../../../test/support/text-provider.js';
import { Secret } from '../../kernel/secret.js';
import type { TextSender } from '../../flow/services/text-messages.js';
import { Undeliverable } from '../../flow/services/undeliverable.js';
import { openTextMessages } from './text-messages.js';
import type { TextOverrides } from './text-messages.js';

const SECRET = 'canary-7Tz secret';
const SID = `AC${'1'.repeat(32)}`;
const MESSAGE = { id: 'message-1', to: '+4915123456789', text: 'Acme: 123456\n\n@auth.example #123456' };

let provider: TextProvider;
beforeAll(async () => {
  provider = await TextProvider.start();
});
beforeEach(() => provider.reset());
afterAll(() => provider.close());

const secret = new Secret(SECRET);
const generic = (also: object = {}): TextSender => ({
  ...{
    provider: 'GENERIC',
    fromNumber: 'Acme',
    url: `${provider.url}/sms`,
    authType: 'BEARER',
    username: '',
  },
  ...{ secret, ...also },
});
const twilio = (also: object = {}): TextSender => ({
  ...{ provider: 'TWILIO', fromNumber: '+15005550006', accountSid: SID, apiUrl: `${provider.url}/`, secret },
  ...also,
});

function send(sender: TextSender, overrides: TextOverrides = {}, production = false): Promise<void> {
  return openTextMessages({ production, mailbox: null }, overrides).send(MESSAGE, sender);
}

/** Why it was not sent, and whether it may be tried again. */
async function problem(sending: Promise<void>): Promise<{ message: string; isFinal: boolean }> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it was sent');
  for (const hidden of [SECRET, MESSAGE.to, '123456']) {
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain(hidden);
  }
  return { message: error.message, isFinal: error instanceof Undeliverable };
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a text message', () => {
  it('is handed in with Twilio as a form of three fields, by the account and its token', async () => {
    await send(twilio());
    expect(provider.handedIn).toHaveLength(1);
    const { method, path, headers, body } = await provider.handed(1);
    expect([method, path]).toEqual(['POST', `/2010-04-01/Accounts/${SID}/Messages.json`]);
    expect(headers).toMatchObject({
      authorization: basic(`${SID}:${SECRET}`),
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    });
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      ...{ To: MESSAGE.to, From: '+15005550006', Body: MESSAGE.text },
    });
  });

  it('is handed in with others as JSON, with a key by which a repeat is known', async () => {
    await send(generic());
    const { method, path, headers, body } = await provider.handed(1);
    expect([method, path]).toEqual(['POST', '/sms']);
    expect(headers).toMatchObject({
      authorization: `Bearer ${SECRET}`,
      'content-type': 'application/json',
      'idempotency-key': 'message-1',
    });
    expect(JSON.parse(body)).toEqual({ from: 'Acme', to: MESSAGE.to, text: MESSAGE.text });
    await send(generic({ authType: 'BASIC', username: 'ada' }));
    expect((await provider.handed(2)).headers.authorization).toBe(basic(`ada:${SECRET}`));
  });

  it.each([
    [400, true],
    [401, true],
    [404, true],
    [302, true],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
  ])('that is answered with %d is given up: %s', async (status, isFinal) => {
    provider.respond = (response) =>
      void response
        .writeHead(status, { location: `${provider.url}/elsewhere` })
        .end(JSON.stringify({ code: 21211, message: `no such number ${MESSAGE.to} for ${MESSAGE.text}` }));
    expect(await problem(send(twilio()))).toEqual({
      message: `The provider answered ${status} (21211).`,
      isFinal,
    });
    expect(provider.handedIn).toHaveLength(1);
  });

  it.each([
    ['no JSON', `<html>${MESSAGE.to}</html>`],
    ['a code that is none', JSON.stringify({ code: MESSAGE.to })],
    ['more than anybody reads', `{"code":1,"x":"${'x'.repeat(200_000)}"}`],
  ])('is given up without repeating what the provider says: %s', async (_what, said) => {
    provider.respond = (response) => void response.writeHead(400).end(said);
    expect(await problem(send(twilio()))).toEqual({ message: 'The provider answered 400.', isFinal: true });
  });

  it('is tried again where the provider is gone, hangs up, talks nonsense or says nothing', async () => {
    const gone = await TextProvider.start();
    const { url } = gone;
    await gone.close();
    expect(await problem(send(generic({ url })))).toEqual({
      message: 'The provider was not reached, or did not answer in time: ECONNREFUSED.',
      isFinal: false,
    });
    provider.respond = (response) => void response.destroy();
    expect(await problem(send(generic()))).toMatchObject({ isFinal: false });
    provider.respond = () => undefined;
    expect(await problem(send(generic(), { timeoutMilliseconds: 50 }))).toMatchObject({ isFinal: false });
    const babbler = createServer((socket) => socket.resume().end('SSH-2.0 nonsense\r\n\r\n'));
    await new Promise<void>((resolve) => babbler.listen(0, '127.0.0.1', resolve));
    const address = babbler.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(await problem(send(generic({ url: `http://127.0.0.1:${port}` })))).toMatchObject({
      isFinal: false,
    });
    await new Promise((resolve) => babbler.close(resolve));
  });

  it('is told to nobody whose address may not be asked, and in production not to this machine', async () => {
    const elsewhere = { url: 'https://sms.example/' };
    const refused = { message: 'The provider has an address that may not be asked.', isFinal: true };
    expect(await problem(send(generic(elsewhere), { resolve: async () => ['10.0.0.1'] }))).toEqual(refused);
    expect(await problem(send(generic(), {}, true))).toEqual(refused);
    expect(await problem(send(twilio(), {}, true))).toEqual(refused);
    const lost = { resolve: () => Promise.reject(new Error(`no ${MESSAGE.to}`)) };
    expect(await problem(send(generic(elsewhere), lost))).toMatchObject({ isFinal: false });
    const slow = { resolve: () => new Promise<never>(() => undefined), timeoutMilliseconds: 20 };
    expect(await problem(send(generic(elsewhere), slow))).toMatchObject({ isFinal: false });
    expect(provider.handedIn).toEqual([]);
  });

  it.each(['a\r\nx-evil: 1', 'ü', 'a\0b'])(
    'is not sent with the secret %j, which no header holds',
    async (text) => {
      const unfit = generic({ secret: new Secret(text) });
      expect(await problem(send(unfit))).toEqual({ message: 'The secret cannot be sent.', isFinal: true });
      expect(provider.handedIn).toEqual([]);
    },
  );

  it('is kept in the mailbox where the stage says so, and given up where there is none', async () => {
    const kept: unknown[] = [];
    const transport = openTextMessages({ production: false, mailbox: { keep: (text) => kept.push(text) } });
    await transport.send(MESSAGE, { provider: 'MAILBOX' });
    expect(kept).toEqual([MESSAGE]);
    expect(await problem(send({ provider: 'MAILBOX' }))).toMatchObject({ isFinal: true });
  });
});
