import { authenticatorKindNames } from '../flow/authenticator-kind-names.js';
import { registerEnumType } from 'type-graphql';

import {
  authenticationRequirements,
  deniedActions,
  designations,
  invalidResponseActions,
  layouts,
  policyEngineModes,
} from '../flow/definition.js';
import { changeKinds, objectTypes } from '../flow/change.js';
import { answerFates } from '../flow/engine.js';
import { languages } from '../kernel/language.js';
import { executionStates, stageOutcomes, stepKinds } from '../flow/inspection.js';
import { differenceKinds } from '../blueprints/differences.js';
import { flowVersionReasonMeanings } from '../flow/flow-versions.js';
import { flowWarnings } from '../flow/lint.js';
import { invitationOrders } from '../flow/invitation-store.js';
import { invitationStates } from '../flow/invitation.js';
import { userKinds } from '../flow/services/users.js';
import { clientKinds } from '../flow/stage-kind.js';
import { flowEvents, policyMoments, stageEvents } from '../flow/trace.js';
import { permissionNames, permissions } from '../identity/permissions.js';

/** An enum object whose names are its values. */
function valuesOf<const Values extends readonly string[]>(
  values: Values,
): Record<Values[number], Values[number]> {
  const entries = values.map((value) => [value, value]);
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Seam: fromEntries forgets which keys it was given.
  return Object.fromEntries(entries) as Record<Values[number], Values[number]>;
}

/** An enum whose values are explained where they are declared. */
export function declared(
  name: string,
  description: string,
  meanings: Readonly<Record<string, string>>,
): Record<string, string> {
  return described(name, Object.keys(meanings), description, meanings);
}

export function described<const Values extends readonly string[]>(
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

export const Permission = described(
  'Permission',
  permissionNames,
  'What can be granted to a group. Whoever may do something to objects may see them as well.',
  permissions,
);
export const FlowWarningCode = declared(
  'FlowWarningCode',
  'What is worth a second look in a flow.',
  flowWarnings,
);

export const ObjectTypeEnum = declared('ObjectType', 'What the event log tells changes of.', objectTypes);

export const ChangeKindEnum = declared('ChangeKind', 'In what way something was changed.', changeKinds);

export const FlowVersionReason = declared(
  'FlowVersionReason',
  'Why there is a version of a flow.',
  flowVersionReasonMeanings,
);

export const DifferenceKind = declared('DifferenceKind', 'In what way something differs.', differenceKinds);

export const UserKindEnum = described(
  'UserKind',
  userKinds,
  'What kind of account it is. It gives and takes nothing by itself; policies can ask for it.',
  {
    INTERNAL: "Somebody of one's own house.",
    EXTERNAL: 'Somebody from outside.',
    SERVICE_ACCOUNT: 'No person: something that acts by itself.',
  },
);

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

export const PolicyMoment = described('PolicyMoment', policyMoments, 'What a policy was asked.', {
  ENTRY: 'Who may use the flow.',
  PLAN: 'Whether a stage is to be part of the plan.',
  RUN: 'Whether a stage applies, now that its turn has come.',
  ANSWER: 'Whether an answer to a stage is good enough.',
});

export const StageEventKind = described('StageEventKind', stageEvents, 'What became of a stage.', {
  REMOVED: 'A policy took it out when the flow was planned.',
  SKIPPED: 'A policy took it out when its turn came.',
  PRECEDED: 'It has put other stages before itself.',
  ASKED: 'It asked the person for something.',
  PASSED: 'It was passed.',
  STAYED:
    'It was asked for something else than to let the person pass, such as another mail, and goes on asking.',
  REFUSED: 'It did not accept an answer.',
  DENIED: 'It did not let the person go on.',
});

export const FlowEventKind = described('FlowEventKind', flowEvents, 'What became of a flow.', {
  PLANNED: 'Its stages were chosen.',
  RESUMED: 'It went on where it had been put aside, by a flow token.',
  RESTARTED: 'It began again.',
  ENTERED: 'A stage of another flow led here.',
  RETURNED: 'It went on where it had left off, once another flow had ended.',
  COMPLETED: 'It reached its end.',
  DENIED: 'It was denied.',
  CANCELLED: 'It was abandoned.',
});

export const ExecutionState = described('ExecutionState', executionStates, 'Where an execution stands.', {
  RUNNING: 'It waits for an answer.',
  COMPLETED: 'It reached its end.',
  DENIED: 'It was denied.',
  CANCELLED: 'It was abandoned.',
  EXPIRED: 'It waited for an answer that did not come in time.',
});

export const StepKind = described('StepKind', stepKinds, 'What a client was told to do next.', {
  CHALLENGE: 'To answer a challenge.',
  COMPLETED: 'Nothing: the flow has reached its end.',
  DENIED: 'Nothing: the flow was denied.',
  CANCELLED: 'Nothing: the flow was abandoned.',
});

export const StageOutcome = described('StageOutcome', stageOutcomes, 'How far a planned stage has come.', {
  PASSED: 'It was passed.',
  SKIPPED: 'A policy took it out when its turn came.',
  CURRENT: 'The execution waits at it.',
  AHEAD: 'It was not got past: its turn has not come, or the flow has ended before.',
});

export const InvitationState = described(
  'InvitationState',
  invitationStates,
  'Whether an invitation still lets anybody in.',
  {
    OPEN: 'It does.',
    USED: 'It was for one account only, and that has been made.',
    EXPIRED: 'Its time has passed.',
  },
);

export const InvitationOrder = described('InvitationOrder', invitationOrders, 'How to order invitations.', {
  NAME_ASC: 'By name.',
  NAME_DESC: 'By name, backwards.',
  CREATED_AT_ASC: 'The oldest first.',
  CREATED_AT_DESC: 'The newest first.',
});

export const LanguageCode = described('Language', languages, 'What people are written to in.', {
  EN: 'English.',
  DE: 'German.',
});

export const SimulatedFate = described('AnswerFate', answerFates, 'How an answer fared.', {
  UNUSED: 'A policy had taken its stage out: nobody looked at it.',
  PASSED: 'Its stage was passed.',
  STAYED: 'It was no attempt, but asked the stage for something else.',
  REFUSED: 'It was not good enough.',
});

export const AuthenticatorKindEnum = described(
  'AuthenticatorKind',
  authenticatorKindNames,
  'What somebody can set up to prove who they are, besides a password.',
  {
    TOTP: 'An app that shows a new code every 30 seconds.',
    STATIC: 'Recovery codes, each of which is good once.',
    WEBAUTHN: 'A passkey or security key.',
    EMAIL: 'An e-mail address that codes are sent to.',
    SMS: 'A telephone that codes are sent to.',
  },
);
