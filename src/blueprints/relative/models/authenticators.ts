import type { Path } from '../../problem.js';
import type { Given, Value } from '../entry.js';
import { allRenamed, duration, leftOut, meaningless, references, refused, renamed, same } from '../rules.js';
import type { Rules, Writing } from '../rules.js';
import { Named } from '../entry.js';
import { isList } from '../value.js';
import { mailRules } from './mail-settings.js';
import { stage } from './model.js';

const TEN_MINUTES = 600;
const GUESSES = 'How often may be guessed is for the service to decide, for everybody alike.';

/** What every stage that sets something up has there. */
export const setupRules: Rules = {
  configure_flow: leftOut(
    'Clients are not told by which flow something is set up: they start it by its slug.',
  ),
  friendly_name: leftOut('Authenticators are called by their kind, or as their person wants.'),
};

const verifications = { required: 'REQUIRED', preferred: 'PREFERRED', discouraged: 'DISCOURAGED' };
const hints = { 'security-key': 'SECURITY_KEY', 'client-device': 'CLIENT_DEVICE', hybrid: 'HYBRID' };

export const validation = stage('authenticator-validate', {
  device_classes: deviceClasses,
  not_configured_action: renamed('notConfiguredAction', {
    skip: 'SKIP',
    deny: 'DENY',
    configure: 'CONFIGURE',
  }),
  configuration_stages: references('setupStageIds', 'stage'),
  last_auth_threshold: duration('rememberFor'),
  webauthn_user_verification: renamed('userVerification', verifications),
  webauthn_hints: allRenamed('passkeyHints', hints),
  webauthn_allowed_device_types: passkeyModels,
  email_otp_throttling_factor: leftOut(GUESSES, 1),
  sms_otp_throttling_factor: leftOut(GUESSES, 1),
  totp_otp_throttling_factor: leftOut(GUESSES, 1),
  static_otp_throttling_factor: leftOut(GUESSES, 1),
});

export const staticSetup = stage('static-setup', {
  ...setupRules,
  token_count: same('tokenCount'),
  token_length: leftOut('How long recovery codes are is not for a stage to decide.', 12),
});

export const totpSetup = stage('totp-setup', {
  ...setupRules,
  digits: ({ value, path }, { set, problems }) => {
    if (value === 6 || value === '6') set('digits', 6, path);
    else if (value === 8 || value === '8') set('digits', 8, path);
    else problems.error(path, 'INVALID_VALUE', 'Must be 6 or 8.');
  },
});

export const webAuthnSetup = stage('web-authn-setup', {
  ...setupRules,
  user_verification: renamed('userVerification', verifications),
  resident_key_requirement: renamed('residentKey', verifications),
  authenticator_attachment: ({ value, path }, writing) => {
    if (value === null || value === '') writing.set('authenticatorAttachment', null, path);
    else {
      const attachments = { platform: 'PLATFORM', 'cross-platform': 'CROSS_PLATFORM' };
      renamed('authenticatorAttachment', attachments)({ value, path }, writing);
    }
  },
  hints: allRenamed('hints', hints),
  device_type_restrictions: passkeyModels,
  prevent_duplicate_devices: leftOut('Only the very same passkey counts as set up already.', false),
  max_attempts: same('maxAttempts'),
});

export const emailOtpSetup = stage('email-otp-setup', {
  ...setupRules,
  ...mailRules,
  token_expiry: duration('lifetime', { least: 60, most: TEN_MINUTES }),
});

