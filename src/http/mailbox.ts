import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { isLoopback } from '../kernel/loopback.js';

export interface MailboxContent {
  readonly mails: readonly {
    readonly id: string;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly html: string;
    readonly sentAt: Date;
  }[];
}

/** Nothing runs and nothing is loaded; mails bring their styles along. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The mails and text messages that were sent, for people and for scripts. Development only. */
export function serveMailbox(server: FastifyInstance, mailbox: MailboxContent, publicUrl: string): void {
  const publicHost = new URL(publicUrl).hostname;
  server.get('/dev/mail', async (request, reply) => {
    void reply.header('cache-control', 'no-store').header('vary', 'accept');
    // A page on the web can have a name of its own lead here, and would read the mails under that.
    if (request.hostname !== publicHost && !isLoopback(request.hostname)) return reply.callNotFound();
    return prefersPage(request) ? sendPage(reply, mailbox) : reply.send(jsonOf(mailbox));
  });
}

function prefersPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true;
}

function jsonOf({ mails }: MailboxContent) {
  return {
    mails: mails.map(({ id, to, subject, text, html, sentAt }) => ({ id, to, subject, text, html, sentAt })),
  };
}

function sendPage(reply: FastifyReply, { mails }: MailboxContent): FastifyReply {
  const list = mails.length === 0 ? '<p>There are no mails yet.</p>' : mails.map(article).join('\n');
  return reply.type('text/html').header('content-security-policy', contentSecurityPolicy)
    .send(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Stagedoor: mails</title>
    <style>
      body { font-family: sans-serif; max-width: 50rem; margin: 2rem auto }
      article { border-top: 1px solid #999; padding: 1rem 0 }
      pre { white-space: pre-wrap; overflow-wrap: anywhere }
      iframe { width: 100%; height: 30rem; border: 1px solid #ccc }
    </style>
  </head>
  <body>
    <h1>Mails</h1>
${list}
  </body>
</html>
`);
}

function article({ to, subject, text, html, sentAt }: MailboxContent['mails'][number]): string {
  // A text message has no more than its text.
  const frame =
    html === ''
      ? ''
      : `
      <iframe sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escaped(`<base target="_blank">${html}`)}"></iframe>`;
  return `    <article>
      <h2>${escaped(subject === '' ? 'Text message' : subject)}</h2>
      <p>To ${escaped(to)}, ${sentAt.toISOString()}</p>
      <pre>${escaped(text)}</pre>${frame}
    </article>`;
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities.get(character) ?? character);
}
