import { personFields } from './questions.js';
import type { PersonField } from './questions.js';
import { constant } from './values.js';
import type { FunctionName, Value } from './values.js';

const func = (name: FunctionName): readonly [string, Value] => [name, { type: 'function', name }];

/** What every expression can name without saying where it comes from, besides what it has to ask for. */
export const given: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['request', { type: 'request' }],
  ['context', { type: 'context', of: 'request' }],
  ['http_request', { type: 'httpRequest' }],
  ...(['bool', 'str', 'hasattr', 'getattr', 'ak_message', 'ak_user_by'] as const).map(func),
]);

/** Whether an external source has led here. */
export const EXTERNAL = 'ak_is_sso_flow';

/** The attribute of a person that says whether they may change a field. */
export function changeAttribute(field: PersonField): string {
  return `goauthentik.io/user/can-change-${field}`;
}

/** The setting that says so for everybody of whom nothing else is said. */
export function changeSetting(field: PersonField): string {
  return `default_user_change_${field}`;
}

export function fieldWith(name: string, nameOf: (field: PersonField) => string): PersonField | undefined {
  return personFields.find((field) => nameOf(field) === name);
}

const modules: ReadonlyMap<string, ReadonlyMap<string, Value>> = new Map([
  [
    'authentik.core.models',
    new Map(
      personFields.map((field) => [
        `USER_ATTRIBUTE_CHANGE_${field.toUpperCase()}`,
        constant(changeAttribute(field)),
      ]),
    ),
  ],
  ['authentik.admin.utils', new Map([func('get_system_settings')])],
  ['authentik.lib.config', new Map<string, Value>([['CONFIG', { type: 'configuration' }]])],
]);

/** What can be had from a module under a name. */
export function imported(module: string, name: string): Value | undefined {
  return modules.get(module)?.get(name);
}
