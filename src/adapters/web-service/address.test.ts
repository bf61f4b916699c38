import { mayBeAsked } from './address.js';

const PUBLIC = '203.0.114.7';

function may(address: string, found: string[] = [PUBLIC], production = true): Promise<boolean> {
  return mayBeAsked(new URL(address), production, async () => found);
}

describe('an address for checking solutions', () => {
  it('may be asked by https, where everybody can reach it', async () => {
    expect(await may('https://captcha.example/siteverify')).toBe(true);
    expect(await may('https://captcha.example/siteverify', [PUBLIC, '2606:4700::1'])).toBe(true);
    expect(await may('https://8.8.8.8/siteverify')).toBe(true);
  });

  it.each([
    ['without encryption', 'http://captcha.example/', [PUBLIC]],
    ['that leads to a private network', 'https://captcha.example/', ['10.1.2.3']],
    ['of which one leads to a private network', 'https://captcha.example/', [PUBLIC, '192.168.0.1']],
    ['of a cloud’s metadata', 'https://captcha.example/', ['169.254.169.254']],
    ['that leads nowhere', 'https://captcha.example/', []],
    ['that leads to this machine', 'https://captcha.example/', ['127.0.0.1']],
    ['that is mapped', 'https://captcha.example/', ['::ffff:10.0.0.1']],
    ['that leads to everything', 'https://captcha.example/', ['0.0.0.0']],
    ['of this machine and another', 'https://captcha.example/', ['127.0.0.1', PUBLIC]],
    ['that is private itself', 'https://10.0.0.1/', [PUBLIC]],
    ['that is private itself, in IPv6', 'https://[fd00::1]/', [PUBLIC]],
    ['that is this machine', 'http://localhost/', ['127.0.0.1', '::1']],
    ['that is this machine, as a number', 'https://2130706433/', [PUBLIC]],
  ])('may not be asked in production: one %s', async (_what, address, found) => {
    expect(await may(address, found)).toBe(false);
  });

  it('may be this machine outside of production, and no other place inside', async () => {
    expect(await may('http://localhost:9/', ['127.0.0.1', '::1'], false)).toBe(true);
    expect(await may('http://127.0.0.1:9/', [], false)).toBe(true);
    expect(await may('https://inside.example/', ['10.0.0.1'], false)).toBe(false);
    expect(await may('http://captcha.example/', [PUBLIC], false)).toBe(false);
  });
});
