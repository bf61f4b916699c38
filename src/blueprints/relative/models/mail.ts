import { duration, flag } from '../rules.js';
import { mailRules } from './mail-settings.js';
import { stage } from './model.js';

const HALF_AN_HOUR = 30 * 60;

const templates: Readonly<Record<string, string>> = {
  'email/password_reset.html': 'PASSWORD_RESET',
  'email/account_confirmation.html': 'ACCOUNT_CONFIRMATION',
};

const lifetime = duration('lifetime', { least: 60, most: HALF_AN_HOUR });

export const email = stage('email', {
  ...mailRules,
  template: ({ value, path }, { problems, set }) => {
    const template = typeof value === 'string' ? templates[value] : undefined;
    if (template) set('template', template, path);
    else problems.warning(path, 'Mails have no templates of one’s own here; this one says what is usual.');
  },
  token_expiry: ({ value, path }, writing) => {
    // Minutes, in documents of before there were units.
    if (typeof value === 'number' && value >= 0) lifetime({ value: `minutes=${value}`, path }, writing);
    else lifetime({ value, path }, writing);
  },
  activate_user_on_success: flag('activateUserOnSuccess'),
  // The first mail counts here, and nobody is written to without one.
  recovery_max_attempts: ({ value, path }, { problems, set }) => {
    if (typeof value === 'number') set('maxMails', Math.max(value, 1), path);
    else problems.error(path, 'INVALID_TYPE', 'Must be a number.');
  },
  recovery_cache_timeout: duration('mailWindow', { least: 60 }),
});
