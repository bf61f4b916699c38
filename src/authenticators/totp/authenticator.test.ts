import fc from 'fast-check';
import { z } from 'zod';

import { Secret } from '../../kernel/secret.js';
import type { Authenticator, SetupRun } from '../../flow/authenticator-kind.js';
import { person } from '../../../test/support/definitions.js';
import { NOW, noAuthenticators } from '../../../test/support/engine.js';
import { totpAuthenticator } from './authenticator.js';
import { STEP_SECONDS, codeAt } from './code.js';

const run: SetupRun = {
  person: person('the person', { username: 'ada' }),
  ...{ clientAddress: '192.0.2.1', language: 'EN', brandName: 'Stagedoor', stageId: 'a stage', now: NOW },
  tools: {
    ...noAuthenticators.tools,
    chance: { id: () => 'an id', token: () => new Secret(Buffer.alloc(32, 5).toString('base64url')) },
  },
  existing: [],
};
const demands = { userVerification: 'PREFERRED', hints: [], allowedModels: [] } as const;
const step = Math.floor(NOW.getTime() / 1000 / STEP_SECONDS);

const shownSchema = z.strictObject({
  key: z.string(),
  uri: z.string(),
  digits: z.int(),
  qrCode: z.string(),
  qrCodeSvg: z.string(),
});

async function begun() {
  const beginning = await totpAuthenticator.begin(run, { digits: 6 });
  if (beginning.type === 'denied') throw new Error(beginning.message);
  return { kept: beginning.step.kept, shown: shownSchema.parse(beginning.step.shown) };
}

const answered = async (code: string) =>
  totpAuthenticator.setUp(run, { digits: 6 }, (await begun()).kept, { code });

describe('setting up an authenticator app', () => {
  it('shows a key of 160 bits, its address, and the address as an image', async () => {
    const { shown } = await begun();
    expect(shown.key).toMatch(/^[A-Z2-7]{32}$/);
    expect(shown.uri).toContain(`otpauth://totp/Stagedoor:ada?secret=${shown.key}&`);
    const [, png = ''] = /^data:image\/png;base64,([\w+/]+=*)$/.exec(shown.qrCode) ?? [];
    expect(Buffer.from(png, 'base64').subarray(0, 8)).toEqual(
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    );
    expect(shown.qrCodeSvg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>\s*$/s);
    expect(shown.qrCodeSvg).not.toContain('<script');
  });

  it('takes the code of the moment, with spaces, hyphens and wide digits, and uses its step up', async () => {
    const code = codeAt(new Secret((await begun()).shown.key), 6, step);
    const wide = code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    for (const typed of [
      code,
      `${code.slice(0, 3)} ${code.slice(3)}`,
      `\t${code.slice(0, 3)}-${code.slice(3)}`,
      wide,
    ]) {
      expect(await answered(typed)).toMatchObject({
        type: 'done',
        proofs: ['otp'],
        authenticator: { counter: step, data: { digits: 6 } },
      });
    }
  });

  it.each<[string, (code: string) => string]>([
    ['nothing', () => ''],
    ['spaces and hyphens', () => ' - - '],
    ['one digit less', (code) => code.slice(1)],
    ['one digit more', (code) => `${code}0`],
    ['the code twice', (code) => code + code],
    ['a sign', (code) => `+${code}`],
    ['a fraction', (code) => `${code}.0`],
    ['letters', () => 'abcdef'],
    ['no number', () => 'NaN'],
    [
      'digits of another script',
      (code) => code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))),
    ],
    ['what only looks empty', (code) => `${code}\u200b`],
    ['ten kilobytes', (code) => code.repeat(1707)],
  ])('refuses %s, and goes on with the same key', async (_what, typed) => {
    const code = codeAt(new Secret((await begun()).shown.key), 6, step);
    expect(await answered(typed(code))).toMatchObject({
      type: 'refused',
      errors: [{ field: 'code', code: 'INVALID_CODE' }],
      step: 'same',
    });
  });
});

describe('an authenticator app that has been set up', () => {
  const secret = new Secret('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
  const authenticator: Authenticator = {
    ...{
      id: 'an id',
      userId: 'the person',
      kind: 'TOTP',
      name: 'App',
      data: { digits: 6 },
      secret,
      counter: step - 1,
    },
    ...{ codes: [], stageId: null, verifiesUser: false, createdAt: NOW, lastUsedAt: null, disabledAt: null },
  };
  const check = (code: string, owned = authenticator) =>
    totpAuthenticator.check(run, owned, { code }, null, demands);

  it('is right with a step that has not been used, and says which that is', async () => {
    expect(await check(codeAt(secret, 6, step))).toMatchObject({
      type: 'right',
      proofs: ['otp'],
      counter: step,
    });
    expect(await check(codeAt(secret, 6, step - 1))).toEqual({ type: 'wrong', code: 'INVALID_CODE' });
  });

  it('is right with nothing where its key cannot be opened, or where a passkey has answered', async () => {
    const code = codeAt(secret, 6, step);
    expect(await check(code, { ...authenticator, secret: null })).toMatchObject({ type: 'wrong' });
    const passkey = await totpAuthenticator.check(run, authenticator, { passkey: { code } }, null, demands);
    expect(passkey).toMatchObject({ type: 'wrong' });
  });

  it('never fails on what is typed, and takes nothing but its codes', async () => {
    const right = [step, step + 1].map((good) => codeAt(secret, 6, good));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (typed) => {
        const { type } = await check(typed);
        expect(type).toBe(
          right.includes(typed.normalize('NFKC').replaceAll(/[\s-]/gu, '')) ? 'right' : 'wrong',
        );
      }),
    );
  });
});
