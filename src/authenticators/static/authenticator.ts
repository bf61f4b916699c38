import { z } from 'zod';

import { base32 } from '../../kernel/base32.js';
import type { Chance } from '../../kernel/chance.js';
import { defineAuthenticator } from '../define.js';
import { typedRecoveryCode } from './typed-code.js';

/** 80 bits: too many to be guessed, and few enough to be typed. */
const CODE_BYTES = 10;
const MOST_CODES = 50;

export const staticAuthenticator = defineAuthenticator({
  name: 'STATIC',
  description: 'Recovery codes to print or to write down, each of which is good once.',
  answeredBy: 'CODE',
  data: z.strictObject({
    /** What the codes are hashed with: they are good in this set alone. */
    bond: z.string(),
  }),
  options: z.strictObject({ count: z.int().min(1).max(MOST_CODES) }),
  response: z.strictObject({ acknowledge: z.literal(true) }),
  setupKept: z.strictObject({ codes: z.array(z.string()) }),
  checkKept: z.strictObject({}),

  hint: ({ codes }) => `${codes.length} left`,
  keyOf: () => undefined,
  meets: () => true,

  async begin({ person, brandName, tools }, { count }) {
    const codes = Array.from({ length: count }, () => recoveryCode(tools.chance));
    const shown = codes.map(inGroups);
    const printable = [brandName, person.username, '', ...shown, ''].join('\n');
    return { type: 'step', step: { shown: { codes: shown, printable }, kept: { codes }, effects: [] } };
  },

  async setUp({ tools }, _options, { codes }) {
    const bond = tools.chance.id();
    return {
      type: 'done',
      // They have been told to the person, who has shown nothing.
      proofs: [],
      authenticator: {
        ...{ name: 'Recovery codes', data: { bond }, secret: null, counter: 0, uniqueKey: null },
        codes: codes.map((code) => tools.hash(code, bond)),
        ...{ verifiesUser: false, stageId: null, replaces: true },
      },
    };
  },

  async request() {
    return { type: 'requested', shown: {}, kept: {}, effects: [] };
  },

  async check({ tools }, { codes, data }, answer) {
    const typed = 'code' in answer ? typedRecoveryCode(answer.code) : '';
    const code = codes.find((hash) => tools.isHashOf(hash, typed, data.bond));
    return code === undefined
      ? { type: 'wrong', code: 'INVALID_CODE' }
      : { type: 'right', proofs: ['recovery-code'], counter: null, code, data: null };
  },
});

function recoveryCode(chance: Chance): string {
  return base32(Buffer.from(chance.token().reveal(), 'base64url').subarray(0, CODE_BYTES));
}

/** As it is read out and typed. */
function inGroups(code: string): string {
  return (code.match(/.{1,4}/g) ?? []).join('-');
}
