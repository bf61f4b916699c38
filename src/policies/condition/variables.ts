import { assuranceLevel } from '../../flow/assurance.js';
import { authenticatorKindNames } from '../../flow/authenticator-kind-names.js';
import { captchaKey, namedByPasskeyKey, promptDataKey } from '../../flow/context-keys.js';
import { designations } from '../../flow/definition.js';
import type { PolicyInput } from '../../flow/policy-kind.js';
import { kindsOf } from '../../flow/policy-view.js';
import { userKinds } from '../../flow/services/users.js';
import type { FlowUser } from '../../flow/services/users.js';
import { clientKinds } from '../../flow/stage-kind.js';
import type { Json } from '../../kernel/json.js';
import type { Lookups } from './lookups.js';
import type { Raw, ValueType } from './values.js';

/** What variables are read from. */
export interface Known {
  readonly input: PolicyInput;
  readonly lookups: Lookups;
}

export interface Variable {
  readonly name: string;
  readonly type: ValueType;
  readonly description: string;
  /** What to name besides, where the variable stands for many. */
  readonly parameter?: Parameter;
  /** All that an enum can be. */
  readonly options?: readonly string[];
  read(known: Known, parameter: string): Raw | Promise<Raw>;
}

interface Parameter {
  readonly description: string;
  readonly form: RegExp;
}

type About<Thing> = readonly [
  name: string,
  type: ValueType,
  description: string,
  read: (thing: Thing) => Raw,
];

const ofPerson: readonly About<FlowUser>[] = [
  ['id', 'string', 'the id', ({ id }) => id],
  ['username', 'string', 'the username', ({ username }) => username],
  ['name', 'string', 'the name', ({ name }) => name],
  ['email', 'string', 'the e-mail address', ({ email }) => email],
  [
    'emailVerified',
    'boolean',
    'whether mail to the address has been shown to reach them',
    ({ emailVerifiedAt }) => emailVerifiedAt !== null,
  ],
  ['path', 'string', 'where the account stands among others, such as users/external', ({ path }) => path],
  ['isActive', 'boolean', 'whether the account is active', ({ active }) => active],
  ['isSuperuser', 'boolean', 'whether some group makes them an administrator', ({ superuser }) => superuser],
  ['createdAt', 'datetime', 'when the account was made', ({ createdAt }) => createdAt],
  [
    'authenticators',
    'list',
    `the kinds of what they have set up besides a password: of ${authenticatorKindNames.join(', ')}`,
    kindsOf,
  ],
  [
    'groups',
    'list',
    'the names of all groups, inherited ones too',
    ({ groups }) => groups.map(({ name }) => name),
  ],
];

const ofInput: readonly About<PolicyInput>[] = [
  ['request.clientIp', 'ip', 'The address that the request comes from.', ({ client }) => client.address],
  ['request.userAgent', 'string', 'What the client calls itself.', ({ client }) => client.userAgent],
  ['request.signedIn', 'boolean', 'Whether somebody is signed in.', ({ viewer }) => viewer !== null],
  [
    'request.signedInRecently',
    'boolean',
    'Whether somebody is signed in who has proved lately who they are, as far as the settings go for what needs that.',
    ({ signedInRecently }) => signedInRecently,
  ],
  ['request.time', 'datetime', 'Now.', ({ now }) => now],
  [
    'request.country',
    'string',
    'The country of the address, as ISO 3166-1 alpha-2.',
    ({ client }) => client.location?.country,
  ],
  [
    'request.continent',
    'string',
    'The continent of the address: AF, AN, AS, EU, NA, OC or SA.',
    ({ client }) => client.location?.continent,
  ],
  ['request.city', 'string', 'The city of the address.', ({ client }) => client.location?.city],
  [
    'request.asn',
    'number',
    'The number of the autonomous system of the address.',
    ({ client }) => client.location?.asn,
  ],
  [
    'request.organization',
    'string',
    'Whose autonomous system that is.',
    ({ client }) => client.location?.organization,
  ],
  ['flow.slug', 'string', 'The slug of the flow.', ({ flow }) => flow.slug],
  [
    'execution.authenticated',
    'boolean',
    'Whether the execution has verified who the person is.',
    ({ proofs }) => proofs.length > 0,
  ],
  ['execution.methods', 'list', 'By what it was verified, as RFC 8176 names it.', ({ proofs }) => proofs],
  [
    'execution.level',
    'number',
    'How sure the execution is of the person, by what it has verified: 0, 1, or 2 where that was a password and something that they have, or a passkey that they have unlocked.',
    ({ proofs }) => assuranceLevel(proofs),
  ],
  [
    'execution.passwordless',
    'boolean',
    'Whether a passkey has said who the person is, and proved it: nobody had to type anything.',
    ({ proofs, user, context }) =>
      proofs.includes('user') && user !== null && context[namedByPasskeyKey.name] === user.id,
  ],
  [
    'execution.underWay',
    'boolean',
    'Whether this is about a place of a stage: not where it is asked who may use the flow, nor whether an answer is good enough.',
    ({ mayWrite }) => mayWrite,
  ],
  [
    'execution.redirectedFrom',
    'string',
    'The slug of the flow that has led to this one.',
    ({ redirectedFrom }) => redirectedFrom,
  ],
  [
    'execution.restored',
    'boolean',
    'Whether the execution was opened with a link or secret.',
    ({ restored }) => restored,
  ],
];

