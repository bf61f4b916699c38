import type { Effect } from './effect.js';

/** Every effect, and what it does. */
export const effectKinds = {
  createUser: 'Makes an account.',
  updateUser: 'Changes an account.',
  deleteUser: 'Deletes an account.',
  setPassword: 'Gives an account a password.',
  rehashPassword: 'Keeps a password, under a newer scheme.',
  openSession: 'Signs the person in.',
  endSession: 'Ends a session.',
  endOtherSessions: "Ends a person's sessions on other clients.",
  shutOutOthers: "Ends a person's other sessions and flows, and spoils the links that they were sent.",
  forgetGuesses: 'Forgets the wrong guesses before one that was right.',
  changeReputation: 'Notes how an address has behaved towards a name.',
  consumeFlowToken: 'Uses a flow token up.',
  consumeInvitation: 'Counts an account that is made with an invitation.',
  sendMail: 'Puts a mail into the outbox.',
  issueMailLink: 'Makes the link that a mail holds.',
  confirmMailLink: 'Uses the link in a mail up, and lets what waits for it go on.',
  verifyEmail: 'Notes that mail to an address reaches its person.',
  grantConsent: 'Remembers what somebody has agreed to.',
  useOnce: 'Uses something up that is good only once.',
  addAuthenticator: 'Gives a person an authenticator.',
  useAuthenticator: 'Notes that an authenticator was used, and uses up what was shown of it.',
  expectAuthenticators: 'Makes sure that a person has not set up another authenticator meanwhile.',
  rememberBrowser: 'Remembers that a browser has shown a second factor.',
  sendText: 'Puts a text message into the outbox.',
  recordEvent: 'Writes to the event log.',
} as const satisfies Readonly<Record<Effect['type'], string>>;

export function isEffectKind(kind: string): kind is Effect['type'] {
  return Object.hasOwn(effectKinds, kind);
}
