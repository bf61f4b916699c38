import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

import { canonical } from '../../kernel/text.js';
import type { PasswordStrength } from '../../flow/services/password-strength.js';

/** Judges passwords by the lists and the estimator of zxcvbn-ts, in this process. */
export function createPasswordStrength(): PasswordStrength {
  const passwords = new Set(common.dictionary['passwords-common']);
  const estimator = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  });
  return {
    isCommon: (password) => passwords.has(canonical(password.reveal())),
    estimate(password, contextWords) {
      const { score, feedback } = estimator.check(password.reveal(), [...contextWords]);
      const advice = [feedback.warning ?? '', ...feedback.suggestions].filter((text) => text !== '');
      return { score, advice };
    },
    breaches: () => Promise.reject(new Error('the service for breached passwords is not configured')),
  };
}