const fieldKey = /^(?=.{1,100}$)[a-zA-Z][a-zA-Z0-9_]*(\.[a-zA-Z][a-zA-Z0-9_]*){0,9}$/;
const dottedPath = /^[^.]+(\.[^.]+){0,9}$/;

/** Everything that conditions can ask about. */
export const variables: readonly Variable[] = [
  ...ofPerson.map(([name, type, what, read]) =>
    variable(
      `user.${name}`,
      type,
      `Of whom the flow is about: ${what}.`,
      ({ input: { user } }) => user && read(user),
    ),
  ),
  {
    ...variable(
      'user.attributes',
      'any',
      'Of whom the flow is about: what administrators have noted.',
      ({ input: { user } }, path) => member(user?.attributes, path.split('.')),
    ),
    parameter: {
      description: 'A path of at most ten names with dots between them, such as department.name.',
      form: dottedPath,
    },
  },
  {
    ...variable(
      'user.kind',
      'enum',
      'Of whom the flow is about: what kind of account it is.',
      ({ input: { user } }) => user?.kind,
    ),
    options: userKinds,
  },
  variable(
    'user.hasPassword',
    'boolean',
    'Whether the person whom the flow is about has a password.',
    async ({ input: { user }, lookups }) => user && (await lookups.passwordChangedAt()) !== null,
  ),
  variable(
    'user.passwordChangedAt',
    'datetime',
    'When the password of the person whom the flow is about was last set.',
    ({ lookups }) => lookups.passwordChangedAt(),
  ),
  variable(
    'user.lastLogin',
    'datetime',
    'When the person whom the flow is about has last signed in.',
    ({ lookups }) => lookups.lastLogin(),
  ),
  ...ofPerson
    .filter(([name]) => ['id', 'username', 'isSuperuser'].includes(name))
    .map(([name, type, what, read]) =>
      variable(
        `viewer.${name}`,
        type,
        `Of whoever is signed in: ${what}.`,
        ({ input: { viewer } }) => viewer && read(viewer),
      ),
    ),
  ...ofInput.map(([name, type, what, read]) => variable(name, type, what, ({ input }) => read(input))),
  {
    ...variable('request.client', 'enum', 'What sort of client it is.', ({ input }) => input.client.kind),
    options: clientKinds,
  },
  {
    ...variable('flow.designation', 'enum', 'What the flow is for.', ({ input }) => input.flow.designation),
    options: designations,
  },
  {
    ...variable(
      'promptData',
      'string',
      'What the person has filled in, numbers and truth values as text; never a password. As what they are, they can be read as context, with the path promptData and a dot before the key.',
      ({ input: { context } }, key) => member(context[promptDataKey.name], [key]),
    ),
    parameter: { description: 'The key of the prompt field.', form: fieldKey },
  },
  {
    ...variable('context', 'any', 'What the execution knows.', ({ input: { context } }, path) =>
      member(context, path.split('.')),
    ),
    parameter: {
      description: 'A path of at most ten names with dots between them, such as notes.plan.',
      form: dottedPath,
    },
  },
  variable(
    'captcha.score',
    'number',
    'How sure the provider of the last captcha is that there is a person, where it says so.',
    ({ input: { context } }) => member(context[captchaKey.name], ['score']),
  ),
  variable(
    'reputation.address',
    'number',
    'How well the address has behaved lately; below zero is bad.',
    ({ lookups }) => lookups.addressReputation(),
  ),
  variable(
    'reputation.name',
    'number',
    'How well the person, or the name that was typed, has behaved lately; below zero is bad.',
    ({ lookups }) => lookups.nameReputation(),
  ),
  variable(
    'reputation.both',
    'number',
    'The reputation of address and name together; of the address alone where there is no name yet.',
    ({ lookups }) => lookups.reputation(),
  ),
];

const byName = new Map(variables.map((entry) => [entry.name, entry]));

export function variableNamed(name: string): Variable | undefined {
  return byName.get(name);
}

function variable(name: string, type: ValueType, description: string, read: Variable['read']): Variable {
  return { name, type, description, read };
}

/** What is found by these names, one within the other. A name of the context may have dots itself. */
function member(within: Json | undefined, names: readonly string[]): Raw {
  if (names.length === 0) return within;
  if (typeof within !== 'object' || within === null) return undefined;
  const members = new Map(Object.entries(within));
  const taken = names.findLastIndex((_, last) => members.has(names.slice(0, last + 1).join('.')));
  if (taken < 0) return undefined;
  return member(members.get(names.slice(0, taken + 1).join('.')), names.slice(taken + 1));
}
