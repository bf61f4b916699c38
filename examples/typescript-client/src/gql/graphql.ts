/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Whether the authenticator is asked what model it is, signed by its maker. */
export type Attestation =
  /** It is asked. Browsers may ask the person whether they mind. */
  | 'DIRECT'
  /** It is not asked. */
  | 'NONE';

/** What must be true of the caller before a flow begins. */
export type AuthenticationRequirement =
  /** Nothing. */
  | 'NONE'
  /** Somebody is signed in. */
  | 'REQUIRE_AUTHENTICATED'
  /** Another flow led here. */
  | 'REQUIRE_REDIRECT'
  /** A superuser is signed in. */
  | 'REQUIRE_SUPERUSER'
  /** A flow token was brought. */
  | 'REQUIRE_TOKEN'
  /** Nobody is signed in. */
  | 'REQUIRE_UNAUTHENTICATED';

/** Where the passkey is to be kept. */
export type AuthenticatorAttachment =
  /** In something that can be carried to another device, such as a security key or a phone. */
  | 'CROSS_PLATFORM'
  /** In the device itself. */
  | 'PLATFORM';

/** What somebody can set up to prove who they are, besides a password. */
export type AuthenticatorKind =
  /** An e-mail address that codes are sent to. */
  | 'EMAIL'
  /** A telephone that codes are sent to. */
  | 'SMS'
  /** Recovery codes, each of which is good once. */
  | 'STATIC'
  /** An app that shows a new code every 30 seconds. */
  | 'TOTP'
  /** A passkey or security key. */
  | 'WEBAUTHN';

/** Asks for something that the person has set up: a code of an app, a recovery code, a passkey, or a code that is sent to them. */
export type AuthenticatorValidateConfigInput = {
  /** The models of passkeys that count, by their AAGUID; empty for any. Default: any. */
  allowedModels?: Array<string> | null | undefined;
  /** Which kinds count. Default: all. */
  kinds?: Array<AuthenticatorKind> | null | undefined;
  /** What becomes of somebody who has none of these. Default: SKIP. */
  notConfiguredAction?: NotConfiguredAction | null | undefined;
  /** In what form browsers are to look for passkeys, the dearest first. Default: none in particular. */
  passkeyHints?: Array<PasskeyHint> | null | undefined;
  /** For how long a browser may pass without a second factor once its person has shown one there, and has asked to be remembered. PT0S does not offer it. Default: PT0S. */
  rememberFor?: string | null | undefined;
  /** For CONFIGURE: the setup stages of which the person may choose one. Of several, those are offered whose kind counts. Default: none. */
  setupStageIds?: Array<string> | null | undefined;
  /** How strictly passkeys have to be unlocked by their person. Default: PREFERRED. */
  userVerification?: UserVerification | null | undefined;
};

/** What to answer to authenticator-validate. */
export type AuthenticatorValidateResponse = {
  /** Chooses an authenticator. Alone it only does that: no attempt, and a code is sent where one has to be. */
  authenticatorId?: string | null | undefined;
  /** The code of the chosen authenticator; spaces and hyphens do not matter. */
  code?: string | null | undefined;
  /** What the passkey has signed, as `PublicKeyCredential.toJSON` gives it. */
  passkey?: Record<string, unknown> | null | undefined;
  /** True asks this browser to be remembered, with a right answer, so that it is asked less often. Where the challenge does not say `mayRemember` it does nothing. */
  remember?: boolean | null | undefined;
  /** True asks for another code to be sent. The one before is good no longer. */
  resend?: boolean | null | undefined;
  /** Chooses one of the setup stages. */
  setupStageId?: string | null | undefined;
};

/** Tells people from programs, by a puzzle that costs time (ALTCHA) or by Turnstile, hCaptcha or reCAPTCHA. */
export type CaptchaConfigInput = {
  /** What the widget has to have been shown for: Turnstile and reCAPTCHA v3 tell, and solutions for anything else are refused. Default: anything will do. */
  action?: string | null | undefined;
  /** For ALTCHA: how many keys the client has to try at most; at least half as many. Default: 5000. */
  difficulty?: number | null | undefined;
  /** From which hosts solutions are taken, where the provider says from where they are. Default: those of the public address and of the allowed origins. */
  hostnames?: Array<string> | null | undefined;
  /** Whether the person is to see the widget, and may have to do something. Default: false. */
  interactive?: boolean | null | undefined;
  /** Who tells people from programs. Default: ALTCHA. */
  provider?: CaptchaProvider | null | undefined;
  /** For ALTCHA: how long a puzzle can be solved. Default: PT10M. */
  puzzleLifetime?: string | null | undefined;
  /** Whether a score outside of these is refused. Otherwise it is left to policies, by the variable captcha.score. Default: true. */
  refuseBadScores?: boolean | null | undefined;
  /** The highest score that is good enough: for providers to whom a high score is a bad one. Default: 1. */
  scoreMaximum?: number | null | undefined;
  /** The lowest score that is good enough, where the provider gives one. Default: 0.5. */
  scoreMinimum?: number | null | undefined;
  /** Where clients find the widget's script, in place of the provider's own address. */
  scriptUrl?: string | null | undefined;
  /** The secret key that belongs to it. ALTCHA needs none. It is never shown again; null takes it away. */
  secretKey?: string | null | undefined;
  /** The public key that the provider has given for the site. ALTCHA needs none. */
  siteKey?: string | null | undefined;
  /** Where to have solutions checked, in place of the provider's own address; whatever is there has to answer as `siteverify` does. */
  verifyUrl?: string | null | undefined;
};

