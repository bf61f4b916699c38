import { BlockList, isIP, isIPv6 } from 'node:net';

import fc from 'fast-check';

import { NOTHING_SAID, within } from '../../../test/support/sandbox.js';
import type { JsonObject } from '../../kernel/json.js';
import { createExpressions } from './expressions.js';

const AMPLE = within(5_000);
const INPUT: JsonObject = { user: { name: 'Ann', groups: ['staff', 'admin'] } };

const expressions = createExpressions({ workers: 1 });
afterAll(() => expressions.close());

const evaluate = (source: string, input = INPUT) => expressions.evaluate(source, input, AMPLE);

describe('what an expression says', () => {
  it('comes out in order, whatever it decides', async () => {
    const source = `
      message('first'); message('second');
      log('name', user.name, 1, null, [true], { a: { b: 2 } }); log();
      setContext('notes.seen', { times: 1 }); setContext('denyMessage', 'no');
      createEvent('seen'); createEvent('seen_again', { by: user.name });
      return false`;
    expect(await evaluate(source)).toEqual({
      ok: true,
      value: false,
      messages: ['first', 'second'],
      log: [['name', 'Ann', 1, null, [true], { a: { b: 2 } }], []],
      writes: [
        { target: 'notes.seen', value: { times: 1 } },
        { target: 'denyMessage', value: 'no' },
      ],
      events: [
        { name: 'seen', details: {} },
        { name: 'seen_again', details: { by: 'Ann' } },
      ],
    });
  });

  it('is lost where it ends in an error', async () => {
    expect(await evaluate("message('first'); throw new Error('no')")).toEqual({
      ok: false,
      reason: 'ERROR',
      message: 'Error: no (line 1)',
    });
  });

  it('is what was said, whatever has become of the built-in functions and the values', async () => {
    const source = `
      const details = { a: 1 };
      createEvent('seen', details);
      details.a = 2;
      JSON.stringify = () => '"forged"';
      Array.prototype.push = Array.prototype.join = String.prototype.slice = () => 'forged';
      Array.prototype[Symbol.iterator] = function* () { yield 'forged' };
      Object.defineProperty(Object.prototype, 'refusal', { value: undefined });
      String.prototype.toJSON = Object.prototype.toJSON = () => 'forged';
      message('true'); log('true', 2);
      return true`;
    expect(await evaluate(source)).toEqual({
      ok: true,
      value: true,
      messages: ['true'],
      log: [['true', 2]],
      writes: [],
      events: [{ name: 'seen', details: { a: 1 } }],
    });
  });

  it('is cut in log lines, which never fail', async () => {
    const source = `
      log('x'.repeat(600)); log(() => 1, undefined, Symbol('a'), 10n, NaN, new Error('no'), { a: 'x'.repeat(5000) });
      const cycle = {}; cycle.a = cycle; log(cycle, { get a() { throw null } });
      log(...Array(50).fill(1));
      return true`;
    expect(await evaluate(source)).toMatchObject({
      log: [
        ['x'.repeat(500)],
        ['(function)', '(undefined)', '(symbol)', '(bigint)', '(number)', 'Error: no', '(object)'],
        ['(object)', '(object)'],
        Array(20).fill(1),
      ],
    });
  });

  it('is not more than a hundred log lines', async () => {
    const outcome = await evaluate('for (let n = 0; n < 1e5; n++) log(n); return true');
    expect(outcome).toMatchObject({ ok: true, log: Array.from({ length: 100 }, (_, n) => [n]) });
  });

  it.each([
    ['message()', 'TypeError: A message must be a text (line 1)'],
    ['message(1)', 'TypeError: A message must be a text (line 1)'],
    ['message("x".repeat(1001))', 'RangeError: A message is too long (line 1)'],
    ['for (let n = 0; n < 21; n++) message("x")', 'RangeError: Too many messages (line 1)'],
    ['setContext(1, 2)', 'TypeError: The target must be a text (line 1)'],
    ['setContext("notes.a")', 'TypeError: The value is undefined (line 1)'],
    ['setContext("notes.a", () => 1)', 'TypeError: The value is or holds a function (line 1)'],
    ['setContext("notes.a", "x".repeat(20001))', 'TypeError: The value is too long (line 1)'],
    ['setContext("x".repeat(201), 1)', 'RangeError: The target is too long (line 1)'],
    [
      'for (let n = 0; n < 51; n++) setContext("notes.a", n)',
      'RangeError: Too many values were set (line 1)',
    ],
    ['createEvent("Seen")', 'TypeError: The name must be of small letters, digits and _ (line 1)'],
    ['createEvent("a-b")', 'TypeError: The name must be of small letters, digits and _ (line 1)'],
    ['createEvent("a".repeat(51))', 'TypeError: The name must be of small letters, digits and _ (line 1)'],
    ['createEvent("a\\n")', 'TypeError: The name must be of small letters, digits and _ (line 1)'],
    ['createEvent("a", [1])', 'TypeError: The details must be an object (line 1)'],
    ['createEvent("a", null)', 'TypeError: The details must be an object (line 1)'],
    ['createEvent("a", { a: "x".repeat(5000) })', 'TypeError: The details is too long (line 1)'],
    ['for (let n = 0; n < 11; n++) createEvent("a")', 'RangeError: Too many events (line 1)'],
    ['isMember()', 'TypeError: The name must be a text (line 1)'],
    ['hasAuthenticator("totp")', 'TypeError: The name is unknown (line 1)'],
    ['hasAuthenticator(null)', 'TypeError: The name is unknown (line 1)'],
    ['regexMatch(null, "a")', 'TypeError: The value must be a text (line 1)'],
    ['regexMatch("a", /a/)', 'TypeError: The pattern must be a text (line 1)'],
    ['regexReplace("a", "a")', 'TypeError: The replacement must be a text (line 1)'],
    ['slugify(1)', 'TypeError: The text must be a text (line 1)'],
    ['inNetwork("10.0.0.256", "10.0.0.0/8")', 'TypeError: The address is not an IP address (line 1)'],
    ['inNetwork("10.0.0.1", "10.0.0/8")', 'TypeError: The network is not an IP address (line 1)'],
    ['inNetwork("10.0.0.1", "10.0.0.0/33")', 'RangeError: The network has no such prefix (line 1)'],
    ['isPrivateAddress(user.name)', 'TypeError: The address is not an IP address (line 1)'],
  ])('is an error where a function is called wrongly: %s', async (source, message) => {
    expect(await evaluate(`${source}; return true`)).toEqual({ ok: false, reason: 'ERROR', message });
  });
});

