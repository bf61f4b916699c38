import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Secret } from '../kernel/secret.js';

/** The cookies that Stagedoor sets. On plain http (only ever on this machine) browsers refuse the `__Host-` prefix. */
export interface CookieNames {
  readonly session: string;
  readonly execution: string;
  readonly secure: boolean;
}

export function cookieNames(publicUrl: string): CookieNames {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  return { session: `${prefix}stagedoor_session`, execution: `${prefix}stagedoor_execution`, secure };
}

/** What a request's cookie holds; anything that cannot be a secret of ours is as good as none. */
export function readCookie(request: FastifyRequest, name: string): Secret | undefined {
  const value = request.cookies[name];
  return value !== undefined && /^[\w-]{43}$/.test(value) ? new Secret(value) : undefined;
}

/** Without an expiry the cookie lasts as long as the browser runs. */
export function writeCookie(
  reply: FastifyReply,
  name: string,
  value: Secret,
  { secure }: CookieNames,
  expires?: Date,
): void {
  const options = { path: '/', httpOnly: true, sameSite: 'lax' as const, secure };
  void reply.setCookie(name, value.reveal(), expires ? { ...options, expires } : options);
}

export function clearCookie(reply: FastifyReply, name: string, { secure }: CookieNames): void {
  void reply.clearCookie(name, { path: '/', httpOnly: true, sameSite: 'lax', secure });
}
