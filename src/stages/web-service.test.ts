import { serviceUrl } from './web-service.js';

describe('an address of a service outside', () => {
  it.each([
    'https://captcha.example/api.js?x=1',
    'http://localhost:3000/',
    'http://127.0.0.1/',
    'http://[::1]:8/',
  ])('can be %s', (address) => expect(serviceUrl.safeParse(address).success).toBe(true));

  it.each([
    'http://captcha.example/',
    'https://user@captcha.example/',
    'https://captcha.example/#fragment',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'https://0.0.0.0/',
    'https://169.254.169.254/',
    'https://[::ffff:10.0.0.1]/',
    'ftp://localhost/',
    'javascript:alert(1)',
    '/path',
    '',
  ])('cannot be %s', (address) => expect(serviceUrl.safeParse(address).success).toBe(false));
});