/** Who tells people from programs. */
export type CaptchaProvider =
  /** The service itself, by a puzzle that costs the client time (ALTCHA, version 2). Nobody else is asked. */
  | 'ALTCHA'
  /** hCaptcha. */
  | 'HCAPTCHA'
  /** Google reCAPTCHA, version 2. */
  | 'RECAPTCHA_V2'
  /** Google reCAPTCHA, version 3: it asks nothing, and gives a score. */
  | 'RECAPTCHA_V3'
  /** Cloudflare Turnstile. */
  | 'TURNSTILE';

/** What to answer to captcha. */
export type CaptchaResponse = {
  /** What the widget gives for its solution. */
  token: string;
};

/** How a client keeps its secrets. */
export type ClientKind =
  /** In HttpOnly cookies, which scripts cannot read. */
  | 'BROWSER'
  /** Itself: they are returned once, in the response, and no cookie is set. */
  | 'NATIVE';

/** Asks the person to agree to something, and remembers for a while that they have. */
export type ConsentConfigInput = {
  /** How long, where the mode is EXPIRING. Default: P28D. */
  expireIn?: string | null | undefined;
  /** What to say above the permissions, as plain text. Default: nothing. */
  header?: string | null | undefined;
  /** How long it is remembered what somebody has agreed to. Default: EXPIRING. */
  mode?: ConsentMode | null | undefined;
  /** What the person is to agree to; at most 50. Default: nothing but what the header says. */
  permissions?: Array<ConsentPermissionInput> | null | undefined;
};

/** How long a consent stage remembers what somebody has agreed to. */
export type ConsentMode =
  /** Not at all: everybody is asked each time. */
  | 'ALWAYS'
  /** For a time, unless it is revoked, or more is asked for. */
  | 'EXPIRING'
  /** Until it is revoked, or more is asked for. */
  | 'PERMANENT';

/** Something that a consent stage asks for. */
export type ConsentPermissionInput = {
  /** Names it for good: by this it is remembered. */
  id: string;
  /** What the person reads. */
  name: string;
};

/** What to answer to consent. */
export type ConsentResponse = {
  /** Whether the person agrees to all of it, or to none. */
  accept: boolean;
};

/** A new stage, and its place in a flow. */
export type CreateAndBindStageInput = {
  /** Its kind, and what to decide about it. */
  config: StageConfigInput;
  /** Ask its policies when the flow is planned. Default: false. */
  evaluateOnPlan?: boolean;
  /** The flow to bind it to. */
  flowId: string;
  /** What follows an answer that the stage does not accept. Default: RETRY. */
  invalidResponseAction?: InvalidResponseAction;
  /** What administrators call it; unique. */
  name: string;
  /** Its place: lower numbers come first. */
  order: number;
  /** How its bindings decide together. Default: ANY. */
  policyEngineMode?: PolicyEngineMode;
  /** Ask its policies whenever the stage's turn comes. Default: true. */
  reEvaluatePolicies?: boolean;
};

/** A new flow. */
export type CreateFlowInput = {
  /** What must be true of the caller. Default: NONE. */
  authentication?: AuthenticationRequirement;
  /** A picture to show behind it. */
  backgroundUrl?: string | null | undefined;
  /** What happens to somebody whom the flow does not let in. Default: MESSAGE_CONTINUE. */
  deniedAction?: DeniedAction;
  /** What the flow is for. */
  designation: FlowDesignation;
  /** A hint for how to lay out its screens. Default: STACKED. */
  layout?: FlowLayout;
  /** What administrators call it. */
  name: string;
  /** How its bindings decide together. Default: ANY. */
  policyEngineMode?: PolicyEngineMode;
  /** Names the flow in startFlow and in addresses; unique. */
  slug: string;
  /** What to call it on screen; %(user)s stands for the person whom it is about. */
  title: string;
};

/** What happens to somebody whom a flow does not let in. */
export type DeniedAction =
  /** On to where they were going, or to the default. */
  | 'CONTINUE'
  /** A message. */
  | 'MESSAGE'
  /** A message, and on to where they were going. */
  | 'MESSAGE_CONTINUE';

/** Ends the flow with a denial. */
export type DenyConfigInput = {
  /** What the person is told; empty for a general text. */
  message?: string | null | undefined;
};

/** Asks for an acknowledgement and proves nothing; for trying out flows. */
export type DummyConfigInput = {
  /** Fail with an internal error instead of asking. */
  throwError?: boolean | null | undefined;
};

/** What to answer to dummy. */
export type DummyResponse = {
  /** Must be true. */
  acknowledge: boolean;
};

/** Sends a mail with a link and a code, and waits until one of them shows that it has arrived. */
export type EmailConfigInput = {
  /** Whether this lets an account in that was made to wait for it; never one that an administrator has disabled. Default: false. */
  activateUserOnSuccess?: boolean | null | undefined;
  /** How long the link and the code are good, from PT1M to PT30M. Default: PT10M. */
  lifetime?: string | null | undefined;
  /** How long such a window is, from PT1M to P1D. Default: PT5M. */
  mailWindow?: string | null | undefined;
  /** How many mails one recipient is sent in a window, whoever asks for them. Default: 5. */
  maxMails?: number | null | undefined;
  /** To which address to write. Default: ACCOUNT. */
  recipient?: EmailRecipient | null | undefined;
  /** What the mail says that it is for. Default: EMAIL_CONFIRMATION. */
  template?: EmailTemplate | null | undefined;
};

/** Lets the person set up an e-mail address to which codes are sent when they sign in. */
export type EmailOtpSetupConfigInput = {
  /** Whether the person’s other sessions, flows and links end when this has been set up. Default: true. */
  endOtherSessions?: boolean | null | undefined;
  /** How long a code is good that is sent there, now and later, from PT1M to PT10M. Default: PT10M. */
  lifetime?: string | null | undefined;
};

