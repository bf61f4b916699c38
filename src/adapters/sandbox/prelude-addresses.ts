/**
 * The part of the prelude that knows network addresses: `isWithin(ip, cidr)` and `isPrivate(ip)`. An IPv4 address
 * that is written as IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. Both throw where something is no address.
 */
export const ADDRESSES = `
  const big = BigInt;
  const hexadecimal = uncurried(BigInt.prototype.toString);
  const LONGEST_ADDRESS = 60;

  const PRIVATE = {
    __proto__: null,
    4: ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
    6: ['::/128', '::1/128', 'fc00::/7', 'fe80::/10'],
  };

  const ofFour = (text) => {
    const parts = search(/^(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})$/, text);
    if (parts === null) return undefined;
    let value = 0n;
    for (let n = 1; n <= 4; n++) {
      if (+parts[n] > 255) return undefined;
      value = (value << 8n) | big(parts[n]);
    }
    return value;
  };

  const groupsOf = (text) => {
    let value = 0n;
    let count = 0;
    for (let rest = text; rest !== ''; count++) {
      const group = search(/^([0-9a-f]{1,4})(?::(?=.)|$)/i, rest);
      if (group === null) return undefined;
      value = (value << 16n) | big('0x' + group[1]);
      rest = cut(rest, group[0].length);
    }
    return { __proto__: null, value, count };
  };

  const ofSix = (written) => {
    let text = written;
    const mixed = search(/^(.*:)([\\d.]+\\.\\d+)$/, text);
    if (mixed !== null) {
      const four = ofFour(mixed[2]);
      if (four === undefined) return undefined;
      text = mixed[1] + hexadecimal(four >> 16n, 16) + ':' + hexadecimal(four & 0xffffn, 16);
    }
    const halves = search(/^(.*?)(?:(::)(.*))?$/, text);
    const head = halves && groupsOf(halves[1]);
    const tail = halves && groupsOf(halves[3] ?? '');
    if (!head || !tail) return undefined;
    const isWhole = halves[2] === undefined ? head.count === 8 : head.count + tail.count < 8;
    return isWhole ? (head.value << (16n * big(8 - head.count))) | tail.value : undefined;
  };

  const addressOf = (text, what) => {
    expectText(text, what, LONGEST_ADDRESS);
    const four = ofFour(text);
    if (four !== undefined) return { __proto__: null, version: 4, bits: 32, value: four, mapped: 0 };
    const six = ofSix(text);
    if (six === undefined) throw new AnyTypeError(what + ' is not an IP address');
    return six >> 32n === 0xffffn
      ? { __proto__: null, version: 4, bits: 32, value: six & 0xffffffffn, mapped: 96 }
      : { __proto__: null, version: 6, bits: 128, value: six, mapped: 0 };
  };

  const isWithin = (ip, cidr) => {
    const address = addressOf(ip, 'The address');
    const parts = search(/^(.*)\\/(\\d{1,3})$/, expectText(cidr, 'The network', LONGEST_ADDRESS));
    const network = addressOf(parts === null ? cidr : parts[1], 'The network');
    const length = parts === null ? network.bits : +parts[2] - network.mapped;
    if (length < 0 || length > network.bits) throw new AnyRangeError('The network has no such prefix');
    const rest = big(network.bits - length);
    return address.version === network.version && address.value >> rest === network.value >> rest;
  };

  const isPrivate = (ip) => {
    const networks = PRIVATE[addressOf(ip, 'The address').version];
    for (let n = 0; n < networks.length; n++) if (isWithin(ip, networks[n])) return true;
    return false;
  };
`;
