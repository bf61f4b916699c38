import type { JsonObject } from '../kernel/json.js';
import type { EventAction } from './event-actions.js';
import type { Location } from './location.js';

/** Who changes something, from where and when: for the event log. */
export interface Actor {
  /** Null where the service itself does, as at its start. */
  readonly userId: string | null;
  /** The API token that it was done with. */
  readonly apiTokenId: string | null;
  readonly address: string;
  readonly userAgent: string;
  readonly location: Location | null;
  readonly now: Date;
}

/** The service itself, where nobody has asked it to: at its start. */
export function serviceItself(now: Date): Actor {
  return { userId: null, apiTokenId: null, address: '', userAgent: '', location: null, now };
}

/** What the event log tells changes of. */
export const objectTypes = {
  FLOW: 'A flow.',
  STAGE: 'A stage.',
  STAGE_BINDING: "A stage's place in a flow.",
  PROMPT_FIELD: 'A prompt field.',
  POLICY: 'A policy.',
  POLICY_BINDING: 'What guards a flow, or a stage in one.',
  USER: 'An account.',
  GROUP: 'A group.',
  INVITATION: 'An invitation.',
  SESSION: 'A session.',
  API_TOKEN: 'An API token.',
  AUTHENTICATOR: 'What somebody has set up to prove who they are.',
  CONSENT: 'What somebody has agreed to.',
  SETTINGS: 'What holds for the whole installation.',
  REPUTATION: 'How an address has behaved.',
} as const;

export type ObjectType = keyof typeof objectTypes;

export function isObjectType(text: string): text is ObjectType {
  return Object.hasOwn(objectTypes, text);
}

/** In what way something was changed. */
export const changeKinds = {
  CREATED: 'It was made.',
  UPDATED: 'It was changed.',
  DELETED: 'It was deleted.',
  MEMBERS_ADDED: 'People joined it.',
  MEMBERS_REMOVED: 'People left it.',
} as const;

export type ChangeKind = keyof typeof changeKinds;

export function isChangeKind(text: string): text is ChangeKind {
  return Object.hasOwn(changeKinds, text);
}

export interface ChangedObject {
  readonly type: ObjectType;
  /** Null for what there is only one of. */
  readonly id: string | null;
  /** What it was called when this happened. */
  readonly name: string;
}

/** One change, as the event log tells of it. */
export interface Change {
  readonly action: EventAction;
  readonly object: ChangedObject;
  readonly change: ChangeKind;
  /** Which of its fields were written, such as `slug` or `config.message`; never what they hold. */
  readonly fields: readonly string[];
  /** Whom it is about, where it is about somebody. */
  readonly userId?: string | null;
  /** What else there is to know; never a secret. */
  readonly details?: JsonObject;
}
