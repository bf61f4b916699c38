import type { Fields, Given } from '../entry.js';
import { flag, leftOut, meaningless, reference, same } from '../rules.js';
import type { Rule, Writing } from '../rules.js';
import { Named } from '../entry.js';
import { isList } from '../value.js';
import { restrictsPasskeys, setupRules } from './authenticators.js';
import { stage } from './model.js';
import { sharedSecret } from './shared-secret.js';

export const identification = stage('identification', {
  user_fields: userFields,
  case_insensitive_matching: leftOut('Small and capital letters are always taken for the same.', true),
  show_matched_user: leftOut('What people have typed is shown, never whom it was found to be.', false),
  pretend_user_exists: flag('pretendUserExists'),
  password_stage: reference('passwordStageId', 'stage'),
  captcha_stage: reference('captchaStageId', 'stage'),
  webauthn_stage: passkeys,
  enrollment_flow: reference('enrollmentFlowId', 'flow'),
  recovery_flow: reference('recoveryFlowId', 'flow'),
  passwordless_flow: reference('passwordlessFlowId', 'flow'),
  sources: leftOut('Nobody signs in by way of somebody else here.'),
  show_source_labels: leftOut('Nobody signs in by way of somebody else here.', false),
  enable_remember_me: leftOut('Remembering a name is for the client to do.', false),
  template: leftOut('How it looks is for the client to decide.'),
});

const fields: Readonly<Record<string, string>> = { email: 'EMAIL', username: 'USERNAME' };

function userFields({ value, path }: Given, { problems, set }: Writing): void {
  if (!isList(value)) return problems.error(path, 'INVALID_TYPE', 'Must be a list.');
  const kept = value.flatMap((one) => (typeof one === 'string' ? (fields[one] ?? []) : []));
  if (kept.length === 0) {
    return problems.unsupported(
      path,
      'People are known by their username or e-mail address; one of them has to be here.',
    );
  }
  value.forEach((one, index) => {
    if (typeof one === 'string' && Object.hasOwn(fields, one)) return;
    problems.warning([...path, index], 'Nobody is known by this here.');
  });
  set('userFields', [...new Set(kept)], path);
}

/** Passkeys have to be unlocked here, but whose they are and what model is not restricted by another stage. */
function passkeys({ value, path }: Given, { names, problems, set }: Writing): void {
  if (value === null) return set('passkeys', false, path);
  const entry = names.entryOf(value);
  if (!entry) {
    if (value instanceof Named) {
      return problems.unsupported(
        path,
        'Which passkeys it takes is not known. Have the stage in this document, and name it by !KeyOf.',
      );
    }
    return void names.named(value, path);
  }
  const allowed = entry.fields.get('webauthn_allowed_device_types');
  if (restrictsPasskeys(allowed?.value)) {
    return problems.unsupported(path, 'Passkeys of certain models alone are not to be had on this screen.');
  }
  const classes = entry.fields.get('device_classes')?.value;
  const counts = classes === undefined || (isList(classes) && classes.includes('webauthn'));
  set('passkeys', counts, path);
}

const BUILT_IN = 'authentik.core.auth.InbuiltBackend';

export const password = stage('password', {
  configure_flow: setupRules.configure_flow ?? meaningless,
  backends: ({ value, path }, { problems }) => {
    if (!isList(value) || !value.includes(BUILT_IN)) {
      return problems.unsupported(
        path,
        'Passwords are those of this service; the document wants others in their place.',
      );
    }
    value.forEach((backend, index) => {
      if (backend !== BUILT_IN)
        problems.warning([...path, index], 'Only passwords of this service are taken.');
    });
  },
  failed_attempts_before_cancel: same('failedAttemptsBeforeCancel'),
  allow_show_password: flag('allowShowPassword'),
});

const providers: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)(recaptcha\.net|google\.com|gstatic\.com)$/, 'RECAPTCHA_V2'],
  [/(^|\.)hcaptcha\.com$/, 'HCAPTCHA'],
  [/^challenges\.cloudflare\.com$/, 'TURNSTILE'],
];

export const captcha = stage(
  'captcha',
  {
    public_key: same('siteKey'),
    private_key: (given, { secret }) => secret('secretKey', given),
    secret: sharedSecret('secretKey'),
    // They say together who the provider is.
    ...{ js_url: meaningless, api_url: meaningless },
    request_content_type: leftOut(
      'Solutions are checked by a form, as providers take them.',
      'form',
      'application/x-www-form-urlencoded',
    ),
    interactive: flag('interactive'),
    score_min_threshold: bound('scoreMinimum', 0),
    score_max_threshold: bound('scoreMaximum', 1),
    error_on_invalid_score: flag('refuseBadScores'),
  },
  ({ entry: { fields: given, path: at }, problems, set }) => {
    const addresses = [given.get('js_url'), given.get('api_url')].flatMap((one) => one ?? []);
    if (addresses.length === 0) {
      // Without addresses it is reCAPTCHA; an update that says nothing of keys leaves the provider alone.
      const key = given.get('public_key') ?? given.get('private_key') ?? given.get('secret');
      if (key) set('provider', hasScores(given) ? 'RECAPTCHA_V3' : 'RECAPTCHA_V2', key.path);
      return;
    }
    const found = new Set(addresses.map(({ value }) => providerAt(value)));
    const [provider] = found;
    if (found.size !== 1 || provider === undefined) {
      const message =
        'Solutions are checked by reCAPTCHA, hCaptcha or Turnstile, at their own addresses, or by the service itself.';
      return problems.unsupported(addresses[0]?.path ?? at, message);
    }
    set(
      'provider',
      provider === 'RECAPTCHA_V2' && hasScores(given) ? 'RECAPTCHA_V3' : provider,
      addresses[0]?.path ?? at,
    );
    set('scriptUrl', null, addresses[0]?.path ?? at);
    set('verifyUrl', null, addresses[0]?.path ?? at);
  },
);

/** Only the third version of reCAPTCHA gives scores. */
function hasScores(given: Fields): boolean {
  return given.has('score_min_threshold') || given.has('score_max_threshold');
}

function providerAt(value: Given['value']): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { hostname, protocol } = new URL(value);
  return protocol === 'https:' ? providers.find(([host]) => host.test(hostname))?.[1] : undefined;
}

/** A bound of -1 bounds nothing. */
function bound(field: string, none: number): Rule {
  return ({ value, path }, { set, problems }) => {
    if (typeof value !== 'number') return problems.error(path, 'INVALID_TYPE', 'Must be a number.');
    set(field, value === -1 ? none : value, path);
  };
}
