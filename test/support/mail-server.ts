import type { Socket } from 'node:net';

import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';

/**
 * What the server does with a mail: takes it; refuses it for good (550) or for now (451); takes it and is gone before
 * it says so, or after; is gone in the middle, having taken nothing; or says nothing until it behaves otherwise.
 */
export type MailBehaviour =
  | 'ACCEPT'
  | 'REFUSE'
  | 'POSTPONE'
  | 'ACCEPT_AND_LOSE_ANSWER'
  | 'ACCEPT_AND_HANG_UP'
  | 'HANG_UP'
  | 'HOLD';

export interface ReceivedMail {
  /** Of the envelope. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** As it came over the wire. */
  readonly raw: string;
  /** A header as it is after unfolding; encoded words are not decoded. Undefined where there is none. */
  header(name: string): string | undefined;
  /** As the mail's header says it, decoded. */
  readonly sender: { readonly name: string; readonly address: string };
}

interface Waiting {
  readonly address: string;
  readonly resolve: (mail: ReceivedMail) => void;
}

/** Hands out what has come, and what is yet to come, to whoever asks for it. */
class Arrivals {
  readonly all: ReceivedMail[] = [];
  #unread: ReceivedMail[] = [];
  #waiting: Waiting[] = [];

  add(mail: ReceivedMail): void {
    this.all.push(mail);
    const reader = this.#waiting.find(({ address }) => mail.to.includes(address));
    if (!reader) {
      this.#unread.push(mail);
      return;
    }
    this.#waiting = this.#waiting.filter((other) => other !== reader);
    reader.resolve(mail);
  }

  next(address: string): Promise<ReceivedMail> {
    const mail = this.#unread.find(({ to }) => to.includes(address));
    if (!mail) return new Promise((resolve) => this.#waiting.push({ address, resolve }));
    this.#unread = this.#unread.filter((other) => other !== mail);
    return Promise.resolve(mail);
  }
}

/** A real SMTP server on a loopback port, for as long as a test needs one. */
export class MailServer {
  readonly #taken = new Arrivals();
  readonly #offered = new Arrivals();
  readonly #sockets = new Set<Socket>();
  readonly #server: SMTPServer;
  #behaviour: MailBehaviour = 'ACCEPT';
  #released: () => void = () => undefined;
  #heldUntil = Promise.resolve();

  constructor(private readonly options: SMTPServerOptions = {}) {
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      authOptional: true,
      disableReverseLookup: true,
      closeTimeout: 1,
      logger: false,
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => void this.#receive(Buffer.concat(chunks), session, callback));
      },
      ...options,
    });
    this.#server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    // A client that is killed in the middle is what some tests are about.
    this.#server.on('error', () => undefined);
  }

  /** Listens on any port, or on one where a server was before. */
  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    const address = this.#server.server.address();
    if (address === null || typeof address === 'string') throw new Error('the mail server does not listen');
    return address.port;
  }

  /** For SMTP_URL. */
  get url(): string {
    return `${this.options.secure === true ? 'smtps' : 'smtp'}://127.0.0.1:${this.port}`;
  }

  /** Every mail that was taken, in order. */
  get mails(): readonly ReceivedMail[] {
    return this.#taken.all;
  }

  /** Every mail that was offered, taken or not. */
  get offers(): readonly ReceivedMail[] {
    return this.#offered.all;
  }

  /** The next mail to this address that was taken, and that nobody has been given by this before; waits for it. */
  next(address: string): Promise<ReceivedMail> {
    return this.#taken.next(address);
  }

  /** The same for what was offered, whether or not it was taken. */
  nextOffer(address: string): Promise<ReceivedMail> {
    return this.#offered.next(address);
  }

  /** From now on; a mail that is being held fares like this as well. */
  behave(how: MailBehaviour): void {
    this.#behaviour = how;
    this.#released();
    if (how === 'HOLD') this.#heldUntil = new Promise((resolve) => (this.#released = resolve));
  }

  async close(): Promise<void> {
    this.behave('HANG_UP');
    await new Promise<void>((resolve) => {
      this.#server.close(resolve);
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  async #receive(
    content: Buffer,
    session: SMTPServerSession,
    answer: (error?: Error | null) => void,
  ): Promise<void> {
    const mail = await parse(content, session);
    this.#offered.add(mail);
    while (this.#behaviour === 'HOLD') await this.#heldUntil;
    const how = this.#behaviour;
    switch (how) {
      case 'ACCEPT':
      case 'ACCEPT_AND_HANG_UP':
        this.#taken.add(mail);
        answer();
        if (how === 'ACCEPT_AND_HANG_UP') this.#socketOf(session)?.end();
        return;
      case 'ACCEPT_AND_LOSE_ANSWER':
        this.#taken.add(mail);
        this.#socketOf(session)?.destroy();
        return;
      case 'HANG_UP':
        this.#socketOf(session)?.destroy();
        return;
      case 'REFUSE':
        return answer(refusal(550, 'No such mailbox'));
      case 'POSTPONE':
        return answer(refusal(451, 'Try again later'));
    }
  }

  #socketOf({ remotePort }: SMTPServerSession): Socket | undefined {
    return [...this.#sockets].find((socket) => socket.remotePort === remotePort);
  }
}

/** A mail server that listens and takes everything; close it after the test. */
export function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  return new MailServer(options).listen();
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

async function parse(content: Buffer, { envelope }: SMTPServerSession): Promise<ReceivedMail> {
  const {
    from,
    headers,
    subject = '',
    text = '',
    html = '',
    messageId = '',
  } = await PostalMime.parse(content);
  const { mailFrom, rcptTo } = envelope;
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    ...{ subject, text, html, messageId },
    raw: content.toString('utf8'),
    header: (name) => headers.find(({ key }) => key === name.toLowerCase())?.value,
    sender: { name: from?.name ?? '', address: from?.address ?? '' },
  };
}
