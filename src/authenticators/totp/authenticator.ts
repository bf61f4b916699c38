import QRCode from 'qrcode';
import { z } from 'zod';

import { base32 } from '../../kernel/base32.js';
import { digitsIn } from '../../kernel/digits.js';
import { Secret } from '../../kernel/secret.js';
import { responseError } from '../../flow/outcome.js';
import { defineAuthenticator } from '../define.js';
import { keyUri } from './key-uri.js';
import { stepOf } from './steps.js';

/** As long as the hash that it is used with (RFC 4226, section 4). */
const SECRET_BYTES = 20;

const digits = z.union([z.literal(6), z.literal(8)]);

export const totpAuthenticator = defineAuthenticator({
  name: 'TOTP',
  description: 'An app that shows a new code every 30 seconds (RFC 6238).',
  answeredBy: 'CODE',
  data: z.strictObject({ digits }),
  options: z.strictObject({ digits }),
  response: z.strictObject({ code: z.string() }),
  setupKept: z.strictObject({ secret: z.string() }),
  checkKept: z.strictObject({}),

  hint: () => null,
  keyOf: () => undefined,
  meets: () => true,

  async begin({ person, brandName, tools }, options) {
    const bytes = Buffer.from(tools.chance.token().reveal(), 'base64url').subarray(0, SECRET_BYTES);
    const secret = base32(bytes);
    const uri = keyUri({ issuer: brandName, account: person.username, secret, digits: options.digits });
    const drawn = { errorCorrectionLevel: 'M', margin: 4 } as const;
    const step = {
      shown: {
        key: secret,
        uri,
        digits: options.digits,
        qrCode: await QRCode.toDataURL(uri, drawn),
        qrCodeSvg: await QRCode.toString(uri, { ...drawn, type: 'svg' }),
      },
      kept: { secret },
      effects: [],
    };
    return { type: 'step', step };
  },

  async setUp({ now }, options, kept, { code }) {
    const secret = new Secret(kept.secret);
    const step = stepOf(digitsIn(code), secret, options.digits, now, -1);
    if (step === undefined) {
      const message = 'This is not the code that the app shows. Its clock may be wrong.';
      return { type: 'refused', errors: [responseError('code', 'INVALID_CODE', message)], step: 'same' };
    }
    return {
      type: 'done',
      proofs: ['otp'],
      authenticator: {
        ...{ name: 'Authenticator app', data: { digits: options.digits }, secret, counter: step },
        ...{ uniqueKey: null, codes: [], verifiesUser: false, stageId: null, replaces: false },
      },
    };
  },

  async request() {
    return { type: 'requested', shown: {}, kept: {}, effects: [] };
  },

  async check({ now }, { secret, data, counter }, answer) {
    const step =
      'code' in answer && secret
        ? stepOf(digitsIn(answer.code), secret, data.digits, now, counter)
        : undefined;
    return step === undefined
      ? { type: 'wrong', code: 'INVALID_CODE' }
      : { type: 'right', proofs: ['otp'], counter: step, code: null, data: null };
  },
});