/** What to answer to email-otp-setup. */
export type EmailOtpSetupResponse = {
  /** The six digits of the newest mail; spaces and hyphens do not matter. */
  code?: string | null | undefined;
  /** Where codes are to be sent. A code is sent there; the one before is good no longer. */
  email?: string | null | undefined;
  /** What the person wants to call it: one line of at most 64 characters. Left out: its kind decides. */
  name?: string | null | undefined;
  /** True asks for another mail. The code of the one before is good no longer. */
  resend?: boolean | null | undefined;
};

/** To which address an e-mail stage writes. */
export type EmailRecipient =
  /** That of the account which the flow is about. */
  | 'ACCOUNT'
  /** What a prompt field with the key `email` has collected, be there an account already or not. Where there is none, or it is the account’s own and verified, and it is proved whose account that is, the stage is passed. */
  | 'COLLECTED';

/** What to answer to email. */
export type EmailResponse = {
  /** WAIT: the eight digits of the newest mail; spaces and hyphens do not matter. */
  code?: string | null | undefined;
  /** CONFIRM: what is shown where the flow waits. */
  matchCode?: string | null | undefined;
  /** WAIT: true asks for another mail. Link and code of the one before are good no longer. */
  resend?: boolean | null | undefined;
};

/** What a mail with a link and a code says that it is for. */
export type EmailTemplate =
  /** Confirms the address of somebody who signs up. */
  | 'ACCOUNT_CONFIRMATION'
  /** Confirms an address of somebody who has an account. */
  | 'EMAIL_CONFIRMATION'
  /** Signs somebody in. */
  | 'MAGIC_LINK'
  /** Lets somebody choose a new password. */
  | 'PASSWORD_RESET';

/** What a flow is for. */
export type FlowDesignation =
  /** Signing in. */
  | 'AUTHENTICATION'
  /** Agreeing that an application may act for the person. */
  | 'AUTHORIZATION'
  /** Making an account. */
  | 'ENROLLMENT'
  /** Signing out. */
  | 'INVALIDATION'
  /** Getting back into an account. */
  | 'RECOVERY'
  /** Everything else, such as changing a password or setting up a second factor. */
  | 'STAGE_CONFIGURATION'
  /** Deleting an account. */
  | 'UNENROLLMENT';

/** A hint for how to lay out the screens of a flow. */
export type FlowLayout =
  /** The form at the left of the background. */
  | 'CONTENT_LEFT'
  /** The form at the right of the background. */
  | 'CONTENT_RIGHT'
  /** The form in a bar at the left. */
  | 'SIDEBAR_LEFT'
  /** The form in a bar at the right. */
  | 'SIDEBAR_RIGHT'
  /** The form on top of the background. */
  | 'STACKED';

/** Which flow to run. */
export type FlowSelector =
  {   /** The first flow with this designation, by slug, that the caller may use. */
  designation: FlowDesignation; slug?: never; }
  |  { designation?: never;   /** The flow with this slug. */
  slug: string; };

/** Asks who the person is, and, where such stages are named, for the password and a captcha as well. A passkey can answer all of it but the captcha. */
export type IdentificationConfigInput = {
  /** A captcha stage to show on the same screen. Nobody is looked up before it is solved. */
  captchaStageId?: string | null | undefined;
  /** The flow to offer to new people. */
  enrollmentFlowId?: string | null | undefined;
  /** Offer to sign in with a passkey instead, such as by the autofill of the browser: no name, no password. Default: false. */
  passkeys?: boolean | null | undefined;
  /** A password stage to show on the same screen. */
  passwordStageId?: string | null | undefined;
  /** The flow to offer for signing in without a password. */
  passwordlessFlowId?: string | null | undefined;
  /** Go on with people who do not exist, so that nobody can tell who does. Default: true. */
  pretendUserExists?: boolean | null | undefined;
  /** The flow to offer to people who cannot sign in. */
  recoveryFlowId?: string | null | undefined;
  /** What a person may type. Default: username and e-mail. */
  userFields?: Array<UserField> | null | undefined;
};

/** What to answer to identification. */
export type IdentificationResponse = {
  /** Only where the challenge has a captcha: what its widget gives for the solution. */
  captchaToken?: string | null | undefined;
  /** Username or e-mail address. */
  identifier?: string | null | undefined;
  /** Instead of identifier and password: what a passkey has signed, as `PublicKeyCredential.toJSON` gives it. Only where the challenge has options for it. */
  passkey?: Record<string, unknown> | null | undefined;
  /** Only where the challenge asks for it. */
  password?: string | null | undefined;
};

/** What follows an answer that a stage does not accept. */
export type InvalidResponseAction =
  /** The flow from its beginning, with nothing remembered. */
  | 'RESTART'
  /** The flow from its beginning, with what it has learnt. */
  | 'RESTART_WITH_CONTEXT'
  /** The same stage again. */
  | 'RETRY';

/** Lets invited people pass, and decides what their invitation says about them. */
export type InvitationConfigInput = {
  /** Whether people pass who have no invitation that is good for this flow; else they are denied. Default: false. */
  continueWithoutInvitation?: boolean | null | undefined;
};

/** How urgent a message is. */
export type MessageLevel =
  /** Something has gone wrong. */
  | 'ERROR'
  /** Worth knowing. */
  | 'INFO'
  /** Something has worked. */
  | 'SUCCESS'
  /** Something may go wrong. */
  | 'WARNING';

/** What becomes of somebody who has set up none of the authenticators that count. */
export type NotConfiguredAction =
  /** They set one up first, at one of the setup stages, and are then asked for it. */
  | 'CONFIGURE'
  /** They do not go on. */
  | 'DENY'
  /** They go on without. */
  | 'SKIP';

/** In what form the browser is to look for a passkey. */
export type PasskeyHint =
  /** The device itself. */
  | 'CLIENT_DEVICE'
  /** Another device, such as a phone. */
  | 'HYBRID'
  /** A key to plug in or to hold to the device. */
  | 'SECURITY_KEY';