describe('the functions of an expression', () => {
  it.each([
    ['isMember("staff")', true],
    ['isMember("Staff")', false],
    ['isMember("")', false],
    ['user.groups = ["root"]; return isMember("root")', false],
    ['Array.prototype.includes = () => true; return isMember("root")', false],
    ['regexMatch("foo", "bar")', false],
    ['regexMatch("foo", "foo")', true],
    ['regexMatch("a foo b", "f(o)\\\\1")', true],
    ['regexMatch("é", "^\\\\p{L}$")', true],
    ['RegExp.prototype.exec = () => []; return true', 'ERROR'],
    ['Object.defineProperty(RegExp.prototype, "exec", { value: () => [] }); return true', 'ERROR'],
    ['regexReplace("foo", "o", "a")', 'faa'],
    ['regexReplace("a.b", "(\\\\w)\\\\.(\\\\w)", "$2.$1")', 'b.a'],
    ['regexReplace("foo", "(", "a")', 'ERROR'],
    ['slugify("Zoë & Jürgen’s Café!")', 'zoe-jurgen-s-cafe'],
    ['slugify("  ")', ''],
    ['slugify("ＡＢ１")', 'ab1'],
  ])('%s', async (source, value) => {
    const outcome = await evaluate(source);
    expect(outcome).toMatchObject(value === 'ERROR' ? { ok: false } : { ok: true, value });
  });

  it.each([
    ['hasAuthenticator()', true],
    ['hasAuthenticator("TOTP")', true],
    ['hasAuthenticator("SMS")', false],
    ['user.authenticators = ["SMS"]; return hasAuthenticator("SMS")', false],
    ['Array.prototype.includes = () => true; return hasAuthenticator("SMS")', false],
  ])('know what somebody has set up: %s', async (source, value) => {
    const user = { groups: [], authenticators: ['TOTP', 'WEBAUTHN'] };
    expect(await evaluate(source, { user })).toMatchObject({ ok: true, value });
  });

  it.each(['TOTP', 'STATIC', 'WEBAUTHN', 'EMAIL', 'SMS'])('say that nobody has set up %s', async (kind) => {
    expect(await evaluate(`hasAuthenticator("${kind}")`, { user: null })).toMatchObject({ value: false });
    expect(await evaluate('hasAuthenticator()', { user: null })).toMatchObject({ value: false });
  });

  it('say that nobody is a member', async () => {
    expect(await evaluate('isMember("staff")', { user: null })).toMatchObject({ value: false });
  });

  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '0.0.0.0/0', true],
    ['10.1.2.3', '10.1.2.4/31', false],
    ['10.1.2.5', '10.1.2.4/31', true],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['::ffff:a01:203', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['10.1.2.3', '::/0', false],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0/128', true],
    ['::', '::/128', true],
  ])('know whether %s is in %s: %s', async (ip, cidr, value) => {
    expect(await evaluate('inNetwork(ip, cidr)', { ip, cidr })).toEqual({ ok: true, value, ...NOTHING_SAID });
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.4 ',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':1',
    '1:',
    '12345::',
    'fe80::1%eth0',
    '::1.2.3',
    '1:2:3:4:5:6:7:8::',
    'g::',
  ])('take no address for one that is none: %j', async (ip) => {
    expect(await evaluate('isPrivateAddress(ip)', { ip })).toMatchObject({ ok: false, reason: 'ERROR' });
  });

  it('tell private addresses from public ones', async () => {
    const addresses = [
      ...['10.0.0.1', '172.31.0.1', '192.168.1.1', '127.0.0.1', '169.254.1.1', '100.64.0.1', '0.0.0.0'],
      ...['::1', '::', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1'],
      ...['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'],
    ];
    const { value } = Object(await evaluate('ips.filter((ip) => isPrivateAddress(ip))', { ips: addresses }));
    expect(value).toEqual(addresses.slice(0, 12));
  });

  it('know of any address what Node knows of it, but that the two versions never meet', async () => {
    const network = fc.oneof(
      fc.record({ address: fc.ipV4(), prefix: fc.nat(32), version: fc.constant('ipv4' as const) }),
      fc.record({ address: fc.ipV6(), prefix: fc.nat(128), version: fc.constant('ipv6' as const) }),
    );
    const near = network.map((net) => ({ ip: net.address.replace(/.$/, '1'), net }));
    const far = fc.record({ ip: fc.oneof(fc.ipV4(), fc.ipV6()), net: network });
    const versionOf = (ip: string) => (isIPv6(ip) ? 'ipv6' : 'ipv4');
    const one = fc.oneof(near, far).filter(({ ip, net }) => isIP(ip) > 0 && !/ffff:/i.test(ip + net.address));
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 50, maxLength: 50 }), async (all) => {
        const questions = all.map(({ ip, net }) => [ip, `${net.address}/${String(net.prefix)}`]);
        const source = 'questions.map(([ip, cidr]) => inNetwork(ip, cidr))';
        const known = all.map(({ ip, net }) => {
          const list = new BlockList();
          list.addSubnet(net.address, net.prefix, net.version);
          return versionOf(ip) === net.version && list.check(ip, net.version);
        });
        expect(await evaluate(source, { questions })).toMatchObject({ ok: true, value: known });
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('are stopped with the expression, whatever a regular expression takes', async () => {
    for (const call of [
      'regexMatch("a".repeat(40) + "b", "^(a+)+$")',
      'regexReplace("a".repeat(40) + "b", "^(a+)+$", "")',
      'slugify("é".repeat(5e6))',
    ]) {
      const outcome = await expressions.evaluate(`try { ${call} } catch {} return true`, {}, within(150));
      expect(outcome).toMatchObject({ ok: false, reason: expect.stringMatching(/^(TIMEOUT|MEMORY)$/) });
    }
  });
});
