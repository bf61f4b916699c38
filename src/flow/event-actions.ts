/** What the event log tells of; each with what it means to whoever reads it. */
export const eventActions = {
  LOGIN: 'Somebody has signed in: a session was opened, from where and by which methods.',
  LOGIN_FAILED: 'A password was wrong. Without a person where what was typed before it names nobody.',
  EMAIL_VERIFIED: 'Somebody has shown that mail to an address reaches them: by the code or the link in one.',
  EMAIL_CODE_FAILED: 'A code from a mail was wrong.',
  SECOND_FACTOR_FAILED:
    'What should have proved that somebody has one of their authenticators was wrong: which one.',
  AUTHENTICATOR_DISABLED: 'An authenticator was wrong so often that it has to be set up anew.',
  AUTHENTICATOR_ADDED: 'Somebody has set up an authenticator: of which kind.',
  AUTHENTICATOR_CHANGED: 'An authenticator was renamed or removed: by whom.',
  LOGOUT: 'Somebody has signed out.',
  USER_WRITTEN: 'An account was made or changed, and which of its fields were written.',
  USER_DELETED: 'An account was deleted, by whom.',
  PASSWORD_SET: 'An account was given a password.',
  PASSWORD_COMPROMISED: 'An administrator has noted that others know a password: it proves nothing any more.',
  SESSION_ENDED: 'A session was ended from elsewhere: by an administrator, or by its own person.',
  API_TOKEN_CHANGED: 'An API token was made, changed or deleted: by whom.',
  RECOVERY_LINK_CREATED: 'An administrator has made a link by which somebody can recover their account.',
  GROUP_CHANGED:
    'A group was made, changed or deleted, or people joined or left it: by whom, and what is new.',
  DEFINITION_CHANGED:
    'A flow, a stage, a prompt field, a policy or a binding was made, changed or deleted: by whom, and which fields.',
  BLUEPRINT_APPLIED:
    'A document of flows was applied: which one, by whom, and how many objects it has made, changed and deleted.',
  BLUEPRINT_FAILED:
    'A document of flows could not be applied, and nothing of it was: which one, by whom, and where what is wrong.',
  FLOW_ROLLED_BACK:
    'A flow was made what it had been in an earlier version: by whom, and in which. What that has changed is told as well.',
  SETTINGS_CHANGED: 'What holds for the whole installation was changed: by whom, and which fields.',
  KEYS_ROTATED:
    'What was sealed with an older secret key has been sealed anew with the first one: how much of what, and the name of the key.',
  INVITATION_CHANGED: 'An invitation was made, changed or deleted: by whom, and which fields.',
  INVITATION_USED: 'An account was made with an invitation.',
  MAIL_SENT: 'A mail was sent: which one. What it said is not told.',
  MAIL_FAILED:
    'A mail was given up: it was tried often enough, or would have come too late. Which one, and why.',
  TEXT_SENT: 'A text message was sent: for which stage. Neither the number nor what it said is told.',
  TEXT_FAILED:
    'A text message was given up: its provider has refused it, it was tried often enough, or would have come too late. For which stage, and why.',
  CONSENT_GRANTED: 'Somebody has agreed to what a stage asked for, and until when that is remembered.',
  CONSENT_REVOKED: 'What somebody had agreed to was revoked: by themselves, or by an administrator.',
  REPUTATION_FORGOTTEN: 'An administrator has had it forgotten how addresses have behaved.',
  CAPTCHA_UNAVAILABLE:
    'A captcha could not be checked: its provider has given no answer that can be relied on. Meanwhile nobody passes it.',
  CONFIGURATION_ERROR: 'A flow has ended because it cannot work as it is configured.',
  POLICY_ERROR: 'A policy came to no verdict; its binding counted as its failure result says.',
  EXPRESSION_ERROR:
    'An expression of a prompt field came to no value that it could be used as; what is written in its place stood.',
  POLICY_EVALUATED: 'A policy that is to be recorded was asked: what it was told, and what it came to.',
} as const;

export type EventAction = keyof typeof eventActions;

/** What a policy wanted to have recorded, under a name of its own. */
export type CustomEventAction = `CUSTOM:${string}`;

/** Whether events can be called like this: as in the table, or `CUSTOM:` and a name. */
export function isEventAction(text: string): text is EventAction | CustomEventAction {
  return Object.hasOwn(eventActions, text) || /^CUSTOM:.{1,100}$/su.test(text);
}
