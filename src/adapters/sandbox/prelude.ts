import { ADDRESSES } from './prelude-addresses.js';
import { FUNCTIONS } from './prelude-functions.js';
import { JSON_ONLY } from './prelude-json.js';

/**
 * Readies a fresh QuickJS context: a script whose value is `prepare(input, calls, longestResult)`, which returns
 * `run(body)`.
 *
 * What it takes away, beside the intrinsics that the worker never adds (`Date`, `Proxy`, typed arrays):
 * `Math.random`, so that an expression is a function of its input, and `eval` and the constructors of functions, so
 * that what was checked is what runs.
 *
 * `run` returns one string, whose first letter says how it went: `V` and the JSON of an `ExpressionResult`, `N` and the
 * name of the policy that it cannot do without, `U` (unusable result) or `E` (error) and a description, the
 * character 31, and a stack. Everything that it needs once the author's code runs it keeps in constants, since that code
 * may replace every built-in function. For the same reason it iterates over nothing, and its own objects have no
 * prototype. Regular expressions work by looking up their own methods, so these cannot be replaced.
 */
export const PRELUDE = `(function () {
  const { parse, stringify } = JSON;
  const { keys, defineProperty, freeze, getPrototypeOf, hasOwn, prototype: plain } = Object;
  const { isArray } = Array;
  const { isFinite } = Number;
  const { prototype: promise } = Promise;
  const AnyError = Error;
  const AnyTypeError = TypeError;
  const AnyRangeError = RangeError;
  const AnyRegExp = RegExp;
  const uncurried = Function.prototype.bind.bind(Function.prototype.call);
  const cut = uncurried(String.prototype.slice);
  const lowered = uncurried(String.prototype.toLowerCase);
  const normalized = uncurried(String.prototype.normalize);
  const search = uncurried(RegExp.prototype.exec);
  const substitute = uncurried(RegExp.prototype[Symbol.replace]);

  for (const callable of [function () {}, function* () {}, async function () {}, async function* () {}])
    delete getPrototypeOf(callable).constructor;
  delete globalThis.Function;
  delete globalThis.eval;
  delete Math.random;
  freeze(RegExp.prototype);

  const LONGEST_DESCRIPTION = 300;
  const LONGEST_STACK = 1000;
  const withoutResult = 'The result is undefined: a body of statements needs a return';

  const brief = (value, length) => (typeof value === 'string' ? cut(value, 0, length) : '');
  const explain = (error) =>
    brief(error.name, LONGEST_DESCRIPTION) + ': ' + brief(error.message, LONGEST_DESCRIPTION);

  const describe = (thrown) => {
    try {
      if (typeof thrown === 'string') return brief(thrown, LONGEST_DESCRIPTION);
      if (thrown instanceof AnyError) return explain(thrown) + '\\x1f' + brief(thrown.stack, LONGEST_STACK);
    } catch {}
    return 'Threw something that is not an Error';
  };
${JSON_ONLY}${FUNCTIONS}${ADDRESSES}
  return function prepare(inputText, callsText, longestResult) {
    const define = (name, value) =>
      defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true });

    const said = {
      __proto__: null,
      messages: listOf('messages', 20),
      log: listOf('lines', 100),
      writes: listOf('values were set', 50),
      events: listOf('events', 10),
    };
    const functions = functionsFor(parse(inputText).user ?? {}, said);
    for (const name of keys(functions)) define(name, functions[name]);
    const input = parse(inputText);
    for (const name of keys(input)) define(name, input[name]);

    const calls = parse(callsText);
    let needed;
    const callPolicy = (name) => {
      if (needed === undefined && hasOwn(calls, expectText(name, 'The name', LONGEST_NAME))) return parse(calls[name]);
      needed ??= name;
      throw new AnyError('The policy is asked first');
    };

    const ended = (body) => {
      let result;
      try {
        result = body(callPolicy)();
      } catch (thrown) {
        return 'E' + describe(thrown);
      }
      if (result === undefined) return 'U' + withoutResult;
      try {
        const json = jsonOf(result, 'The result', longestResult);
        if (json.refusal !== undefined) return 'U' + json.refusal;
        return 'V{"value":' + json.text + ',"messages":' + said.messages.json() + ',"log":' + said.log.json()
          + ',"writes":' + said.writes.json() + ',"events":' + said.events.json() + '}';
      } catch (thrown) {
        return 'U' + describe(thrown);
      }
    };

    return function run(body) {
      const ending = ended(body);
      return needed === undefined ? ending : 'N' + needed;
    };
  };
})()`;
