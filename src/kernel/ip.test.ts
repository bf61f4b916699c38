import { IpAddress, IpNetwork } from './ip.js';

const address = (text: string) => IpAddress.parse(text);

describe('an address', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['192.0.2.1', '192.0.2.1'],
  ])('is the same in each of its spellings: %s is %s', (text, same) => {
    expect(String(address(text))).toBe(same);
  });

  it.each([
    '',
    '1',
    '127.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '256.0.0.1',
    '1.2.3.4.5',
    ' 1.2.3.4',
    'localhost',
    ':::',
  ])('is not %j', (text) => {
    expect(address(text)).toBeUndefined();
  });

  it.each(['10.1.2.3', '172.16.0.1', '192.168.0.1', '127.0.0.1', '169.254.1.1', '::1', 'fd00::1', 'fe80::1'])(
    'is private, and not global: %s',
    (text) => {
      expect(address(text)).toMatchObject({ isPrivate: true, isGlobal: false });
    },
  );

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('is global, and not private: %s', (text) => {
    expect(address(text)).toMatchObject({ isPrivate: false, isGlobal: true });
  });

  it.each(['0.0.0.0', '100.64.0.1', '192.0.2.1', '224.0.0.1', '255.255.255.255', '2001:db8::1', '::'])(
    'is neither: %s',
    (text) => {
      expect(address(text)).toMatchObject({ isPrivate: false, isGlobal: false });
    },
  );
});

describe('a network', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['10.1.2.3/8', '10.0.0.1', true],
    ['0.0.0.0/0', '192.0.2.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '192.0.2.1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['192.0.2.1/32', '192.0.2.1', true],
  ])('%s has %s: %s', (network, text, has) => {
    const found = address(text);
    expect(found && IpNetwork.parse(network)?.has(found)).toBe(has);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0/8', '010.0.0.0/8', '::/129', '/8', 'x/8', ''])(
    'is not %j',
    (text) => {
      expect(IpNetwork.parse(text)).toBeUndefined();
    },
  );
});
