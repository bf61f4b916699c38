import { promptDataKey } from '../../flow/context-keys.js';
import { passwordLength, passwordProblem, wordsAbout } from '../../flow/password-rule.js';
import { verdict } from '../../flow/policy-kind.js';
import type { PolicyVerdict } from '../../flow/policy-kind.js';
import { definePolicy } from '../define.js';
import { noPassword } from '../new-password.js';
import { passwordConfig, ruleOf } from './config.js';

export const passwordPolicy = definePolicy({
  name: 'password',
  description: 'Judges whether a new password is good enough.',
  config: passwordConfig,
  services: ['passwordStrength'],

  problems({ checkBreaches }, { passwordStrength }) {
    if (!checkBreaches || passwordStrength.knowsBreaches) return [];
    const message = 'STAGEDOOR_PWNED_PASSWORDS_URL is not set: there is no service to ask.';
    return [{ path: 'checkBreaches', code: 'NOT_CONFIGURED', message }];
  },

  async evaluate({ config, input, services: { passwordStrength } }) {
    const { passwordField: field } = config;
    const password = input.newPasswords[field];
    if (!password) return noPassword(field);

    const judged = (passing: boolean, messages: readonly string[], read: PolicyVerdict['read']) =>
      verdict(passing, messages, { field, judgesPassword: true, read: { field, ...read } });
    const words = wordsAbout(input.user, promptDataKey.read(input.context[promptDataKey.name]) ?? {});
    const length = passwordLength(password);
    const problem = await passwordProblem(password, words, ruleOf(config), passwordStrength);
    if (problem) {
      return judged(false, [config.errorMessage || problem.message], { length, problem: problem.code });
    }
    const found = config.checkBreaches ? await passwordStrength.breaches(password) : null;
    if (found !== null && found > config.allowedBreaches) {
      return judged(false, [breachMessage(found)], { length, breaches: found });
    }
    const estimate = config.checkStrength ? await passwordStrength.estimate(password, words) : null;
    const read = { length, breaches: found, score: estimate?.score ?? null };
    if (estimate && estimate.score < config.minStrength) {
      return judged(false, ['This password is too easily guessed.', ...estimate.advice], read);
    }
    return judged(true, [], read);
  },
});

function breachMessage(count: number): string {
  const times = count === 1 ? 'once' : `${count} times`;
  return `This password was found ${times} in data that was stolen elsewhere. Please choose a different one.`;
}
