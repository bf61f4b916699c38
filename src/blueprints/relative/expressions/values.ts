import type { PersonField } from './questions.js';

/** What an expression works with. What is not known beforehand is only what it stands for. */
export type Value =
  | { readonly type: 'constant'; readonly value: null | boolean | string | number }
  | { readonly type: 'emptyMap' }
  /** The context of the request, or that of the plan. */
  | { readonly type: 'context'; readonly of: 'request' | 'plan' }
  /** What is there, or may not be; then it is None, or else an empty map where `orEmpty` says so. */
  | { readonly type: 'promptData' | 'flowQuery'; readonly orEmpty: boolean }
  /** What has been filled in; None, or else an empty text, where nothing has. */
  | { readonly type: 'answer'; readonly field: PersonField; readonly orEmpty: boolean }
  | { readonly type: 'field' | 'setting' | 'mayChange'; readonly field: PersonField }
  | { readonly type: 'authMethod'; readonly of: 'request' | 'plan' }
  /** The person of this username, or None. */
  | { readonly type: 'named'; readonly username: string }
  | { readonly type: 'function'; readonly name: FunctionName }
  | { readonly type: ThingName };

type ThingName =
  | 'request'
  | 'httpRequest'
  | 'session'
  /** The plan, or None. */
  | 'plan'
  /** Whom the flow is about, as a policy is told. */
  | 'person'
  /** Whoever is signed in. */
  | 'viewer'
  /** Whom the flow is about, as the plan knows it, or None. */
  | 'pendingUser'
  | 'verifiedMark'
  | 'personId'
  /** The id of whoever is signed in, as text. */
  | 'actor'
  /** The id of whom the flow was asked for, as text, or None. */
  | 'target'
  | 'token'
  | 'startedBy'
  | 'attributes'
  | 'settings'
  | 'configuration'
  /** Some text that only stands in messages. */
  | 'someText';

export type FunctionName =
  | 'bool'
  | 'str'
  | 'hasattr'
  | 'getattr'
  | 'ak_message'
  | 'ak_user_by'
  | 'get_system_settings';

export function constant(value: null | boolean | string | number): Value {
  return { type: 'constant', value };
}

export const none = constant(null);

export function isNone(value: Value | undefined): boolean {
  return value?.type === 'constant' && value.value === null;
}

/** Whether it is the text that has nothing in it. */
export function isEmptyText(value: Value | undefined): boolean {
  return value?.type === 'constant' && value.value === '';
}
