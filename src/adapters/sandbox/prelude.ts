/**
 * Readies a fresh QuickJS context: a script whose value is `prepare(input, longestResult)`, which returns `run(body)`.
 *
 * What it takes away, beside the intrinsics that the worker never adds (`Date`, `Proxy`, typed arrays):
 * `Math.random`, so that an expression is a function of its input, and `eval` and the constructors of functions, so
 * that what was checked is what runs.
 *
 * `run` returns one string, whose first letter says how it went: `V` and JSON, `U` (unusable result) or `E`
 * (error) and a description, the character 31, and a stack. Everything that it needs after the author's code has run it keeps
 * in constants, since that code may have replaced every built-in function by then.
 */
export const PRELUDE = `(function () {
  const { parse, stringify } = JSON;
  const { keys, defineProperty, getPrototypeOf, prototype: plain } = Object;
  const { isArray } = Array;
  const { isFinite } = Number;
  const { prototype: promise } = Promise;
  const AnyError = Error;
  const cut = Function.prototype.call.bind(String.prototype.slice);

  for (const callable of [function () {}, function* () {}, async function () {}, async function* () {}])
    delete getPrototypeOf(callable).constructor;
  delete globalThis.Function;
  delete globalThis.eval;
  delete Math.random;

  const LONGEST_DESCRIPTION = 300;
  const LONGEST_STACK = 1000;
  const withoutResult = 'The result is undefined: a body of statements needs a return';

  const brief = (value, length) => (typeof value === 'string' ? cut(value, 0, length) : '');

  const describe = (thrown) => {
    try {
      if (typeof thrown === 'string') return brief(thrown, LONGEST_DESCRIPTION);
      if (thrown instanceof AnyError) {
        const name = brief(thrown.name, LONGEST_DESCRIPTION);
        const message = brief(thrown.message, LONGEST_DESCRIPTION);
        return name + ': ' + message + '\\x1f' + brief(thrown.stack, LONGEST_STACK);
      }
    } catch {}
    return 'Threw something that is not an Error';
  };

  return function prepare(inputText, longestResult) {
    const input = parse(inputText);
    for (const name of keys(input))
      defineProperty(globalThis, name, { value: input[name], writable: true, enumerable: true, configurable: true });

    return function run(body) {
      let result;
      try {
        result = body();
      } catch (thrown) {
        return 'E' + describe(thrown);
      }

      let refusal;
      const refuse = (reason) => {
        refusal = reason;
        throw refusal;
      };
      let isWhole = true;
      const onlyJson = function (key, value) {
        const wasWhole = isWhole;
        isWhole = false;
        if (key === '__proto__') refuse('The result has a property __proto__');
        switch (typeof value) {
          case 'string':
          case 'boolean':
            return value;
          case 'number':
            return isFinite(value) ? value : refuse('The result is or holds a number that is not finite');
          case 'undefined':
            if (wasWhole) refuse(withoutResult);
            return isArray(this) ? refuse('The result holds an array with undefined in it') : value;
          case 'object': {
            if (value === null || isArray(value)) return value;
            const parent = getPrototypeOf(value);
            if (parent === plain || parent === null) return value;
            return refuse(parent === promise
              ? 'The result is or holds a promise, and nothing is awaited'
              : 'The result is or holds an object that is neither plain nor an array');
          }
          default:
            return refuse('The result is or holds a ' + typeof value);
        }
      };
      try {
        const text = stringify(result, onlyJson);
        if (typeof text !== 'string') return 'U' + withoutResult;
        return text.length > longestResult ? 'U' + 'The result is too long' : 'V' + text;
      } catch (thrown) {
        return 'U' + (refusal ?? describe(thrown));
      }
    };
  };
})()`;
