import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** An IP address, the same for each of its spellings; IPv4 mapped into IPv6 (RFC 4291 §2.5.5.2) is IPv4. */
export class IpAddress {
  private constructor(readonly parsed: ipaddr.IPv4 | ipaddr.IPv6) {}

  /** Undefined where the text is no address; octal, hexadecimal and shortened spellings of IPv4 are none. */
  static parse(text: string): IpAddress | undefined {
    const valid = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
    return valid ? new IpAddress(ipaddr.process(text)) : undefined;
  }

  /** Whether it belongs to a private network or to the machine itself: private, unique local, link-local, loopback. */
  get isPrivate(): boolean {
    return ['private', 'uniqueLocal', 'linkLocal', 'loopback'].includes(this.parsed.range());
  }

  /** Whether it is this machine itself. */
  get isLoopback(): boolean {
    return this.parsed.range() === 'loopback';
  }

  /** Whether it can be reached from everywhere: of no range that the registries have set apart. */
  get isGlobal(): boolean {
    return this.parsed.range() === 'unicast';
  }

  /** In its shortest form (RFC 5952). */
  toString(): string {
    return this.parsed.toString();
  }
}

/** A range of addresses. */
export class IpNetwork {
  private constructor(private readonly range: [ipaddr.IPv4 | ipaddr.IPv6, number]) {}

  /** Of an address and a length, such as `10.0.0.0/8` or `2001:db8::/32`; undefined where the text is none. */
  static parse(text: string): IpNetwork | undefined {
    const valid = ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text);
    return valid ? new IpNetwork(ipaddr.parseCIDR(text)) : undefined;
  }

  has({ parsed }: IpAddress): boolean {
    return parsed.kind() === this.range[0].kind() && parsed.match(this.range);
  }
}

/** Whether a text is an address, or a network such as `10.0.0.0/8`. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const isAddress = z.union([z.ipv4(), z.ipv6()]).safeParse(address).success;
  const isLength =
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (address.includes(':') ? 128 : 32));
  return isAddress && isLength && rest.length === 0;
}
