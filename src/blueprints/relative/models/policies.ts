import type { Given } from '../entry.js';
import { failingExpression } from '../expressions/failing.js';
import { translateExpression } from '../expressions/translate.js';
import { flag, leftOut, meaningless, same } from '../rules.js';
import type { Rule, Rules, Writing } from '../rules.js';
import { isList, isMembers } from '../value.js';
import { policy } from './model.js';
import type { Model } from './model.js';
import { fieldKey } from './prompt-field.js';

/** What every policy has there. */
const common: Rules = { execution_logging: flag('executionLogging') };

/** Which field of a form it is about. */
const passwordField: Rule = ({ value, path }, { problems, set }) => {
  if (typeof value === 'string') set('passwordField', fieldKey(value), path);
  else problems.error(path, 'INVALID_TYPE', 'Must be the key of a prompt field.');
};

/** A number, and what becomes of it. */
function counted(field: string, count: (given: number) => number): Rule {
  return ({ value, path }, { problems, set }) => {
    if (typeof value === 'number' && Number.isInteger(value)) set(field, count(value), path);
    else problems.error(path, 'INVALID_TYPE', 'Must be a whole number.');
  };
}

const SHORTEST_PASSWORD = 8;

export const password = policy('password', {
  ...common,
  password_field: passwordField,
  check_static_rules: ({ value, path }, { problems }) => {
    if (value !== true) problems.warning(path, 'How long a password is, and of what, is always looked at.');
  },
  length_min: ({ value, path }, writing) => {
    if (typeof value === 'number' && value < SHORTEST_PASSWORD) {
      writing.problems.warning(path, `No password is shorter than ${SHORTEST_PASSWORD} characters here.`);
      writing.set('minLength', SHORTEST_PASSWORD, path);
    } else same('minLength')({ value, path }, writing);
  },
  amount_digits: same('minDigits'),
  amount_lowercase: same('minLowercase'),
  amount_uppercase: same('minUppercase'),
  amount_symbols: same('minSymbols'),
  symbol_charset: same('symbolCharacters'),
  error_message: same('errorMessage'),
  check_have_i_been_pwned: flag('checkBreaches'),
  hibp_allowed_count: same('allowedBreaches'),
  check_zxcvbn: flag('checkStrength'),
  // What is not more than this fails there; here it is the least that passes.
  zxcvbn_score_threshold: counted('minStrength', (threshold) => threshold + 1),
});

export const reputation = policy('reputation', {
  ...common,
  check_ip: flag('checkAddress'),
  check_username: flag('checkIdentifier'),
  threshold: same('threshold'),
});

export const expiry = policy(
  'password-expiry',
  {
    ...common,
    days: ({ value, path }, { problems, set }) => {
      if (typeof value === 'number' && Number.isInteger(value)) set('maxAge', `P${value}D`, path);
      else problems.error(path, 'INVALID_TYPE', 'Must be a number of days.');
    },
    deny_only: meaningless,
  },
  ({ entry: { fields, path }, problems }) => {
    const said = fields.get('deny_only');
    if (said?.value === true) return;
    problems.warning(
      said?.path ?? path,
      'A password that is too old does not pass, and stays what it is: it is not made unusable.',
    );
  },
);

export const uniquePassword = policy(
  'unique-password',
  {
    ...common,
    password_field: passwordField,
    // The current one is not among them there; here it is, and is never good again.
    num_historical_passwords: counted('count', (earlier) => earlier + 1),
  },
  ({ entry: { fields, path }, problems }) => {
    if (fields.has('num_historical_passwords')) return;
    problems.warning(
      path,
      'Where it is made, it is only about the present password: say `num_historical_passwords` for those before it.',
    );
  },
);

export const geoip = policy('geoip', {
  ...common,
  asns: same('asns'),
  countries: ({ value, path }, writing) => {
    const codes = isList(value) ? value.map((one) => (isMembers(one) ? (one.code ?? null) : one)) : value;
    same('countries')({ value: codes, path }, writing);
  },
  countries_obj: meaningless,
  check_history_distance: flag('checkHistoryDistance'),
  history_max_distance_km: same('historyMaxDistanceKm'),
  distance_tolerance_km: same('distanceToleranceKm'),
  history_login_count: same('historyLoginCount'),
  check_impossible_travel: flag('checkImpossibleTravel'),
  impossible_tolerance_km: same('impossibleToleranceKm'),
});

export const dummy = policy('dummy', {
  ...common,
  result: flag('result'),
  wait_min: leftOut('It does not wait.', 0),
  wait_max: leftOut('It does not wait.', 0),
});

/** Code is not run: it is recognised by what it means, or kept as a policy that always fails. */
export const expression: Model = {
  type: 'policy',
  key: 'name',
  rules: { ...common, expression: translated },
};

function translated({ value, path }: Given, { problems, set }: Writing): void {
  if (typeof value !== 'string') return problems.error(path, 'INVALID_TYPE', 'Must be text.');
  const understood = translateExpression(value);
  const { kind, config, note } = understood ?? failingExpression(value);
  if (!understood) {
    const message =
      'This code is not run here, and what it means is not known: in its place is a policy that always fails, so that nothing is let by. Write it anew.';
    problems.warning(path, message);
  }
  if (note !== null) problems.warning(path, note);
  set('kind', kind, path);
  for (const [field, part] of Object.entries(config)) set(field, part, path);
}

/** Whether an expression decides nothing here, and always fails. */
export function failsAlways(source: Given | undefined): boolean {
  return typeof source?.value !== 'string' || translateExpression(source.value) === undefined;
}
