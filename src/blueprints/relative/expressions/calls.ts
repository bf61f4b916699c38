import { Lookups } from './lookups.js';
import { changeSetting, fieldWith } from './names.js';
import { Unreadable } from './python.js';
import { questions } from './questions.js';
import { Raised } from './raised.js';
import { constant, isEmptyText, isNone, none } from './values.js';
import type { FunctionName, Value } from './values.js';

const LONGEST_MESSAGE = 500;

/** What a call is given by place, and by name. */
export interface Given {
  readonly given: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** What is called in expressions. */
export class Calls extends Lookups {
  /** What has been said to the person. */
  protected readonly messages: string[] = [];

  protected callFunction(name: FunctionName, { given, named }: Given): Value {
    const [first, second, third] = given;
    if (name === 'ak_user_by') return this.#userBy(given, named);
    if (named.size > 0) throw new Unreadable();
    if (name === 'get_system_settings' && given.length === 0) return { type: 'settings' };
    if (!first) throw new Unreadable();
    switch (name) {
      case 'bool':
        return given.length === 1 ? constant(this.holds(first)) : unreadable();
      case 'str':
        return given.length === 1 ? asText(first) : unreadable();
      case 'hasattr':
        if (given.length !== 2 || first.type !== 'pendingUser' || !isText(second, 'backend')) unreadable();
        return constant(this.isVerified());
      case 'getattr':
        return given.length === 3 ? attributeOr(first, second, third) : unreadable();
      case 'ak_message':
        return given.length === 1 ? this.#say(first) : unreadable();
      case 'get_system_settings':
        return unreadable();
    }
  }

  protected callMethod(of: Value, name: string, { given, named }: Given): Value {
    const [first, second] = given;
    if (named.size > 0) throw new Unreadable();
    if (name === 'get' && first && given.length <= 2) return this.get(of, first, second);
    switch (`${of.type}.${name}`) {
      case 'person.group_attributes':
        if (given.length > 1 || (first && first.type !== 'httpRequest')) throw new Unreadable();
        if (!this.is(questions.person)) throw new Raised();
        return { type: 'attributes' };
      case 'configuration.get_bool':
      case 'configuration.y_bool':
        return settingNamed(first);
      case 'named.has_usable_password':
        if (of.type !== 'named' || given.length > 0) throw new Unreadable();
        this.mustBe(of.username);
        return constant(this.is(questions.password));
      case 'httpRequest.build_absolute_uri':
        if (given.length !== 1 || first?.type !== 'constant') throw new Unreadable();
        return { type: 'someText' };
      default:
        throw new Unreadable();
    }
  }

  #userBy(given: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const username = named.get('username');
    if (given.length > 0 || named.size !== 1 || username?.type !== 'constant') throw new Unreadable();
    if (typeof username.value !== 'string' || !/^.{1,150}$/u.test(username.value)) throw new Unreadable();
    return { type: 'named', username: username.value };
  }

  #say(message: Value): Value {
    if (message.type !== 'constant' || typeof message.value !== 'string') throw new Unreadable();
    this.messages.push(message.value);
    if (this.messages.join(' ').length > LONGEST_MESSAGE) throw new Unreadable();
    return none;
  }
}

function asText(value: Value): Value {
  if (value.type === 'constant' && typeof value.value === 'string') return value;
  if (value.type === 'actor') return value;
  if (value.type === 'personId') return { type: 'actor' };
  throw new Unreadable();
}

function attributeOr(of: Value, name: Value | undefined, otherwise: Value | undefined): Value {
  const isNothing = isNone(otherwise) || isEmptyText(otherwise);
  if (of.type === 'pendingUser' && isText(name, 'backend') && isNothing) return { type: 'verifiedMark' };
  const isSomebody = of.type === 'person' || of.type === 'viewer';
  if (isSomebody && isText(name, 'pk') && isNothing) return { type: 'personId' };
  throw new Unreadable();
}

function settingNamed(name: Value | undefined): Value {
  const text = name?.type === 'constant' && typeof name.value === 'string' ? name.value : '';
  const field = fieldWith(text, changeSetting);
  if (!field) throw new Unreadable();
  return { type: 'setting', field };
}

function isText(value: Value | undefined, text: string): boolean {
  return value?.type === 'constant' && value.value === text;
}

function unreadable(): never {
  throw new Unreadable();
}
