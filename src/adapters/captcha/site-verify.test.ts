import type { ServerResponse } from 'node:http';

import { FakeProvider } from '../../../test/support/captchas.js';
import { Secret } from '../../kernel/secret.js';
import type { CaptchaQuestion, RemoteCaptchaProvider } from '../../flow/services/captchas.js';
import { siteVerify } from './site-verify.js';
import type { SiteVerifyTerms } from './site-verify.js';

const AMPLE_MILLISECONDS = 10_000;
let provider: FakeProvider;

beforeAll(async () => {
  provider = await FakeProvider.start();
});
beforeEach(() => provider.reset());
afterAll(() => provider.close());

function verify(also: Partial<CaptchaQuestion> = {}, terms: Partial<SiteVerifyTerms> = {}) {
  const question: CaptchaQuestion = {
    provider: 'TURNSTILE',
    secret: new Secret('the secret & more'),
    verifyUrl: provider.url,
    token: 'the token=',
    clientAddress: '192.0.2.7',
    hostnames: [],
    action: null,
    ...also,
  };
  return siteVerify(question, {
    production: false,
    hostnames: ['login.example.com'],
    timeoutMilliseconds: AMPLE_MILLISECONDS,
    resolve: async () => ['127.0.0.1'],
    ...terms,
  });
}

const right = (score: number | null = null) => ({ type: 'right', useKey: expect.any(String), score });
const wrong = { type: 'wrong', expired: false };
const unavailable = { type: 'unavailable' };

describe('a provider', () => {
  it.each(['TURNSTILE', 'HCAPTCHA', 'RECAPTCHA_V2', 'RECAPTCHA_V3'] as const)(
    'is sent a form with the secret, the token and where the client is: %s',
    async (name: RemoteCaptchaProvider) => {
      provider.answer = { success: true, score: 0.9 };
      expect(await verify({ provider: name })).toEqual(right(0.9));
      expect(provider.asked).toEqual([
        {
          path: '/siteverify',
          type: expect.stringContaining('application/x-www-form-urlencoded'),
          form: { secret: 'the secret & more', response: 'the token=', remoteip: '192.0.2.7' },
        },
      ]);
    },
  );

  it('knows the same solution again, and no other', async () => {
    const keyOf = async (token: string) => ({ useKey: '', ...(await verify({ token })) }).useKey;
    expect(await keyOf('one')).toBe(await keyOf('one'));
    expect(await keyOf('one')).not.toBe(await keyOf('other'));
    expect(await keyOf('one')).not.toContain('one');
  });

  it.each([
    ['of the installation', {}, 'login.example.com', true],
    ['whatever its case', {}, 'LOGIN.example.com', true],
    ['from elsewhere', {}, 'evil.example', false],
    ['below it', {}, 'x.login.example.com', false],
    ['that is configured', { hostnames: ['app.example'] }, 'app.example', true],
    [
      'of the installation where others are configured',
      { hostnames: ['app.example'] },
      'login.example.com',
      false,
    ],
  ])('is asked for solutions from certain hosts: one %s', async (_which, also, hostname, accepted) => {
    provider.answer = { success: true, hostname };
    expect(await verify(also)).toEqual(accepted ? right() : wrong);
  });

  it.each([
    ['TURNSTILE', 'login', true],
    ['TURNSTILE', 'comment', false],
    ['TURNSTILE', undefined, false],
    ['RECAPTCHA_V3', 'comment', false],
    ['RECAPTCHA_V3', 'login', true],
    // They do not know what a widget was shown for.
    ['HCAPTCHA', undefined, true],
    ['RECAPTCHA_V2', undefined, true],
  ] as const)(
    'that says what a solution is for is taken at its word: %s, %s',
    async (name, action, accepted) => {
      provider.answer = { success: true, score: 0.7, action };
      const verdict = await verify({ provider: name, action: 'login' });
      expect(verdict).toEqual(accepted ? right(0.7) : wrong);
    },
  );

  it.each([
    ['wrong', ['invalid-input-response'], false],
    ['used or too old', ['timeout-or-duplicate'], true],
    ['refused for no reason', undefined, false],
  ])('says that a token is %s', async (_how, codes, expired) => {
    provider.answer = { success: false, 'error-codes': codes };
    expect(await verify()).toEqual({ type: 'wrong', expired });
  });
});

describe('no answer is one', () => {
  const text =
    (body: string, status = 200) =>
    (response: ServerResponse) =>
      void response.writeHead(status).end(body);

  it.each([
    ['an error, whatever it says', text('{"success":true}', 500)],
    ['something that is not there', text('{"success":true}', 404)],
    ['nothing', text('')],
    ['a page', text('<html>Sign in to this network</html>')],
    ['half of an answer', text('{"success":tr')],
    ['success as a word', text('{"success":"true"}')],
    ['success as a number', text('{"success":1}')],
    ['a list', text('[{"success":true}]')],
    ['a score that is none', text('{"success":true,"score":"0.9"}')],
    ['more than anybody would', text(`{"success":true,"x":"${'x'.repeat(200_000)}"}`)],
    [
      'the way to somebody else',
      (response: ServerResponse) =>
        void response.writeHead(302, { location: '/elsewhere' }).end('{"success":true}'),
    ],
    [
      'the way to somebody else who gets the secret',
      (response: ServerResponse) => void response.writeHead(307, { location: '/elsewhere' }).end(),
    ],
    ['a hanging up', (response: ServerResponse) => void response.destroy()],
  ])('that is %s', async (_what, respond) => {
    provider.respond = respond;
    expect(await verify()).toEqual(unavailable);
    expect(provider.asked).toHaveLength(1);
  });

  it.each([
    ['before it comes', (): void => undefined],
    ['in the middle', (response: ServerResponse) => void response.write('{"success":true')],
  ])('that takes too long, %s', async (_when, slowly) => {
    provider.respond = slowly;
    expect(await verify({}, { timeoutMilliseconds: 50 })).toEqual(unavailable);
  });

  it('that has to be looked for too long', async () => {
    const never = () => new Promise<string[]>(() => undefined);
    const verifyUrl = 'https://captcha.example/';
    expect(await verify({ verifyUrl }, { resolve: never, timeoutMilliseconds: 50 })).toEqual(unavailable);
  });

  it('of reCAPTCHA v3 that has no score: the key would be one of another kind', async () => {
    expect(await verify({ provider: 'RECAPTCHA_V3' })).toEqual(unavailable);
  });

  it('from an address that may not be asked, nor is it told anything', async () => {
    expect(await verify({}, { production: true })).toEqual(unavailable);
    const verifyUrl = provider.url.replace('127.0.0.1', 'inside.example');
    expect(await verify({ verifyUrl }, { resolve: async () => ['10.0.0.1'] })).toEqual(unavailable);
    expect(await verify({ verifyUrl }, { resolve: () => Promise.reject(new Error('unknown')) })).toEqual(
      unavailable,
    );
    expect(provider.asked).toEqual([]);
  });

  it('from an address where nobody is', async () => {
    expect(await verify({ verifyUrl: 'http://127.0.0.1:1/siteverify' })).toEqual(unavailable);
  });
});
