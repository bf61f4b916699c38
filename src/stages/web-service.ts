import { z } from 'zod';

import { IpAddress } from '../kernel/ip.js';

const LONGEST_ADDRESS = 2048;

/** The address of a service outside, as administrators write it. */
export const serviceUrl = z.string().max(LONGEST_ADDRESS).refine(isWebService, {
  error:
    'Must be an https address without credentials on a host that everybody can reach, or one on localhost.',
});

/**
 * Whether an address can be one of a service outside, as far as can be told without asking for its host: https, no
 * credentials, and no literal address of a private network. On this machine http will do, for trying things out.
 */
export function isWebService(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const address = IpAddress.parse(hostname);
  if (hostname === 'localhost' || address?.isLoopback === true) return /^https?:$/.test(url.protocol);
  return url.protocol === 'https:' && (address?.isGlobal ?? true);
}
