import { Asking, personField } from './asking.js';
import { changeAttribute, changeSetting, fieldWith } from './names.js';
import { Unreadable } from './python.js';
import { personFields, questions } from './questions.js';
import { Raised } from './raised.js';
import { constant, isEmptyText, isNone, none } from './values.js';
import type { Value } from './values.js';

/** What is looked up in what an expression is given. */
export class Lookups extends Asking {
  protected attribute(of: Value, name: string): Value {
    switch (`${of.type}.${name}`) {
      case 'request.user':
        return { type: 'person' };
      case 'request.context':
        return { type: 'context', of: 'request' };
      case 'request.http_request':
        return { type: 'httpRequest' };
      case 'httpRequest.user':
        return { type: 'viewer' };
      case 'httpRequest.session':
        return { type: 'session' };
      case 'plan.context':
        this.#mustBePlanned();
        return { type: 'context', of: 'plan' };
      default:
        return this.#other(of, name);
    }
  }

  #other(of: Value, name: string): Value {
    const field = personFields.find((known) => known === name);
    if (of.type === 'person' && field) return { type: 'field', field };
    const setting = fieldWith(name, changeSetting);
    if (of.type === 'settings' && setting) return { type: 'setting', field: setting };
    throw new Unreadable();
  }

  /** What stands under a key, or else what was said for that. */
  protected get(of: Value, key: Value, otherwise: Value | undefined): Value {
    if (key.type !== 'constant' || typeof key.value !== 'string') throw new Unreadable();
    const { value: name } = key;
    const nothing = otherwise === undefined || isNone(otherwise);
    switch (of.type) {
      case 'emptyMap':
        return otherwise ?? none;
      case 'context':
        return this.#known(of.of, name, otherwise);
      case 'promptData':
        if (!nothing && !isEmptyText(otherwise)) throw new Unreadable();
        this.mustBeFilledIn(of.orEmpty);
        return { type: 'answer', field: personField(name), orEmpty: !nothing };
      case 'session':
        if (name !== 'authentik/flows/get' || (!nothing && otherwise.type !== 'emptyMap'))
          throw new Unreadable();
        return { type: 'flowQuery', orEmpty: !nothing };
      case 'flowQuery':
        if (!of.orEmpty || name !== 'user_uuid' || !nothing) throw new Unreadable();
        return { type: 'target' };
      case 'attributes':
        return this.#allowance(name, otherwise ?? none);
      case 'actor':
      case 'answer':
      case 'authMethod':
      case 'configuration':
      case 'constant':
      case 'field':
      case 'function':
      case 'httpRequest':
      case 'mayChange':
      case 'named':
      case 'pendingUser':
      case 'person':
      case 'personId':
      case 'plan':
      case 'request':
      case 'setting':
      case 'settings':
      case 'someText':
      case 'startedBy':
      case 'target':
      case 'token':
      case 'verifiedMark':
      case 'viewer':
        throw new Unreadable();
    }
  }

  /** What stands under a key, or else an error. */
  protected item(of: Value, key: Value): Value {
    if (key.type !== 'constant' || typeof key.value !== 'string') throw new Unreadable();
    if (of.type === 'promptData') {
      if (!this.isFilledIn(of.orEmpty, key.value)) throw new Raised();
      return { type: 'answer', field: personField(key.value), orEmpty: false };
    }
    if (of.type !== 'context') throw new Unreadable();
    if (!['flow_plan', 'prompt_data', 'is_restored'].includes(key.value)) throw new Unreadable();
    if (!this.compare('in', key, of)) throw new Raised();
    return this.get(of, key, undefined);
  }

  #known(of: 'request' | 'plan', name: string, otherwise: Value = none): Value {
    const nothing = isNone(otherwise);
    switch (name) {
      case 'flow_plan':
        if (of === 'plan' || !nothing) throw new Unreadable();
        return { type: 'plan' };
      case 'auth_method':
        if (!nothing && !isEmptyText(otherwise)) throw new Unreadable();
        return { type: 'authMethod', of };
      case 'pending_user':
        if (!nothing) throw new Unreadable();
        return { type: 'pendingUser' };
      case 'is_restored':
        return this.is(questions.restored) ? { type: 'token' } : otherwise;
      case 'is_sso':
        return this.is(questions.external) ? constant(true) : otherwise;
      case 'prompt_data':
        if (!nothing && otherwise.type !== 'emptyMap') throw new Unreadable();
        return { type: 'promptData', orEmpty: !nothing };
      case 'goauthentik.io/core/setup/started-by':
        if (!nothing) throw new Unreadable();
        return { type: 'startedBy' };
      default:
        throw new Unreadable();
    }
  }

  /**
   * Whether somebody may change something. What holds for those of whom nothing is said is a setting that is not here:
   * then they may not.
   */
  #allowance(name: string, otherwise: Value): Value {
    const field = fieldWith(name, changeAttribute);
    if (!field) throw new Unreadable();
    const isSetting = otherwise.type === 'setting' && otherwise.field === field;
    const isNo = otherwise.type === 'constant' && (otherwise.value === null || otherwise.value === false);
    if (!isSetting && !isNo) throw new Unreadable();
    return { type: 'mayChange', field };
  }

  #mustBePlanned(): void {
    if (!this.is(questions.plan)) throw new Raised();
  }
}
