import { z } from 'zod';

import { canonical } from '../../kernel/text.js';
import { isEmailAddress } from '../../flow/account-names.js';
import { responseError } from '../../flow/outcome.js';
import { defineAuthenticator } from '../define.js';
import { LONGEST_LIFETIME_SECONDS, sentCode, tryCode } from '../sent-code.js';
import { addressedStep, mailedCode, sendTo } from './letter.js';
import { maskedAddress } from './masked.js';
import { refusals, wanted } from './wanted.js';

const lifetimeSeconds = z.int().min(60).max(LONGEST_LIFETIME_SECONDS);
const NO_MAILS = 'No mail can be sent here. Please tell an administrator.';

export const emailAuthenticator = defineAuthenticator({
  name: 'EMAIL',
  description: 'An e-mail address to which codes are sent.',
  answeredBy: 'SENT_CODE',
  data: z.strictObject({
    email: z.string(),
    /** How long the codes are good that it is sent. */
    lifetimeSeconds,
  }),
  options: z.strictObject({
    lifetimeSeconds,
    /** An address that the flow has asked for before. */
    collected: z.string().nullable(),
  }),
  response: z.strictObject({
    email: z.string().optional(),
    code: z.string().optional(),
    resend: z.boolean().optional(),
  }),
  setupKept: z.strictObject({
    /** Null where it has to be asked for. */
    address: z.string().nullable(),
    /** Null where none could be sent. */
    sent: sentCode.nullable(),
  }),
  checkKept: sentCode,

  hint: ({ data }) => maskedAddress(data.email),
  keyOf: () => undefined,
  meets: () => true,

  async begin(run, { lifetimeSeconds: seconds, collected }) {
    if (!run.tools.mailsAreSent) return { type: 'denied', message: NO_MAILS };
    const owned = new Set(run.existing.map(({ data }) => canonical(data.email)));
    const address = [run.person.email, collected].find(
      (known) => known !== null && isEmailAddress(known) && !owned.has(canonical(known)),
    );
    if (address == null) return { type: 'step', step: addressedStep(null, null) };
    const sending = await sendTo(run, address, seconds);
    if (sending.type === 'step') return sending;
    return { type: 'step', step: addressedStep(address, null, sending.retryAt) };
  },

  async setUp(run, { lifetimeSeconds: seconds }, { address, sent }, response) {
    if (!run.tools.mailsAreSent) return { type: 'denied', message: NO_MAILS };
    const owned = run.existing.map(({ data }) => data.email);
    const want = wanted(response, address, owned);
    if (want.type === 'refused') return { ...want, step: 'same' };
    if (want.type === 'mail') {
      const sending = await sendTo(run, want.address, seconds);
      if (sending.type === 'step') return sending;
      const error = responseError(want.field, 'RATE_LIMITED', refusals.RATE_LIMITED, sending.retryAt);
      return { type: 'refused', errors: [error], step: 'same' };
    }
    const verdict = await tryCode(run, sent, want.address, want.code);
    if (verdict !== 'RIGHT') {
      return { type: 'refused', errors: [responseError('code', verdict, refusals[verdict])], step: 'same' };
    }
    return {
      type: 'done',
      proofs: ['email-otp'],
      authenticator: {
        ...{
          name: 'E-mail',
          data: { email: want.address, lifetimeSeconds: seconds },
          secret: null,
          counter: 0,
          codes: [],
        },
        uniqueKey: `email ${run.person.id} ${canonical(want.address)}`,
        ...{ verifiesUser: false, stageId: null, replaces: false },
      },
    };
  },

  async request(run, [authenticator]) {
    if (!run.tools.mailsAreSent || !authenticator) return { type: 'unavailable' };
    const { userId, data } = authenticator;
    const mailed = await mailedCode(run, {
      ...{ userId, name: run.person?.name ?? '', address: data.email },
      lifetimeSeconds: data.lifetimeSeconds,
    });
    if (mailed.type === 'limited') return mailed;
    const { sent, effects } = mailed;
    const { resendAt, expiresAt } = sent;
    return { type: 'requested', shown: { resendAt, expiresAt }, kept: sent, effects };
  },

  async check(run, { data }, answer, sent) {
    const verdict = 'code' in answer ? await tryCode(run, sent, data.email, answer.code) : 'INVALID_CODE';
    return verdict === 'RIGHT'
      ? { type: 'right', proofs: ['email-otp'], counter: null, code: null, data: null }
      : { type: 'wrong', code: verdict };
  },
});