/** Asks for the password of the person whom the flow is about. */
export type PasswordConfigInput = {
  /** Whether the client may offer to show what is typed. Default: false. */
  allowShowPassword?: boolean | null | undefined;
  /** After how many wrong passwords the flow is denied. Default: 5. */
  failedAttemptsBeforeCancel?: number | null | undefined;
  /** The flow to offer to people who have forgotten their password. */
  recoveryFlowId?: string | null | undefined;
};

/** What to answer to password. */
export type PasswordResponse = {
  /** Exactly as typed; nothing is trimmed. */
  password: string;
};

/** How several bindings decide together. */
export type PolicyEngineMode =
  /** Each must pass. */
  | 'ALL'
  /** One that passes is enough. */
  | 'ANY';

/** What was filled into one field. */
export type PromptAnswerInput = {
  /** The field’s key. */
  key: string;
  /** What was filled in. */
  value: PromptValueInput;
};

/** Asks the person to fill in a form. */
export type PromptConfigInput = {
  /** The fields to ask for; each field says where it stands in the form. */
  fieldIds?: Array<string> | null | undefined;
  /** The policies that judge what was filled in: every one of them must pass. A new password that none of them judges is judged by the built-in rule. Default: none. */
  validationPolicyIds?: Array<string> | null | undefined;
};

/** What to answer to prompt. */
export type PromptResponse = {
  /** One entry for each field that was filled in. Fields that only show something, and those that the server decides, have none. */
  values: Array<PromptAnswerInput>;
};

/** What was filled in. */
export type PromptValueInput =
  {   /** For CHECKBOX. */
  checked: boolean; number?: never; text?: never; }
  |  { checked?: never;   /** For NUMBER. */
  number: number; text?: never; }
  |  { checked?: never; number?: never;   /** As typed or chosen: for every type but those below. Nothing, or white space alone, is left out. */
  text: string; };

/** Leads to another flow, with or without coming back, or out of the flow to an address; a policy can say where instead. */
export type RedirectConfigInput = {
  /** Which flow to go on with, in the same execution. Either this or url. */
  flowId?: string | null | undefined;
  /** Whether the other flow knows what this one has learnt, and this one afterwards what that one has. Default: true. */
  keepContext?: boolean | null | undefined;
  /** Whether this flow goes on where it left off, once the other one has reached its end. Default: false. */
  returns?: boolean | null | undefined;
  /** Where to send the person: an address, or a path on the public origin. Either this or flowId. */
  url?: string | null | undefined;
};

/** Whether the passkey is to be found without anybody having been named, as signing in with nothing else takes. */
export type ResidentKey =
  /** It need not be. */
  | 'DISCOURAGED'
  /** Where it can be. */
  | 'PREFERRED'
  /** Where it cannot be, none is made. */
  | 'REQUIRED';

/** Lets the person set up a telephone that codes are sent to, by text message. */
export type SmsSetupConfigInput = {
  /** For TWILIO: the Account SID. */
  accountSid?: string | null | undefined;
  /** How numbers have to begin that messages are sent to, such as +49: they cost, and some countries much. Empty for any. Default: any. */
  allowedPrefixes?: Array<string> | null | undefined;
  /** For TWILIO: where its API is, in place of Twilio's own address; what is there has to answer alike. */
  apiUrl?: string | null | undefined;
  /** For GENERIC: how it is shown who sends. Default: BEARER. */
  authType?: TextAuthType | null | undefined;
  /** How long a code is good, also when signing in. Default: PT5M. */
  codeLifetime?: string | null | undefined;
  /** Whether the person’s other sessions, flows and links end when this has been set up. Default: true. */
  endOtherSessions?: boolean | null | undefined;
  /** From whom messages come: a number in E.164, a short code, or a name of at most 11 letters, digits and spaces, as the provider allows it. */
  fromNumber?: string | null | undefined;
  /** Who takes text messages over. Default: MAILBOX. */
  provider?: TextProvider | null | undefined;
  /** The Auth Token of Twilio, or the token or password of the provider. It is never shown again; null takes it away. */
  secretKey?: string | null | undefined;
  /** For GENERIC: where messages are posted to. */
  url?: string | null | undefined;
  /** For GENERIC with BASIC: the user name. */
  username?: string | null | undefined;
};

/** What to answer to sms-setup. */
export type SmsSetupResponse = {
  /** The code that was sent; spaces and hyphens do not matter. */
  code?: string | null | undefined;
  /** What the person wants to call it: one line of at most 64 characters. Left out: its kind decides. */
  name?: string | null | undefined;
  /** The number, with its country code, such as +49 151 23456789: a code is sent to it. Another number can be told as long as none is set up. */
  number?: string | null | undefined;
  /** True asks for another code to be sent. The one before is good no longer. */
  resend?: boolean | null | undefined;
};

