import { lookup } from 'node:dns/promises';

import { IpAddress } from '../../kernel/ip.js';

/** Finds the addresses of a host. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

/**
 * Whether the service may be led to an address that an administrator has configured: to https on hosts that everybody
 * can reach, and, outside of production, to this machine. A host whose addresses change after they were looked at is
 * one that cannot show the certificate which https wants, so that nothing is said to it.
 */
export async function mayBeAsked(url: URL, production: boolean, resolve: Resolve): Promise<boolean> {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const literal = IpAddress.parse(hostname);
  const addresses = literal ? [literal] : (await resolve(hostname)).map((text) => IpAddress.parse(text));
  if (addresses.length === 0) return false;
  if (addresses.every((address) => address?.isLoopback === true)) return !production;
  return url.protocol === 'https:' && addresses.every((address) => address?.isGlobal === true);
}
