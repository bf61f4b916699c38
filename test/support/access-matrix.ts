import { isPermission } from '../../src/identity/permissions.js';
import type { Permission } from '../../src/identity/permissions.js';

/**
 * Who may ask for which field of Query and Mutation, written by hand: the rules of the schema must say the same.
 * `anybody`, `somebody` who is signed in, or the permissions that it takes; behind a `+` those by which one sees what
 * the input refers to; `recently` where the person has to have proved lately who they are.
 */
export const matrix: Readonly<Record<string, string>> = {
  // What flows are run by.
  startFlow: 'anybody',
  submitStage: 'anybody',
  cancelFlow: 'anybody',
  flowExecution: 'anybody',
  defaultFlow: 'anybody',
  viewer: 'anybody',
  blueprintSchema: 'anybody',

  // Flows and what they consist of.
  flow: 'FLOW_VIEW',
  flows: 'FLOW_VIEW',
  lintFlow: 'FLOW_VIEW',
  exportFlow: 'FLOW_VIEW',
  exportFlows: 'FLOW_VIEW',
  rollBackFlow: 'FLOW_CHANGE',
  compareFlowVersions:
    'FLOW_VIEW STAGE_VIEW STAGE_BINDING_VIEW PROMPT_FIELD_VIEW POLICY_VIEW POLICY_BINDING_VIEW',
  createFlow: 'FLOW_ADD',
  updateFlow: 'FLOW_CHANGE',
  deleteFlow: 'FLOW_DELETE',
  duplicateFlow: 'FLOW_ADD STAGE_VIEW STAGE_BINDING_ADD POLICY_BINDING_ADD',
  reorderStageBindings: 'STAGE_BINDING_CHANGE FLOW_VIEW',
  stageBinding: 'STAGE_BINDING_VIEW',
  simulateFlow: 'FLOW_SIMULATE USER_VIEW',
  stage: 'STAGE_VIEW',
  stages: 'STAGE_VIEW',
  createStage: 'STAGE_ADD + FLOW_VIEW',
  createAndBindStage: 'STAGE_ADD STAGE_BINDING_ADD FLOW_VIEW',
  updateStage: 'STAGE_CHANGE',
  deleteStage: 'STAGE_DELETE',
  bindStage: 'STAGE_BINDING_ADD FLOW_VIEW STAGE_VIEW',
  updateStageBinding: 'STAGE_BINDING_CHANGE',
  unbindStage: 'STAGE_BINDING_DELETE',
  promptField: 'PROMPT_FIELD_VIEW',
  promptFields: 'PROMPT_FIELD_VIEW',
  previewPromptField: 'PROMPT_FIELD_CHANGE USER_VIEW',
  createPromptField: 'PROMPT_FIELD_ADD',
  updatePromptField: 'PROMPT_FIELD_CHANGE',
  deletePromptField: 'PROMPT_FIELD_DELETE',

  // Policies.
  policy: 'POLICY_VIEW',
  policies: 'POLICY_VIEW',
  policyVocabulary: 'POLICY_VIEW',
  expressionDeclarations: 'POLICY_VIEW',
  createPolicy: 'POLICY_ADD',
  updatePolicy: 'POLICY_CHANGE',
  deletePolicy: 'POLICY_DELETE',
  testPolicy: 'POLICY_CHANGE USER_VIEW',
  testPolicyDraft: 'POLICY_CHANGE USER_VIEW',
  policyBinding: 'POLICY_BINDING_VIEW',
  bindPolicy: 'POLICY_BINDING_ADD + FLOW_VIEW POLICY_VIEW',
  updatePolicyBinding: 'POLICY_BINDING_CHANGE',
  unbindPolicy: 'POLICY_BINDING_DELETE',

  // People.
  group: 'GROUP_VIEW',
  groups: 'GROUP_VIEW',
  createGroup: 'GROUP_ADD, recently',
  updateGroup: 'GROUP_CHANGE, recently',
  deleteGroup: 'GROUP_DELETE, recently',
  addGroupMembers: 'GROUP_CHANGE USER_VIEW, recently',
  removeGroupMembers: 'GROUP_CHANGE USER_VIEW, recently',
  user: 'USER_VIEW',
  users: 'USER_VIEW',
  createUser: 'USER_ADD + GROUP_CHANGE, recently',
  updateUser: 'USER_CHANGE, recently',
  deleteUser: 'USER_DELETE, recently',
  setUserPassword: 'USER_RESET, recently',
  markPasswordCompromised: 'USER_RESET, recently',
  createRecoveryLink: 'USER_RESET, recently',
  revokeConsent: 'somebody',
  renameAuthenticator: 'somebody, recently',
  removeAuthenticator: 'somebody, recently',
  deleteAuthenticator: 'AUTHENTICATOR_DELETE, recently',

  // Invitations.
  invitation: 'INVITATION_VIEW',
  invitations: 'INVITATION_VIEW',
  createInvitation: 'INVITATION_ADD + FLOW_VIEW, recently',
  updateInvitation: 'INVITATION_CHANGE + FLOW_VIEW, recently',
  sendInvitation: 'INVITATION_CHANGE, recently',
  deleteInvitation: 'INVITATION_DELETE',

  // Sessions and API tokens.
  sessions: 'SESSION_VIEW',
  endSession: 'SESSION_DELETE',
  endUserSessions: 'SESSION_DELETE USER_VIEW',
  mySessions: 'somebody',
  endMySession: 'somebody',
  endMyOtherSessions: 'somebody',
  apiTokens: 'API_TOKEN_VIEW',
  myApiTokens: 'somebody',
  createApiToken: 'somebody, recently',
  updateApiToken: 'somebody, recently',
  deleteApiToken: 'somebody',

  // Documents of flows: what else it takes to apply one, depends on what it holds.
  importBlueprint: 'FLOW_VIEW, recently',
  blueprintFiles: 'SETTINGS_VIEW FLOW_VIEW',

  // What holds, and what has happened.
  settings: 'SETTINGS_VIEW',
  updateSettings: 'SETTINGS_CHANGE, recently',
  setDefaultFlow: 'SETTINGS_CHANGE + FLOW_VIEW',
  event: 'EVENT_VIEW',
  events: 'EVENT_VIEW',
  reputations: 'REPUTATION_VIEW',
  forgetReputation: 'REPUTATION_DELETE',
  execution: 'EXECUTION_INSPECT',
  executions: 'EXECUTION_INSPECT',
};