/** The configuration of a stage: exactly one field, named after its kind. What is left out has its default, or keeps its value. */
export type StageConfigInput =
  {   /** Asks for something that the person has set up: a code of an app, a recovery code, a passkey, or a code that is sent to them. */
  authenticatorValidate: AuthenticatorValidateConfigInput; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never;   /** Tells people from programs, by a puzzle that costs time (ALTCHA) or by Turnstile, hCaptcha or reCAPTCHA. */
  captcha: CaptchaConfigInput; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never;   /** Asks the person to agree to something, and remembers for a while that they have. */
  consent: ConsentConfigInput; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never;   /** Ends the flow with a denial. */
  deny: DenyConfigInput; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never;   /** Asks for an acknowledgement and proves nothing; for trying out flows. */
  dummy: DummyConfigInput; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never;   /** Sends a mail with a link and a code, and waits until one of them shows that it has arrived. */
  email: EmailConfigInput; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never;   /** Lets the person set up an e-mail address to which codes are sent when they sign in. */
  emailOtpSetup: EmailOtpSetupConfigInput; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never;   /** Asks who the person is, and, where such stages are named, for the password and a captcha as well. A passkey can answer all of it but the captcha. */
  identification: IdentificationConfigInput; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never;   /** Lets invited people pass, and decides what their invitation says about them. */
  invitation: InvitationConfigInput; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never;   /** Asks for the password of the person whom the flow is about. */
  password: PasswordConfigInput; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never;   /** Asks the person to fill in a form. */
  prompt: PromptConfigInput; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never;   /** Leads to another flow, with or without coming back, or out of the flow to an address; a policy can say where instead. */
  redirect: RedirectConfigInput; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never;   /** Lets the person set up a telephone that codes are sent to, by text message. */
  smsSetup: SmsSetupConfigInput; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never;   /** Gives the person recovery codes, each good once. They take the place of all that there were before. */
  staticSetup: StaticSetupConfigInput; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never;   /** Lets the person set up an app that shows a new code every 30 seconds. */
  totpSetup: TotpSetupConfigInput; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never;   /** Deletes the account that the flow is about, for its owner. It does not ask: bind a stage before it that does. */
  userDelete: UserDeleteConfigInput; userLogin?: never; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never;   /** Signs the person in whom the flow is about, by a session. */
  userLogin: UserLoginConfigInput; userLogout?: never; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never;   /** Ends the session that the client is signed in with. */
  userLogout: UserLogoutConfigInput; userWrite?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never;   /** Saves what prompts have collected: makes an account, or changes the one that the flow is about. */
  userWrite: UserWriteConfigInput; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; deny?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; invitation?: never; password?: never; prompt?: never; redirect?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userDelete?: never; userLogin?: never; userLogout?: never; userWrite?: never;   /** Lets the person set up a passkey or a security key. */
  webAuthnSetup: WebAuthnSetupConfigInput; };

/** Every kind of stage there is. */
export type StageKind =
  /** Asks for something that the person has set up: a code of an app, a recovery code, a passkey, or a code that is sent to them. */
  | 'AUTHENTICATOR_VALIDATE'
  /** Tells people from programs, by a puzzle that costs time (ALTCHA) or by Turnstile, hCaptcha or reCAPTCHA. */
  | 'CAPTCHA'
  /** Asks the person to agree to something, and remembers for a while that they have. */
  | 'CONSENT'
  /** Ends the flow with a denial. */
  | 'DENY'
  /** Asks for an acknowledgement and proves nothing; for trying out flows. */
  | 'DUMMY'
  /** Sends a mail with a link and a code, and waits until one of them shows that it has arrived. */
  | 'EMAIL'
  /** Lets the person set up an e-mail address to which codes are sent when they sign in. */
  | 'EMAIL_OTP_SETUP'
  /** Asks who the person is, and, where such stages are named, for the password and a captcha as well. A passkey can answer all of it but the captcha. */
  | 'IDENTIFICATION'
  /** Lets invited people pass, and decides what their invitation says about them. */
  | 'INVITATION'
  /** Asks for the password of the person whom the flow is about. */
  | 'PASSWORD'
  /** Asks the person to fill in a form. */
  | 'PROMPT'
  /** Leads to another flow, with or without coming back, or out of the flow to an address; a policy can say where instead. */
  | 'REDIRECT'
  /** Lets the person set up a telephone that codes are sent to, by text message. */
  | 'SMS_SETUP'
  /** Gives the person recovery codes, each good once. They take the place of all that there were before. */
  | 'STATIC_SETUP'
  /** Lets the person set up an app that shows a new code every 30 seconds. */
  | 'TOTP_SETUP'
  /** Deletes the account that the flow is about, for its owner. It does not ask: bind a stage before it that does. */
  | 'USER_DELETE'
  /** Signs the person in whom the flow is about, by a session. */
  | 'USER_LOGIN'
  /** Ends the session that the client is signed in with. */
  | 'USER_LOGOUT'
  /** Saves what prompts have collected: makes an account, or changes the one that the flow is about. */
  | 'USER_WRITE'
  /** Lets the person set up a passkey or a security key. */
  | 'WEB_AUTHN_SETUP';

/** The answer to a challenge: exactly one field, the one that belongs to the challenge's kind. */
export type StageResponse =
  {   /** Answers a challenge of the kind authenticator-validate. */
  authenticatorValidate: AuthenticatorValidateResponse; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never;   /** Answers a challenge of the kind captcha. */
  captcha: CaptchaResponse; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never;   /** Answers a challenge of the kind consent. */
  consent: ConsentResponse; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never;   /** Answers a challenge of the kind dummy. */
  dummy: DummyResponse; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never;   /** Answers a challenge of the kind email. */
  email: EmailResponse; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never;   /** Answers a challenge of the kind email-otp-setup. */
  emailOtpSetup: EmailOtpSetupResponse; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never;   /** Answers a challenge of the kind identification. */
  identification: IdentificationResponse; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never;   /** Answers a challenge of the kind password. */
  password: PasswordResponse; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never;   /** Answers a challenge of the kind prompt. */
  prompt: PromptResponse; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never;   /** Answers a challenge of the kind sms-setup. */
  smsSetup: SmsSetupResponse; staticSetup?: never; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never;   /** Answers a challenge of the kind static-setup. */
  staticSetup: StaticSetupResponse; totpSetup?: never; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never;   /** Answers a challenge of the kind totp-setup. */
  totpSetup: TotpSetupResponse; userLogin?: never; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never;   /** Answers a challenge of the kind user-login. */
  userLogin: UserLoginResponse; webAuthnSetup?: never; }
  |  { authenticatorValidate?: never; captcha?: never; consent?: never; dummy?: never; email?: never; emailOtpSetup?: never; identification?: never; password?: never; prompt?: never; smsSetup?: never; staticSetup?: never; totpSetup?: never; userLogin?: never;   /** Answers a challenge of the kind web-authn-setup. */
  webAuthnSetup: WebAuthnSetupResponse; };

