/**
 * The part of the prelude that takes values out of the author's hands: `jsonOf(value, what, longest)` returns their
 * text as `text`, or in `refusal` why they have none. It throws what the value's own code throws.
 */
export const JSON_ONLY = `
  const jsonOf = (value, what, longest) => {
    let refusal;
    const refuse = (reason) => {
      refusal = what + reason;
      throw refusal;
    };
    let isWhole = true;
    const onlyJson = function (key, value) {
      const wasWhole = isWhole;
      isWhole = false;
      if (key === '__proto__') refuse(' has a property __proto__');
      switch (typeof value) {
        case 'string':
        case 'boolean':
          return value;
        case 'number':
          return isFinite(value) ? value : refuse(' is or holds a number that is not finite');
        case 'undefined':
          if (wasWhole) refuse(' is undefined');
          return isArray(this) ? refuse(' holds an array with undefined in it') : value;
        case 'object': {
          if (value === null || isArray(value)) return value;
          const parent = getPrototypeOf(value);
          if (parent === plain || parent === null) return value;
          return refuse(parent === promise
            ? ' is or holds a promise, and nothing is awaited'
            : ' is or holds an object that is neither plain nor an array');
        }
        default:
          return refuse(' is or holds a ' + typeof value);
      }
    };
    try {
      const text = stringify(value, onlyJson);
      return text.length > longest
        ? { __proto__: null, refusal: what + ' is too long' }
        : { __proto__: null, refusal: undefined, text };
    } catch (thrown) {
      if (refusal === undefined) throw thrown;
      return { __proto__: null, refusal };
    }
  };
`;
