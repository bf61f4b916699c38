import { createTransport } from 'nodemailer';

import { isLoopback } from '../../kernel/loopback.js';
import { isMailAddress } from '../../kernel/mail-address.js';
import type { Secret } from '../../kernel/secret.js';
import type { MailTransport, OutgoingMail } from '../../flow/services/mail-transport.js';
import { failureReason } from './failure-reason.js';

/** Half of what a claim lasts: by then it is known whether somebody has taken the mail, or nobody ever will. */
const LONGEST_SEND_MILLISECONDS = 30_000;
const LONGEST_SILENCE_MILLISECONDS = 10_000;
/** Servers end what is idle for long, in the moment in which it is wanted. */
const LONGEST_IDLE_MILLISECONDS = 20_000;
const MOST_CONNECTIONS = 5;

export interface SmtpOptions {
  /** `smtp:` or `smtps:`, with a host, and nothing besides but a port, a user name and a password. */
  readonly url: Secret;
  /** Whom mails come from; without a name, they say what the product is called. */
  readonly from: { readonly name: string | null; readonly address: string };
}

/** What tests, and nothing else, put in place of the real thing. */
export interface SmtpOverrides {
  /** Whether nobody can listen on the way to this host. */
  readonly isSafe?: (hostname: string) => boolean;
  /** Who vouches for servers. */
  readonly certificateAuthority?: string;
  readonly longestSendMilliseconds?: number;
}

export interface SmtpTransport extends MailTransport {
  /** Connects and signs in, as sending does, and sends nothing. Rejects like `send`. */
  check(): Promise<void>;
}

/** Sends mails by an SMTP server. Unless that is on this machine, it has to speak TLS and to prove who it is. */
export function openSmtp({ url, from }: SmtpOptions, overrides: SmtpOverrides = {}): SmtpTransport {
  const { isSafe = isLoopback, longestSendMilliseconds = LONGEST_SEND_MILLISECONDS } = overrides;
  const { certificateAuthority: ca } = overrides;
  const { protocol, hostname, port, username, password } = new URL(url.reveal());
  const safe = isSafe(hostname);
  const pool = createTransport({
    pool: true,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(port !== '' && { port: Number(port) }),
    secure: protocol === 'smtps:',
    requireTLS: !safe,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: !safe, ca },
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    maxConnections: MOST_CONNECTIONS,
    // Where a connection was gone before the mail was on its way. Whatever else fails is for the outbox to try again.
    maxRequeues: 1,
    idleTimeout: LONGEST_IDLE_MILLISECONDS,
    connectionTimeout: LONGEST_SILENCE_MILLISECONDS,
    greetingTimeout: LONGEST_SILENCE_MILLISECONDS,
    dnsTimeout: LONGEST_SILENCE_MILLISECONDS,
    socketTimeout: LONGEST_SILENCE_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const rehearsal = createTransport({ streamTransport: true, buffer: true });
  return {
    async send(mail) {
      const message = messageOf(mail, from);
      try {
        await pool.sendMail({ ...message, signal: AbortSignal.timeout(longestSendMilliseconds) });
      } catch (error) {
        // Not as its cause: servers quote what they refuse.
        throw new Error(failureReason(error));
      }
    },
    async rehearse(mail) {
      await rehearsal.sendMail(messageOf({ ...mail, to: from.address }, from));
    },
    async check() {
      try {
        await pool.verify();
      } catch (error) {
        throw new Error(failureReason(error));
      }
    },
    async close() {
      pool.close();
    },
  };
}

/** Also where something was let in that should not have been, a mail has the headers that are meant, and one recipient. */
function messageOf({ id, to, subject, text, html, brandName }: OutgoingMail, from: SmtpOptions['from']) {
  if (!isMailAddress(to)) throw new Error('It is not addressed to a mail address.');
  return {
    messageId: `<${id}@${domainOf(from.address)}>`,
    from: { name: oneLine(from.name ?? brandName), address: from.address },
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    subject: oneLine(subject),
    headers: { 'Auto-Submitted': 'auto-generated' },
    text,
    html,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function domainOf(address: string): string {
  return address.slice(address.indexOf('@') + 1);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