export const smsSetup = stage(
  'sms-setup',
  {
    ...setupRules,
    provider: renamed('provider', { twilio: 'TWILIO', generic: 'GENERIC' }),
    from_number: same('fromNumber'),
    auth_type: renamed('authType', { basic: 'BASIC', bearer: 'BEARER' }),
    // These three mean one thing or another, as the provider goes.
    ...{ account_sid: meaningless, auth: meaningless, auth_password: meaningless },
    verify_only: refused(
      'Numbers that are only verified, and no second factor afterwards, are not known here.',
      false,
    ),
    mapping: leftOut('What is sent to the provider is always the same: from, to and text.'),
  },
  ({ entry: { fields }, problems, set, secret }) => {
    const [provider, sid, auth, password] = ['provider', 'account_sid', 'auth', 'auth_password'].map((name) =>
      fields.get(name),
    );
    if (provider?.value === 'twilio') {
      if (sid && typeof sid.value === 'string') set('accountSid', sid.value, sid.path);
      if (auth) secret('secretKey', auth);
      return;
    }
    if (provider?.value !== 'generic') {
      const given = [sid, auth, password].find((one) => one !== undefined);
      if (given)
        problems.error(given.path, 'REQUIRED', 'What this means depends on `provider`: say it as well.');
      return;
    }
    if (sid && typeof sid.value === 'string') set('url', sid.value, sid.path);
    const isBearer = fields.get('auth_type')?.value === 'bearer';
    if (!isBearer) {
      const path: Path = fields.get('auth_type')?.path ?? provider.path;
      set('authType', 'BASIC', path);
      if (auth && typeof auth.value === 'string') set('username', auth.value, auth.path);
    }
    const key = isBearer ? auth : password;
    if (key && key.value !== '') secret('secretKey', key);
  },
);

const classes: Readonly<Record<string, string>> = {
  static: 'STATIC',
  totp: 'TOTP',
  webauthn: 'WEBAUTHN',
  sms: 'SMS',
  email: 'EMAIL',
};

/** Nobody has a device of Duo here: it counts for nothing, and something else has to. */
function deviceClasses({ value, path }: Given, writing: Writing): void {
  const wanted = isList(value) ? value : [value];
  const others = wanted.filter((one) => one !== 'duo');
  if (others.length === 0) {
    return writing.problems.unsupported(path, 'Only Duo would count, and there is none here.');
  }
  if (others.length < wanted.length) {
    writing.problems.warning(path, 'There are no devices of Duo here; the other kinds count.');
  }
  allRenamed('kinds', classes)({ value: others, path }, writing);
}

const MODEL = 'authentik_stages_authenticator_webauthn.webauthndevicetype';
const ANY_UNKNOWN = '00000000-0000-0000-0000-000000000000';

/** Models of passkeys, by AAGUID, which is their key there as well. */
function passkeyModels({ value, path }: Given, { problems, set }: Writing): void {
  if (!isList(value)) return problems.error(path, 'INVALID_TYPE', 'Must be a list.');
  const all = value.map(aaguidOf);
  const known = all.flatMap((one) => (one === undefined ? [] : [one]));
  if (known.length < all.length) {
    return problems.unsupported(path, `Models are known by their AAGUID: !Find [${MODEL}, [aaguid, …]].`);
  }
  const kept = known.filter((one) => one !== ANY_UNKNOWN);
  // Without it the list would be empty, and an empty list allows every model.
  if (kept.length === 0 && known.length > 0) {
    return problems.unsupported(path, 'Models that nobody knows cannot be allowed and all others not.');
  }
  if (kept.length < known.length) problems.warning(path, 'Models that nobody knows are not allowed here.');
  set('allowedModels', kept, path);
}

function aaguidOf(value: Value): string | undefined {
  if (typeof value === 'string') return value.toLowerCase();
  if (!(value instanceof Named) || value.reference.to !== 'found' || value.reference.model !== MODEL)
    return undefined;
  const { aaguid, ...others } = value.reference.criteria;
  return typeof aaguid === 'string' && Object.keys(others).length === 0 ? aaguid.toLowerCase() : undefined;
}

/** Whether a validation stage of the document lets only some passkeys count. */
export function restrictsPasskeys(value: Value | undefined): boolean {
  return value !== undefined && !(isList(value) && value.length === 0);
}
