/**
 * Which origins' pages may talk to us: our own and the configured ones; in development also every page on this
 * machine, so that a frontend's own server just works.
 */
export function originRule(
  publicUrl: string,
  allowedOrigins: readonly string[],
  development: boolean,
): (origin: string) => boolean {
  const allowed = new Set([new URL(publicUrl).origin, ...allowedOrigins]);
  const local = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
  return (origin) => allowed.has(origin) || (development && local.test(origin));
}
