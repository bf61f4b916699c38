/** What a record of a database of addresses holds. Whole numbers from 0 on are kept as integers, others as doubles. */
export type MmdbValue = string | number | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };

const SEPARATOR_BYTES = 16;
const METADATA_MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');

/**
 * A MaxMind database of these networks, as https://maxmind.github.io/MaxMind-DB/ describes them. In one for IPv6,
 * networks of IPv4 are those of ::/96. No network lies within another.
 */
export function mmdb(
  databaseType: string,
  networks: Readonly<Record<string, MmdbValue>>,
  { ipVersion = 6 }: { readonly ipVersion?: 4 | 6 } = {},
): Buffer {
  const root = new Branch();
  const data: Buffer[] = [];
  let offset = 0;
  for (const [network, value] of Object.entries(networks)) {
    root.plant(bitsOf(network, ipVersion), { offset });
    const encoded = encode(value);
    data.push(encoded);
    offset += encoded.length;
  }
  const branches = root.all();
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_893_456_000,
    database_type: databaseType,
    description: { en: 'for tests' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: branches.length,
    record_size: 32,
  };
  const separator = Buffer.alloc(SEPARATOR_BYTES);
  return Buffer.concat([searchTree(branches), separator, ...data, METADATA_MARKER, encode(metadata)]);
}

/** Where the record of a network begins in the data section. */
interface Leaf {
  readonly offset: number;
}

class Branch {
  readonly sides: [Branch | Leaf | undefined, Branch | Leaf | undefined] = [undefined, undefined];

  plant([bit = 0, ...rest]: readonly number[], leaf: Leaf): void {
    const side = bit === 0 ? 0 : 1;
    if (rest.length === 0) {
      this.sides[side] = leaf;
      return;
    }
    const next = this.sides[side];
    const branch = next instanceof Branch ? next : new Branch();
    this.sides[side] = branch;
    branch.plant(rest, leaf);
  }

  /** This one first, as the root has to be. */
  all(): Branch[] {
    return [this, ...this.sides.flatMap((side) => (side instanceof Branch ? side.all() : []))];
  }
}

function searchTree(branches: readonly Branch[]): Buffer {
  const numbers = new Map(branches.map((branch, index) => [branch, index]));
  const record = (side: Branch | Leaf | undefined): number => {
    if (side instanceof Branch) return numbers.get(side) ?? 0;
    return branches.length + (side ? SEPARATOR_BYTES + side.offset : 0);
  };
  return Buffer.concat(branches.flatMap(({ sides }) => sides.map((side) => integer(record(side)))));
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(2, text.length), text]);
  }
  if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= 0) return Buffer.concat([control(6, 4), integer(value)]);
    const double = Buffer.alloc(8);
    double.writeDoubleBE(value);
    return Buffer.concat([control(3, 8), double]);
  }
  if (isList(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  const encoded = entries.flatMap(([key, entry]) => [encode(key), encode(entry)]);
  return Buffer.concat([control(7, entries.length), ...encoded]);
}

function isList(value: MmdbValue): value is readonly MmdbValue[] {
  return Array.isArray(value);
}

/** Says of which type, and how large, what follows is. */
function control(type: number, size: number): Buffer {
  if (size >= 285) throw new Error('too large for a test');
  const short = Math.min(size, 29);
  const kind = type > 7 ? [short, type - 7] : [(type << 5) | short];
  return Buffer.from(size < 29 ? kind : [...kind, size - 29]);
}

/** The bits of a network such as 203.0.113.0/24 or 2001:db8::/32. */
function bitsOf(network: string, ipVersion: 4 | 6): number[] {
  const [address = '', length = ''] = network.split('/');
  if (address.includes(':')) return ipv6Bits(address).slice(0, Number(length));
  const bits = address.split('.').flatMap((part) => bitsOfNumber(Number(part), 8));
  const before = Array.from({ length: ipVersion === 6 ? 96 : 0 }, () => 0);
  return [...before, ...bits.slice(0, Number(length))];
}

function ipv6Bits(address: string): number[] {
  const [left = [], right = []] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].flatMap((part) => bitsOfNumber(Number.parseInt(part, 16), 16));
}

function bitsOfNumber(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (value >> (count - 1 - index)) & 1);
}
