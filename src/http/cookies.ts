import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Secret } from '../kernel/secret.js';

/** The cookies that Stagedoor sets. On plain http (only ever on this machine) browsers refuse the `__Host-` prefix. */
export interface CookieNames {
  readonly session: string;
  /** By which a browser is known to have shown a second factor. */
  readonly browser: string;
  /** What the cookies of executions begin with; each ends in its execution's id. */
  readonly executionPrefix: string;
  readonly secure: boolean;
}

/** So many executions of one browser can be continued: more cookies would make its requests too large. */
const MOST_EXECUTIONS = 20;

export function cookieNames(publicUrl: string): CookieNames {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  return {
    session: `${prefix}stagedoor_session`,
    browser: `${prefix}stagedoor_browser`,
    executionPrefix: `${prefix}stagedoor_execution_`,
    secure,
  };
}

export function executionCookie({ executionPrefix }: CookieNames, executionId: string): string {
  return executionPrefix + executionId;
}

/** Drops the cookies of the oldest executions, to make room for one more: browsers send the oldest first. */
export function makeRoomForExecution(request: FastifyRequest, reply: FastifyReply, names: CookieNames): void {
  const present = Object.keys(request.cookies).filter((name) => name.startsWith(names.executionPrefix));
  const surplus = present.slice(0, Math.max(0, present.length - MOST_EXECUTIONS + 1));
  for (const name of surplus) clearCookie(reply, name, names);
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