/** Which flow to run, and how. */
export type StartFlowInput = {
  /** BROWSER keeps every secret in HttpOnly cookies; NATIVE returns them once, in the response, and sets no cookie. */
  client?: ClientKind;
  /** Which flow to run. */
  flow: FlowSelector;
  /** A secret from a mail or an administrator that opens a flow. */
  flowToken?: string | null | undefined;
  /** A secret that an invitation stage looks for. One that is good for nothing is as good as none. */
  invitationToken?: string | null | undefined;
  /** What the person is likely to type into the identification stage. */
  loginHint?: string | null | undefined;
  /** Where the person was going. A path on this origin, or an absolute URL whose origin is allowed. */
  next?: string | null | undefined;
  /** Answers to the first challenges, in order, so that a known login takes one round trip. The first one that does not fit its challenge is left unused, and so are those after it. */
  responses?: Array<StageResponse> | null | undefined;
};

/** Gives the person recovery codes, each good once. They take the place of all that there were before. */
export type StaticSetupConfigInput = {
  /** Whether the person’s other sessions, flows and links end when this has been set up. Default: true. */
  endOtherSessions?: boolean | null | undefined;
  /** How many codes there are, from 1 to 50. Default: 10. */
  tokenCount?: number | null | undefined;
};

/** What to answer to static-setup. */
export type StaticSetupResponse = {
  /** True: the person has kept the codes. Before that, they are of no use, and others still are. */
  acknowledge: boolean;
  /** What the person wants to call it: one line of at most 64 characters. Left out: its kind decides. */
  name?: string | null | undefined;
};

/** An answer to a challenge. */
export type SubmitStageInput = {
  /** The challenge that is answered. An answer to a challenge that is no longer current changes nothing. */
  challengeId: string;
  /** The execution to continue. */
  executionId: string;
  /** The answer. */
  response: StageResponse;
  /** Native clients only. */
  token?: string | null | undefined;
};

/** How the provider is shown who sends. */
export type TextAuthType =
  /** User name and password (RFC 7617). */
  | 'BASIC'
  /** A token (RFC 6750). */
  | 'BEARER';

/** Who takes text messages over. */
export type TextProvider =
  /** Whoever takes a POST of the JSON `{from, to, text}`. */
  | 'GENERIC'
  /** Nobody: for trying things out, they are kept where `GET /dev/mail` shows them. Nothing is sent by it. */
  | 'MAILBOX'
  /** Twilio. */
  | 'TWILIO';

/** Lets the person set up an app that shows a new code every 30 seconds. */
export type TotpSetupConfigInput = {
  /** How many digits the codes have: 6 or 8. Default: 6. */
  digits?: number | null | undefined;
  /** Whether the person’s other sessions, flows and links end when this has been set up. Default: true. */
  endOtherSessions?: boolean | null | undefined;
};

/** What to answer to totp-setup. */
export type TotpSetupResponse = {
  /** What the app shows; spaces and hyphens do not matter. */
  code: string;
  /** What the person wants to call it: one line of at most 64 characters. Left out: its kind decides. */
  name?: string | null | undefined;
};

/** When a user-write stage makes a new account: never, where the flow is about nobody yet, or always. */
export type UserCreation =
  /** Also where the flow is about somebody. */
  | 'ALWAYS'
  /** Only an account that is there already is written to. */
  | 'NEVER'
  /** Where the flow is about nobody yet. */
  | 'WHEN_REQUIRED';

/** Deletes the account that the flow is about, for its owner. It does not ask: bind a stage before it that does. */
export type UserDeleteConfigInput = {
  /** There is nothing to say here; leave it out. */
  nothing?: boolean | null | undefined;
};

/** What a person can be identified by. */
export type UserField =
  /** Their e-mail address. */
  | 'EMAIL'
  /** Their username. */
  | 'USERNAME';

/** What kind of account it is. It gives and takes nothing by itself; policies can ask for it. */
export type UserKind =
  /** Somebody from outside. */
  | 'EXTERNAL'
  /** Somebody of one's own house. */
  | 'INTERNAL'
  /** No person: something that acts by itself. */
  | 'SERVICE_ACCOUNT';

/** Signs the person in whom the flow is about, by a session. */
export type UserLoginConfigInput = {
  /** Whether somebody who has set up a second factor is asked for it here, where no stage before has. Default: true. */
  asksForSecondFactor?: boolean | null | undefined;
  /** By how much longer, where the person asks to stay signed in; PT0S does not offer it. Default: PT0S. */
  rememberMeOffset?: string | null | undefined;
  /** How long the session lasts. Default: P1D. */
  sessionDuration?: string | null | undefined;
  /** End every other session of the person. Default: false. */
  terminateOtherSessions?: boolean | null | undefined;
};

/** What to answer to user-login. */
export type UserLoginResponse = {
  /** Whether to stay signed in for longer. */
  rememberMe: boolean;
};

/** Ends the session that the client is signed in with. */
export type UserLogoutConfigInput = {
  /** There is nothing to say here; leave it out. */
  nothing?: boolean | null | undefined;
};

/** How strictly a passkey has to be unlocked by its person: with a PIN, a finger or a face. */
export type UserVerification =
  /** It need not be. */
  | 'DISCOURAGED'
  /** Where it can be. */
  | 'PREFERRED'
  /** One that was not is refused. */
  | 'REQUIRED';

