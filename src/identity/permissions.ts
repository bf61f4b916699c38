/**
 * What can be granted to a group, each with what its members may do then. Superusers may do all of it. Whoever may
 * change flows, stages, policies or their bindings decides who gets in and how, and so can become anybody.
 */
export const permissions = {
  FLOW_VIEW: 'See flows.',
  FLOW_ADD: 'Make flows.',
  FLOW_CHANGE: 'Change flows.',
  FLOW_DELETE: 'Delete flows.',
  FLOW_SIMULATE: 'Run flows without anything coming of it, as anybody.',
  STAGE_VIEW: 'See stages.',
  STAGE_ADD: 'Make stages.',
  STAGE_CHANGE: 'Change stages.',
  STAGE_DELETE: 'Delete stages.',
  STAGE_BINDING_VIEW: 'See the places of stages in flows.',
  STAGE_BINDING_ADD: 'Make the places of stages in flows.',
  STAGE_BINDING_CHANGE: 'Change the places of stages in flows.',
  STAGE_BINDING_DELETE: 'Delete the places of stages in flows.',
  PROMPT_FIELD_VIEW: 'See prompt fields.',
  PROMPT_FIELD_ADD: 'Make prompt fields.',
  PROMPT_FIELD_CHANGE: 'Change prompt fields.',
  PROMPT_FIELD_DELETE: 'Delete prompt fields.',
  POLICY_VIEW: 'See policies.',
  POLICY_ADD: 'Make policies.',
  POLICY_CHANGE: 'Change policies.',
  POLICY_DELETE: 'Delete policies.',
  POLICY_BINDING_VIEW: 'See what guards flows and stages.',
  POLICY_BINDING_ADD: 'Make what guards flows and stages.',
  POLICY_BINDING_CHANGE: 'Change what guards flows and stages.',
  POLICY_BINDING_DELETE: 'Delete what guards flows and stages.',
  USER_VIEW: 'See accounts.',
  USER_ADD: 'Make accounts.',
  USER_CHANGE: 'Change accounts.',
  USER_DELETE: 'Delete accounts.',
  USER_RESET: "Set people's passwords, mark them as known to others, and make links for recovery.",
  GROUP_VIEW: 'See groups, what they are granted and who is in them.',
  GROUP_ADD: 'Make groups, what they are granted and who is in them.',
  GROUP_CHANGE: 'Change groups, what they are granted and who is in them.',
  GROUP_DELETE: 'Delete groups, what they are granted and who is in them.',
  INVITATION_VIEW: 'See invitations.',
  INVITATION_ADD: 'Make invitations.',
  INVITATION_CHANGE: 'Change invitations.',
  INVITATION_DELETE: 'Delete invitations.',
  CONSENT_VIEW: 'See what people have agreed to.',
  CONSENT_DELETE: 'Revoke what people have agreed to.',
  SESSION_VIEW: "See everybody's sessions.",
  SESSION_DELETE: "End anybody's sessions.",
  API_TOKEN_VIEW: "See everybody's API tokens; never their secrets.",
  API_TOKEN_DELETE: "Delete anybody's API tokens.",
  AUTHENTICATOR_VIEW: 'See what people have set up to prove who they are; never a secret.',
  AUTHENTICATOR_DELETE: 'Remove what people have set up to prove who they are.',
  SETTINGS_VIEW: 'See what holds for the whole installation.',
  SETTINGS_CHANGE: 'Change what holds for the whole installation.',
  EVENT_VIEW: 'Read the event log.',
  REPUTATION_VIEW: 'See how addresses have behaved.',
  REPUTATION_DELETE: 'Forget how addresses have behaved.',
  EXECUTION_INSPECT: 'See what executions have done, and where they stand.',
} as const;

export type Permission = keyof typeof permissions;

/** All of them. */
export const permissionNames = Object.keys(permissions).filter(isPermission);

export function isPermission(text: string): text is Permission {
  return Object.hasOwn(permissions, text);
}

/** These, and the right to see what they are about: whoever may change something may see it. */
export function withImplied(granted: readonly Permission[]): ReadonlySet<Permission> {
  const all = new Set<Permission>();
  for (const permission of granted) {
    all.add(permission);
    const view = permission.replace(/_[A-Z]+$/, '_VIEW');
    if (isPermission(view)) all.add(view);
  }
  return all;
}
