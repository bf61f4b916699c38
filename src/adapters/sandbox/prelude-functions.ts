/**
 * The part of the prelude that gives authors their functions: `functionsFor(user, said)` makes them for a person, or
 * for nobody, and keeps in `said` what is to come out. They throw, as built-in functions do, where an argument is
 * nothing to go by; what an author makes of that is only ever less.
 */
export const FUNCTIONS = `
  const LONGEST_MESSAGE = 1000;
  const LONGEST_LOGGED = 4000;
  const LONGEST_LOGGED_TEXT = 500;
  const MOST_LOGGED_VALUES = 20;
  const LONGEST_TARGET = 200;
  const LONGEST_WRITTEN = 20000;
  const LONGEST_DETAILS = 5000;
  const LONGEST_NAME = 200;
  const KINDS = ['TOTP', 'STATIC', 'WEBAUTHN', 'EMAIL', 'SMS'];

  const expectText = (value, what, longest) => {
    if (typeof value !== 'string') throw new AnyTypeError(what + ' must be a text');
    if (longest !== undefined && value.length > longest) throw new AnyRangeError(what + ' is too long');
    return value;
  };

  const expectJson = (value, what, longest) => {
    const json = jsonOf(value, what, longest);
    if (json.refusal !== undefined) throw new AnyTypeError(json.refusal);
    return json.text;
  };

  const listOf = (what, most) => {
    let count = 0;
    let entries = '';
    return {
      __proto__: null,
      isFull: () => count >= most,
      add(entry) {
        if (count >= most) throw new AnyRangeError('Too many ' + what);
        entries += (count++ > 0 ? ',' : '') + entry;
      },
      json: () => '[' + entries + ']',
    };
  };

  const loggable = (value) => {
    if (typeof value === 'string') return stringify(cut(value, 0, LONGEST_LOGGED_TEXT));
    let json;
    try {
      json = jsonOf(value, '', LONGEST_LOGGED);
      if (json.refusal === undefined) return json.text;
    } catch {}
    return stringify(value instanceof AnyError ? brief(explain(value), LONGEST_LOGGED_TEXT) : '(' + typeof value + ')');
  };

  const functionsFor = ({ groups = [], authenticators = [] }, said) => ({
    __proto__: null,

    message(text) {
      said.messages.add(stringify(expectText(text, 'A message', LONGEST_MESSAGE)));
    },

    log(...values) {
      if (said.log.isFull()) return;
      let line = '';
      for (let n = 0; n < values.length && n < MOST_LOGGED_VALUES; n++) line += (n > 0 ? ',' : '') + loggable(values[n]);
      said.log.add('[' + line + ']');
    },

    setContext(target, value) {
      const name = stringify(expectText(target, 'The target', LONGEST_TARGET));
      said.writes.add('{"target":' + name + ',"value":' + expectJson(value, 'The value', LONGEST_WRITTEN) + '}');
    },

    createEvent(name, details = {}) {
      if (search(/^[a-z][a-z0-9_]{0,49}$/, expectText(name, 'The name')) === null)
        throw new AnyTypeError('The name must be of small letters, digits and _');
      const json = expectJson(details, 'The details', LONGEST_DETAILS);
      if (json[0] !== '{') throw new AnyTypeError('The details must be an object');
      said.events.add('{"name":"' + name + '","details":' + json + '}');
    },

    isMember(groupName) {
      expectText(groupName, 'The name');
      for (let n = 0; n < groups.length; n++) if (groups[n] === groupName) return true;
      return false;
    },

    hasAuthenticator(kind) {
      if (kind === undefined) return authenticators.length > 0;
      let known = false;
      for (let n = 0; n < KINDS.length; n++) if (KINDS[n] === kind) known = true;
      if (!known) throw new AnyTypeError('The name is unknown');
      for (let n = 0; n < authenticators.length; n++) if (authenticators[n] === kind) return true;
      return false;
    },

    regexMatch(value, pattern) {
      const text = expectText(value, 'The value');
      return search(new AnyRegExp(expectText(pattern, 'The pattern'), 'u'), text) !== null;
    },

    regexReplace(value, pattern, replacement) {
      const text = expectText(value, 'The value');
      const expression = new AnyRegExp(expectText(pattern, 'The pattern'), 'gu');
      return substitute(expression, text, expectText(replacement, 'The replacement'));
    },

    inNetwork: isWithin,

    isPrivateAddress: isPrivate,

    slugify(text) {
      const letters = lowered(normalized(expectText(text, 'The text'), 'NFKD'));
      const words = substitute(/[^a-z0-9]+/g, substitute(/[\\u0300-\\u036f]/g, letters, ''), '-');
      return substitute(/^-|-$/g, words, '');
    },
  });
`;