/** Saves what prompts have collected: makes an account, or changes the one that the flow is about. */
export type UserWriteConfigInput = {
  /** New accounts cannot sign in before an e-mail stage has activated them; those that wait for longer than 7 days are deleted. Default: false. */
  createUsersAsInactive?: boolean | null | undefined;
  /** When to make a new account. Default: WHEN_REQUIRED. */
  creation?: UserCreation | null | undefined;
  /** The group that new accounts join. */
  groupId?: string | null | undefined;
  /** Where new accounts stand among others. Default: users. */
  path?: string | null | undefined;
  /** The kind of new accounts: INTERNAL or EXTERNAL. Default: INTERNAL. */
  userKind?: UserKind | null | undefined;
  /** What may be written of what prompts have collected, by the keys of their fields: username, email, name, password, and paths of attributes, such as attributes.settings.locale, or attributes.settings.* for all that is below. The rest is ignored. Default: username, email, name, password. */
  writes?: Array<string> | null | undefined;
};

/** Lets the person set up a passkey or a security key. */
export type WebAuthnSetupConfigInput = {
  /** Which models may be set up, by AAGUID in small letters. Only those count that their maker vouches for. Default: any. */
  allowedModels?: Array<string> | null | undefined;
  /** Whether it is asked what model it is. Where models are restricted it always is. Default: NONE. */
  attestation?: Attestation | null | undefined;
  /** Certificates of makers of security keys and TPMs who are trusted, in PEM, one each. Those of Apple and Google are known. */
  attestationRoots?: Array<string> | null | undefined;
  /** Where it is to be kept. Default: what the hints agree on, else anywhere. */
  authenticatorAttachment?: AuthenticatorAttachment | null | undefined;
  /** Whether the person’s other sessions, flows and links end when this has been set up. Default: true. */
  endOtherSessions?: boolean | null | undefined;
  /** In what form the browser is to offer it, the dearest first. Default: no preference. */
  hints?: Array<PasskeyHint> | null | undefined;
  /** How many failures end it; 0 for any number. Default: 0. */
  maxAttempts?: number | null | undefined;
  /** Whether it is to be found without anybody having been named. Default: PREFERRED. */
  residentKey?: ResidentKey | null | undefined;
  /** How strictly the person has to unlock it while it is set up. Default: PREFERRED. */
  userVerification?: UserVerification | null | undefined;
};

/** What to answer to web-authn-setup. */
export type WebAuthnSetupResponse = {
  /** What the person wants to call it: one line of at most 64 characters. Left out: its kind decides. */
  name?: string | null | undefined;
  /** What the browser has made, as `PublicKeyCredential.toJSON` gives it. */
  passkey: Record<string, unknown>;
};

