import { createServer } from 'node:net';

import { Secret } from '../../kernel/secret.js';
import type { MailTransport, OutgoingMail } from '../../flow/services/mail-transport.js';
import { startMailServer } from '../../../test/support/mail-server.js';
import type { MailBehaviour, MailServer } from '../../../test/support/mail-server.js';
import { openSmtp } from './smtp.js';
import type { SmtpOptions, SmtpOverrides } from './smtp.js';

const ID = 'b4c1b1a0-0000-4000-8000-000000000001';
const MAIL: OutgoingMail = {
  id: ID,
  to: 'ada@example.org',
  brandName: 'Bücher & Söhne',
  subject: 'Grüße: Ihr Code',
  text: 'Über den Wolken\n\nhttps://auth.example.org/flows/x#flowToken=hunter2\n',
  html: '<p>Über den <b>Wolken</b></p>',
};

/** Of a server called 127.0.0.1; good until 2126, and for nothing but these tests. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/NN0F02lxbHijzOr
30TnDl2f7b2/jAjElkASVrIZ4/uhRANCAATGIhUXxiUBfY1/tVkrkzl6fx0J+573
FrEXrYI+gTQHhEvqIM5SNilOHcoNVHgmia8MS6QvqtAloGPje0tiIhIN
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBtjCCAVugAwIBAgIULAoHvC8S/tU0ptciHla4p1VTWo4wCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWYSBtYWlsIHNlcnZlciBpbiB0ZXN0czAgFw0yNjExMjYyMDQz
MDFaGA8yMTI2MTEwMjIwNDMwMVowITEfMB0GA1UEAwwWYSBtYWlsIHNlcnZlciBp
biB0ZXN0czBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMYiFRfGJQF9jX+1WSuT
OXp/HQn7nvcWsRetgj6BNAeES+ogzlI2KU4dyg1UeCaJrwxLpC+q0CWgY+N7S2Ii
Eg2jbzBtMB0GA1UdDgQWBBQBN91WhRex3naAIazqLtot8g71MzAfBgNVHSMEGDAW
gBQBN91WhRex3naAIazqLtot8g71MzAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQT
MBGCCWxvY2FsaG9zdIcEfwAAATAKBggqhkjOPQQDAgNJADBGAiEA/2DUP8f0Pgi5
LEnpllrd4uliPVFKc2N7S1CUNXs+9qQCIQC+GzgIWVf8JnQXsYo97DxLKjRMpBRA
o4e96MjyjpDCjQ==
-----END CERTIFICATE-----`;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function serverOf(...[options]: Parameters<typeof startMailServer>): Promise<MailServer> {
  const server = await startMailServer(options);
  closers.push(() => server.close());
  return server;
}

function transportTo(
  url: string,
  overrides: SmtpOverrides = {},
  from: SmtpOptions['from'] = { name: null, address: 'no-reply@auth.example.org' },
): MailTransport {
  const transport = openSmtp({ url: new Secret(url), from }, overrides);
  closers.push(() => transport.close());
  return transport;
}

describe('a mail', () => {
  it('arrives as it was written: names and subject in any script, text and HTML, from whom it says', async () => {
    const server = await serverOf();
    await transportTo(server.url).send(MAIL);
    const mail = await server.next('ada@example.org');
    expect(mail).toMatchObject({
      from: 'no-reply@auth.example.org',
      to: ['ada@example.org'],
      sender: { name: 'Bücher & Söhne', address: 'no-reply@auth.example.org' },
      subject: 'Grüße: Ihr Code',
      text: expect.stringContaining(MAIL.text),
      html: expect.stringContaining('<p>Über den <b>Wolken</b></p>'),
    });
    expect(mail.header('auto-submitted')).toBe('auto-generated');
    expect(mail.header('to')).toBe('ada@example.org');
    expect(mail.raw).toMatch(/^[\x20-\x7e\t\r\n]+$/);
  });

  it('has the same id whenever it is sent', async () => {
    const server = await serverOf();
    const transport = transportTo(server.url);
    await transport.send(MAIL);
    await transport.send(MAIL);
    expect(server.mails.map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: 2 }, () => `<${ID}@auth.example.org>`),
    );
  });

  it('is from the name that was configured, where one was', async () => {
    const server = await serverOf();
    const from = { name: 'Acme, Inc.', address: 'auth@example.org' };
    await transportTo(server.url, {}, from).send(MAIL);
    expect((await server.next('ada@example.org')).sender).toEqual(from);
  });
});

describe('what would begin another header or another mail', () => {
  const hostile = 'Acme\r\nBcc: eve@example.org\r\n\r\nBuy this\r\n.\r\nMAIL FROM:<eve@example.org>';

  it('does not, in a subject, a name or a text', async () => {
    const server = await serverOf();
    const text = `Hello\r\n.\r\nMAIL FROM:<eve@example.org>\r\nRCPT TO:<eve@example.org>\r\nDATA\r\n`;
    await transportTo(server.url).send({ ...MAIL, brandName: hostile, subject: hostile, text });
    const mail = await server.next('ada@example.org');
    expect(server.mails).toHaveLength(1);
    expect(mail).toMatchObject({ to: ['ada@example.org'], from: 'no-reply@auth.example.org' });
    expect(mail.subject).toBe(hostile.replaceAll('\r\n', ' ').replaceAll('   ', '  ').replace(/ +/g, ' '));
    expect(mail.sender.address).toBe('no-reply@auth.example.org');
    expect(mail.header('bcc')).toBeUndefined();
    expect(mail.text).toContain('RCPT TO:<eve@example.org>');
  });

  it.each([
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@example.org>\r\nRCPT TO:<eve@example.org',
    'ada@example.org, eve@example.org',
    'Ada <ada@example.org>',
    '',
  ])('is no address: %j is refused before the server hears of it', async (to) => {
    const server = await serverOf();
    await expect(transportTo(server.url).send({ ...MAIL, to })).rejects.toThrow(
      /^It is not addressed to a mail address\.$/,
    );
    expect(server.mails).toEqual([]);
  });
});

describe('a server that is not on this machine', () => {
  const farAway = { isSafe: () => false };

  it('is given nothing without TLS: no mail, no password', async () => {
    const server = await serverOf({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    const url = server.url.replace('//', '//ada:hunter2@');
    await expect(transportTo(url, farAway).send(MAIL)).rejects.toThrow(/STARTTLS/);
    expect(server.mails).toEqual([]);
  });

  it.each([{ disabledCommands: ['AUTH'] }, { secure: true, disabledCommands: ['AUTH'] }])(
    'has to prove who it is: %j with a certificate of nobody is given nothing',
    async (options) => {
      const server = await serverOf(options);
      await expect(transportTo(server.url, farAway).send(MAIL)).rejects.toThrow(/cannot be trusted/);
      expect(server.mails).toEqual([]);
    },
  );

  it.each([{ disabledCommands: ['AUTH'] }, { secure: true, disabledCommands: ['AUTH'] }])(
    'is given mails once it has proved it: %j',
    async (options) => {
      const server = await serverOf({ ...options, key: KEY, cert: CERTIFICATE });
      const trusting = { ...farAway, certificateAuthority: CERTIFICATE };
      await transportTo(server.url, trusting).send(MAIL);
      expect(server.mails).toHaveLength(1);
    },
  );

  it('may be one on this machine after all, and then its certificate does not matter', async () => {
    for (const options of [{ disabledCommands: ['AUTH'] }, { secure: true, disabledCommands: ['AUTH'] }]) {
      const server = await serverOf(options);
      await transportTo(server.url).send(MAIL);
      expect(server.mails).toHaveLength(1);
    }
  });
});

describe('credentials', () => {
  const accounts: string[] = [];
  const secured = {
    disabledCommands: [],
    authOptional: false,
    onAuth({ username = '', password = '' }, _session, done) {
      accounts.push(`${username} ${password}`);
      if (password === 'p@ss:wörd') done(null, { user: username });
      else done(new Error('hunter2 is not the password'));
    },
  } satisfies NonNullable<Parameters<typeof startMailServer>[0]>;

  it('are taken from the address, decoded', async () => {
    const server = await serverOf(secured);
    await transportTo(server.url.replace('//', '//ada%40example.org:p%40ss%3Aw%C3%B6rd@')).send(MAIL);
    expect(accounts).toEqual(['ada@example.org p@ss:wörd']);
    expect(server.mails).toHaveLength(1);
  });

  it('that are wrong are in no error', async () => {
    const server = await serverOf(secured);
    const failure = transportTo(server.url.replace('//', '//ada:hunter2@')).send(MAIL);
    await expect(failure).rejects.toThrow(/^The mail server answered 535 to AUTH PLAIN\.$/);
    await expect(failure).rejects.not.toHaveProperty('cause');
  });
});

describe('a mail that nobody took is an error that says why and nothing of the mail', () => {
  it.each<[MailBehaviour, RegExp]>([
    ['REFUSE', /^The mail server answered 550 to DATA\.$/],
    ['POSTPONE', /^The mail server answered 451 to DATA\.$/],
    ['HANG_UP', /^The mail server was not reached, did not answer, or cannot be trusted: ECONNECTION/],
    [
      'ACCEPT_AND_LOSE_ANSWER',
      /^The mail server was not reached, did not answer, or cannot be trusted: ECONN/,
    ],
  ])('where the server behaves like %s', async (how, message) => {
    const server = await serverOf();
    server.behave(how);
    const failure = transportTo(server.url).send(MAIL);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.not.toThrow(/hunter2|ada|example|Wolken/);
    expect(server.offers).toHaveLength(1);
  });

  it('where the server quotes what it refuses', async () => {
    const server = await serverOf({
      onData(stream, _session, done) {
        stream
          .resume()
          .on('end', () =>
            done(Object.assign(new Error('No #flowToken=hunter2 here'), { responseCode: 554 })),
          );
      },
    });
    const failure = transportTo(server.url).send(MAIL);
    await expect(failure).rejects.toThrow(/^The mail server answered 554 to DATA\.$/);
    await expect(failure).rejects.not.toHaveProperty('cause');
  });

  it('where there is no server', async () => {
    const server = await startMailServer();
    const { url } = server;
    await server.close();
    await expect(transportTo(url).send(MAIL)).rejects.toThrow(/ESOCKET|ECONNREFUSED/);
  });

  it('where the server says nothing for too long, neither at first nor at last', async () => {
    const server = await serverOf();
    server.behave('HOLD');
    const failure = transportTo(server.url, { longestSendMilliseconds: 100 }).send(MAIL);
    await expect(failure).rejects.toThrow(/EABORT/);
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const mute = transportTo(`smtp://127.0.0.1:${port}`, { longestSendMilliseconds: 100 }).send(MAIL);
    await expect(mute).rejects.toThrow(/EABORT/);
    silent.close();
  });
});

it.each<MailBehaviour>(['HANG_UP', 'ACCEPT_AND_LOSE_ANSWER'])(
  'what may have been taken is not sent again before somebody has decided it: %s',
  async (how) => {
    const server = await serverOf();
    const transport = transportTo(server.url);
    await transport.send(MAIL);
    server.behave(how);
    await expect(transport.send(MAIL)).rejects.toThrow(/ECONNECTION|ECONNRESET|ESOCKET/);
    await transport.close();
    expect(server.offers).toHaveLength(2);
  },
);

it('a server that hangs up after each mail is given the next all the same', async () => {
  const server = await serverOf();
  server.behave('ACCEPT_AND_HANG_UP');
  const transport = transportTo(server.url);
  for (const to of ['a@example.org', 'b@example.org']) {
    await transport.send({ ...MAIL, to });
    await server.next(to);
  }
  expect(server.mails).toHaveLength(2);
});

it('many mails go over few connections', async () => {
  const sessions = new Set<string>();
  const server = await serverOf({
    onConnect({ id }, done) {
      sessions.add(id);
      done();
    },
  });
  const transport = transportTo(server.url);
  await Promise.all(Array.from({ length: 30 }, (_, index) => transport.send({ ...MAIL, id: `${index}` })));
  expect(server.mails).toHaveLength(30);
  expect(sessions.size).toBeLessThanOrEqual(5);
});
