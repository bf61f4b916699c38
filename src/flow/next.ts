/**
 * Where a client may send a person on to, given what it asked for: a path on the public origin, or an address
 * whose origin is allowed. It is read as browsers read it, so that neither `//host` nor a backslash, a tab or
 * credentials smuggle another host in. Undefined where it may not.
 */
export function acceptableNext(
  wanted: string,
  publicUrl: string,
  allowedOrigins: readonly string[],
): string | undefined {
  if (wanted.length > 2048 || !URL.canParse(wanted, publicUrl)) return undefined;
  const url = new URL(wanted, publicUrl);
  if (url.username !== '' || url.password !== '') return undefined;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const ownOrigin = new URL(publicUrl).origin;
  if (url.origin === ownOrigin) {
    // A path of two slashes would be read as a host once it stands alone.
    return url.pathname.startsWith('//') ? undefined : url.pathname + url.search + url.hash;
  }
  return allowedOrigins.includes(url.origin) ? url.href : undefined;
}
