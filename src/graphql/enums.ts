import { registerEnumType } from 'type-graphql';

import {
  authenticationRequirements,
  deniedActions,
  designations,
  invalidResponseActions,
  layouts,
  policyEngineModes,
} from '../flow/definition.js';
import { clientKinds } from '../flow/stage-kind.js';

/** An enum object whose names are its values. */
function valuesOf<const Values extends readonly string[]>(
  values: Values,
): Record<Values[number], Values[number]> {
  const entries = values.map((value) => [value, value]);
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Seam: fromEntries forgets which keys it was given.
  return Object.fromEntries(entries) as Record<Values[number], Values[number]>;
}

function described<const Values extends readonly string[]>(
  name: string,
  values: Values,
  description: string,
  meanings: Record<Values[number], string>,
): Record<Values[number], Values[number]> {
  const type = valuesOf(values);
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(meanings).map(([value, meaning]) => [value, { description: meaning }]),
  );
  registerEnumType<Record<string, string>>(type, { name, description, valuesConfig });
  return type;
}

export const ClientKind = described('ClientKind', clientKinds, 'How a client keeps its secrets.', {
  BROWSER: 'In HttpOnly cookies, which scripts cannot read.',
  NATIVE: 'Itself: they are returned once, in the response, and no cookie is set.',
});

export const MessageLevel = described(
  'MessageLevel',
  ['INFO', 'SUCCESS', 'WARNING', 'ERROR'],
  'How urgent a message is.',
  {
    INFO: 'Worth knowing.',
    SUCCESS: 'Something has worked.',
    WARNING: 'Something may go wrong.',
    ERROR: 'Something has gone wrong.',
  },
);

export const FlowDesignation = described('FlowDesignation', designations, 'What a flow is for.', {
  AUTHENTICATION: 'Signing in.',
  AUTHORIZATION: 'Agreeing that an application may act for the person.',
  INVALIDATION: 'Signing out.',
  ENROLLMENT: 'Making an account.',
  UNENROLLMENT: 'Deleting an account.',
  RECOVERY: 'Getting back into an account.',
  STAGE_CONFIGURATION: 'Everything else, such as changing a password or setting up a second factor.',
});

export const FlowLayout = described(
  'FlowLayout',
  layouts,
  'A hint for how to lay out the screens of a flow.',
  {
    STACKED: 'The form on top of the background.',
    CONTENT_LEFT: 'The form at the left of the background.',
    CONTENT_RIGHT: 'The form at the right of the background.',
    SIDEBAR_LEFT: 'The form in a bar at the left.',
    SIDEBAR_RIGHT: 'The form in a bar at the right.',
  },
);

export const DeniedAction = described(
  'DeniedAction',
  deniedActions,
  'What happens to somebody whom a flow does not let in.',
  {
    MESSAGE_CONTINUE: 'A message, and on to where they were going.',
    MESSAGE: 'A message.',
    CONTINUE: 'On to where they were going, or to the default.',
  },
);

export const AuthenticationRequirement = described(
  'AuthenticationRequirement',
  authenticationRequirements,
  'What must be true of the caller before a flow begins.',
  {
    NONE: 'Nothing.',
    REQUIRE_AUTHENTICATED: 'Somebody is signed in.',
    REQUIRE_UNAUTHENTICATED: 'Nobody is signed in.',
    REQUIRE_SUPERUSER: 'A superuser is signed in.',
    REQUIRE_REDIRECT: 'Another flow led here.',
    REQUIRE_TOKEN: 'A flow token was brought.',
  },
);

export const InvalidResponseAction = described(
  'InvalidResponseAction',
  invalidResponseActions,
  'What follows an answer that a stage does not accept.',
  {
    RETRY: 'The same stage again.',
    RESTART: 'The flow from its beginning, with nothing remembered.',
    RESTART_WITH_CONTEXT: 'The flow from its beginning, with what it has learnt.',
  },
);

export const PolicyEngineMode = described(
  'PolicyEngineMode',
  policyEngineModes,
  'How several bindings decide together.',
  {
    ANY: 'One that passes is enough.',
    ALL: 'Each must pass.',
  },
);
