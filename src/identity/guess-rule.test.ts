import { addressGroup, waitsInSeconds } from './guess-rule.js';

describe('the wait after wrong guesses', () => {
  it('is nothing for the first few, then doubles, up to an hour', () => {
    expect(waitsInSeconds.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8]);
    expect(Math.max(...waitsInSeconds)).toBe(3600);
    expect(waitsInSeconds.at(-1)).toBe(3600);
  });
});

describe('the group of an address', () => {
  it('is the address itself for IPv4, also where it comes in the dress of IPv6', () => {
    expect(addressGroup('192.0.2.1')).toBe('192.0.2.1');
    expect(addressGroup('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressGroup('::FFFF:192.0.2.1')).toBe('192.0.2.1');
  });

  it('is the network of 64 bits for IPv6, however the address is written', () => {
    for (const address of [
      '2001:db8:1:2:3:4:5:6',
      '2001:DB8:1:2::',
      '2001:0db8:0001:0002::1',
      '2001:db8:1:2:ffff:ffff:ffff:ffff',
    ]) {
      expect(addressGroup(address)).toBe('2001:db8:1:2::/64');
    }
  });

  it('knows where zeros were left out', () => {
    expect(addressGroup('::1')).toBe('0:0:0:0::/64');
    expect(addressGroup('::')).toBe('0:0:0:0::/64');
    expect(addressGroup('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(addressGroup('2001:db8::1:2:3:4:5')).toBe('2001:db8:0:1::/64');
    expect(addressGroup('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  });

  it('differs for different networks', () => {
    expect(addressGroup('2001:db8:0:1::1')).not.toBe(addressGroup('2001:db8:0:2::1'));
  });
});