/**
 * Who may ask for the fields of which type, whatever has led to it; for single fields where they have a rule of their
 * own. What is not here is for whoever has reached it.
 */
export const typeMatrix: Readonly<Record<string, string>> = {
  // What flows show to their clients.
  FlowExecution: 'anybody',
  'FlowExecution.flowVersion': 'EXECUTION_INSPECT',
  FlowInfo: 'anybody',
  FlowMessage: 'anybody',
  PendingUser: 'anybody',
  ResponseError: 'anybody',
  FlowCompleted: 'anybody',
  FlowDenied: 'anybody',
  FlowCancelled: 'anybody',
  IssuedSession: 'anybody',
  AuthenticatorValidateChallenge: 'anybody',
  AuthenticatorValidateConfig: 'STAGE_VIEW',
  TotpSetupChallenge: 'anybody',
  TotpSetupConfig: 'STAGE_VIEW',
  CaptchaChallenge: 'anybody',
  ConsentChallenge: 'anybody',
  EmailChallenge: 'anybody',
  EmailOtpSetupChallenge: 'anybody',
  StaticSetupChallenge: 'anybody',
  DummyChallenge: 'anybody',
  IdentificationChallenge: 'anybody',
  PasswordChallenge: 'anybody',
  PromptChallenge: 'anybody',
  RedirectChallenge: 'anybody',
  SmsSetupChallenge: 'anybody',
  UserLoginChallenge: 'anybody',
  WebAuthnSetupChallenge: 'anybody',
  'Viewer.permissions': 'somebody',

  // Flows and what they consist of.
  Flow: 'FLOW_VIEW',
  FlowVersion: 'FLOW_VIEW',
  'FlowVersion.document':
    'FLOW_VIEW STAGE_VIEW STAGE_BINDING_VIEW PROMPT_FIELD_VIEW POLICY_VIEW POLICY_BINDING_VIEW',
  'FlowVersion.changes':
    'FLOW_VIEW STAGE_VIEW STAGE_BINDING_VIEW PROMPT_FIELD_VIEW POLICY_VIEW POLICY_BINDING_VIEW',
  FlowStageBinding: 'STAGE_BINDING_VIEW',
  Stage: 'STAGE_VIEW',
  CaptchaConfig: 'STAGE_VIEW',
  ConsentConfig: 'STAGE_VIEW',
  EmailConfig: 'STAGE_VIEW',
  EmailOtpSetupConfig: 'STAGE_VIEW',
  StaticSetupConfig: 'STAGE_VIEW',
  DenyConfig: 'STAGE_VIEW',
  DummyConfig: 'STAGE_VIEW',
  IdentificationConfig: 'STAGE_VIEW',
  PasswordConfig: 'STAGE_VIEW',
  PromptConfig: 'STAGE_VIEW',
  RedirectConfig: 'STAGE_VIEW',
  SmsSetupConfig: 'STAGE_VIEW',
  UserDeleteConfig: 'STAGE_VIEW',
  UserLoginConfig: 'STAGE_VIEW',
  UserLogoutConfig: 'STAGE_VIEW',
  UserWriteConfig: 'STAGE_VIEW',
  WebAuthnSetupConfig: 'STAGE_VIEW',
  InvitationConfig: 'STAGE_VIEW',
  PromptField: 'PROMPT_FIELD_VIEW',

  // Policies.
  Policy: 'POLICY_VIEW',
  PolicyBinding: 'POLICY_BINDING_VIEW',
  ConditionPolicyConfig: 'POLICY_VIEW',
  DummyPolicyConfig: 'POLICY_VIEW',
  EventMatcherPolicyConfig: 'POLICY_VIEW',
  ExpressionPolicyConfig: 'POLICY_VIEW',
  GeoipPolicyConfig: 'POLICY_VIEW',
  PasswordExpiryPolicyConfig: 'POLICY_VIEW',
  PasswordPolicyConfig: 'POLICY_VIEW',
  ReputationPolicyConfig: 'POLICY_VIEW',
  UniquePasswordPolicyConfig: 'POLICY_VIEW',

  // People.
  Group: 'GROUP_VIEW',
  'Group.members': 'GROUP_VIEW USER_VIEW',
  User: 'USER_VIEW',
  'User.groups': 'USER_VIEW GROUP_VIEW',
  'User.consents': 'USER_VIEW CONSENT_VIEW',
  'User.authenticators': 'USER_VIEW AUTHENTICATOR_VIEW',
  Invitation: 'INVITATION_VIEW',

  // What holds, and what has happened.
  Settings: 'SETTINGS_VIEW',
  DefaultFlow: 'SETTINGS_VIEW',
  Event: 'EVENT_VIEW',
  Reputation: 'REPUTATION_VIEW',
  InspectedExecution: 'EXECUTION_INSPECT',
};

export interface Line {
  readonly who: 'anybody' | 'somebody' | 'permitted';
  /** What the rule of the field asks for. */
  readonly permissions: readonly Permission[];
  /** What sight of the things that the input refers to takes. */
  readonly sight: readonly Permission[];
  readonly recent: boolean;
}

export function lineOf(text: string): Line {
  const [whoever = '', recently] = text.split(', ');
  const recent = recently !== undefined;
  if (whoever === 'anybody' || whoever === 'somebody')
    return { who: whoever, permissions: [], sight: [], recent };
  const [permissions = [], sight = []] = whoever.split(' + ').map((part) => part.split(' ').map(known));
  return { who: 'permitted', permissions, sight, recent };
}

function known(name: string): Permission {
  if (isPermission(name)) return name;
  throw new Error(`there is no permission ${name}`);
}