export type FlowsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type FlowsQuery = { flows: { edges: Array<{ node: { id: string, slug: string, name: string, designation: FlowDesignation } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CreateFlowMutationVariables = Exact<{
  input: CreateFlowInput;
}>;


export type CreateFlowMutation = { createFlow: { id: string, slug: string, name: string, designation: FlowDesignation } };

export type CreateAndBindStageMutationVariables = Exact<{
  input: CreateAndBindStageInput;
}>;


export type CreateAndBindStageMutation = { createAndBindStage: { id: string, order: number, stage: { name: string, kind: StageKind } } };

export type FlowSummaryFragment = { id: string, slug: string, name: string, designation: FlowDesignation };

type Step_AuthenticatorValidateChallenge_Fragment = { __typename: 'AuthenticatorValidateChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_CaptchaChallenge_Fragment = { __typename: 'CaptchaChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_ConsentChallenge_Fragment = { __typename: 'ConsentChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_DummyChallenge_Fragment = { __typename: 'DummyChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_EmailChallenge_Fragment = { __typename: 'EmailChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_EmailOtpSetupChallenge_Fragment = { __typename: 'EmailOtpSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_FlowCancelled_Fragment = { __typename: 'FlowCancelled' };

type Step_FlowCompleted_Fragment = { __typename: 'FlowCompleted', session: { token: string | null } | null };

type Step_FlowDenied_Fragment = { __typename: 'FlowDenied', code: string, message: string, supportId: string };

type Step_IdentificationChallenge_Fragment = { __typename: 'IdentificationChallenge', id: string, stageName: string, userFields: Array<UserField>, passwordRequired: boolean, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_PasswordChallenge_Fragment = { __typename: 'PasswordChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_PromptChallenge_Fragment = { __typename: 'PromptChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_RedirectChallenge_Fragment = { __typename: 'RedirectChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_SmsSetupChallenge_Fragment = { __typename: 'SmsSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_StaticSetupChallenge_Fragment = { __typename: 'StaticSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_TotpSetupChallenge_Fragment = { __typename: 'TotpSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_UserLoginChallenge_Fragment = { __typename: 'UserLoginChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

type Step_WebAuthnSetupChallenge_Fragment = { __typename: 'WebAuthnSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> };

export type StepFragment =
  | Step_AuthenticatorValidateChallenge_Fragment
  | Step_CaptchaChallenge_Fragment
  | Step_ConsentChallenge_Fragment
  | Step_DummyChallenge_Fragment
  | Step_EmailChallenge_Fragment
  | Step_EmailOtpSetupChallenge_Fragment
  | Step_FlowCancelled_Fragment
  | Step_FlowCompleted_Fragment
  | Step_FlowDenied_Fragment
  | Step_IdentificationChallenge_Fragment
  | Step_PasswordChallenge_Fragment
  | Step_PromptChallenge_Fragment
  | Step_RedirectChallenge_Fragment
  | Step_SmsSetupChallenge_Fragment
  | Step_StaticSetupChallenge_Fragment
  | Step_TotpSetupChallenge_Fragment
  | Step_UserLoginChallenge_Fragment
  | Step_WebAuthnSetupChallenge_Fragment
;

export type StartFlowMutationVariables = Exact<{
  input: StartFlowInput;
}>;


export type StartFlowMutation = { startFlow: { id: string, token: string | null, step:
      | { __typename: 'AuthenticatorValidateChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'CaptchaChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'ConsentChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'DummyChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'EmailChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'EmailOtpSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'FlowCancelled' }
      | { __typename: 'FlowCompleted', session: { token: string | null } | null }
      | { __typename: 'FlowDenied', code: string, message: string, supportId: string }
      | { __typename: 'IdentificationChallenge', id: string, stageName: string, userFields: Array<UserField>, passwordRequired: boolean, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'PasswordChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'PromptChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'RedirectChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'SmsSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'StaticSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'TotpSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'UserLoginChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'WebAuthnSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
     } };

export type SubmitStageMutationVariables = Exact<{
  input: SubmitStageInput;
}>;


export type SubmitStageMutation = { submitStage: { step:
      | { __typename: 'AuthenticatorValidateChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'CaptchaChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'ConsentChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'DummyChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'EmailChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'EmailOtpSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'FlowCancelled' }
      | { __typename: 'FlowCompleted', session: { token: string | null } | null }
      | { __typename: 'FlowDenied', code: string, message: string, supportId: string }
      | { __typename: 'IdentificationChallenge', id: string, stageName: string, userFields: Array<UserField>, passwordRequired: boolean, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'PasswordChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'PromptChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'RedirectChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'SmsSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'StaticSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'TotpSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'UserLoginChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
      | { __typename: 'WebAuthnSetupChallenge', id: string, stageName: string, errors: Array<{ field: string | null, code: string, message: string }>, messages: Array<{ level: MessageLevel, text: string }> }
     } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { username: string, isSuperuser: boolean, session: { expiresAt: string } } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const FlowSummaryFragmentDoc = new TypedDocumentString(`
    fragment FlowSummary on Flow {
  id
  slug
  name
  designation
}
    `, {"fragmentName":"FlowSummary"}) as unknown as TypedDocumentString<FlowSummaryFragment, unknown>;
export const StepFragmentDoc = new TypedDocumentString(`
    fragment Step on FlowStep {
  __typename
  ... on Challenge {
    id
    stageName
    errors {
      field
      code
      message
    }
    messages {
      level
      text
    }
  }
  ... on IdentificationChallenge {
    userFields
    passwordRequired
  }
  ... on FlowCompleted {
    session {
      token
    }
  }
  ... on FlowDenied {
    code
    message
    supportId
  }
}
    `, {"fragmentName":"Step"}) as unknown as TypedDocumentString<StepFragment, unknown>;
export const FlowsDocument = new TypedDocumentString(`
    query Flows($first: Int!, $after: String) {
  flows(first: $first, after: $after) {
    edges {
      node {
        ...FlowSummary
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment FlowSummary on Flow {
  id
  slug
  name
  designation
}`, {"hash":"sha256:a246498a4ef7ea90e06bc0280eabfed690a7ee23ec6620d41a8b7461b154a435"}) as unknown as TypedDocumentString<FlowsQuery, FlowsQueryVariables>;
export const CreateFlowDocument = new TypedDocumentString(`
    mutation CreateFlow($input: CreateFlowInput!) {
  createFlow(input: $input) {
    ...FlowSummary
  }
}
    fragment FlowSummary on Flow {
  id
  slug
  name
  designation
}`, {"hash":"sha256:76689680502371e80ec1fc6866d4916830903039a070a2f05bc84c864debb737"}) as unknown as TypedDocumentString<CreateFlowMutation, CreateFlowMutationVariables>;
export const CreateAndBindStageDocument = new TypedDocumentString(`
    mutation CreateAndBindStage($input: CreateAndBindStageInput!) {
  createAndBindStage(input: $input) {
    id
    order
    stage {
      name
      kind
    }
  }
}
    `, {"hash":"sha256:ba2d35c30ac5f1d1256047df9fd8d53700c8621205ee9784fb586719a32efc78"}) as unknown as TypedDocumentString<CreateAndBindStageMutation, CreateAndBindStageMutationVariables>;
export const StartFlowDocument = new TypedDocumentString(`
    mutation StartFlow($input: StartFlowInput!) {
  startFlow(input: $input) {
    id
    token
    step {
      ...Step
    }
  }
}
    fragment Step on FlowStep {
  __typename
  ... on Challenge {
    id
    stageName
    errors {
      field
      code
      message
    }
    messages {
      level
      text
    }
  }
  ... on IdentificationChallenge {
    userFields
    passwordRequired
  }
  ... on FlowCompleted {
    session {
      token
    }
  }
  ... on FlowDenied {
    code
    message
    supportId
  }
}`, {"hash":"sha256:5c262f94822a048effeb9220e476c1f7a34ddfd5e4d0b496b3d2f7c94d538635"}) as unknown as TypedDocumentString<StartFlowMutation, StartFlowMutationVariables>;
export const SubmitStageDocument = new TypedDocumentString(`
    mutation SubmitStage($input: SubmitStageInput!) {
  submitStage(input: $input) {
    step {
      ...Step
    }
  }
}
    fragment Step on FlowStep {
  __typename
  ... on Challenge {
    id
    stageName
    errors {
      field
      code
      message
    }
    messages {
      level
      text
    }
  }
  ... on IdentificationChallenge {
    userFields
    passwordRequired
  }
  ... on FlowCompleted {
    session {
      token
    }
  }
  ... on FlowDenied {
    code
    message
    supportId
  }
}`, {"hash":"sha256:6b64466f641eefc9ae59e591266fe607dae6b5cd2e1cbb6f3255ed2abc079389"}) as unknown as TypedDocumentString<SubmitStageMutation, SubmitStageMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    username
    isSuperuser
    session {
      expiresAt
    }
  }
}
    `, {"hash":"sha256:9b38927ba6e5adb9e75abded0e289b8a48d62aea0950e3bcd7a153a1787ca275"}) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;