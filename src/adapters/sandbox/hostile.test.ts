import type { ExpressionFailure } from '../../flow/services/expressions.js';
import { within } from '../../../test/support/sandbox.js';
import { createExpressions } from './expressions.js';

const BRIEF = within(150); // for what may take all its time: the rest gets what a busy machine needs for it
const AMPLE = within(10_000);
const INPUT = { user: { name: 'ann', secret: 'sesame' } };

/** A source, and how it may end. `VALUE` only where the value is harmless. */
type Hostile = readonly [name: string, source: string, ...endings: readonly (ExpressionFailure | 'VALUE')[]];

/** What reaches for the host, or out of the words around the source. */
const ESCAPES: readonly Hostile[] = [
  ['process', 'process.exit(1)', 'ERROR'],
  ['process of the global object', 'globalThis.process.env', 'ERROR'],
  ['require', 'require("node:child_process").execSync("id")', 'ERROR'],
  ['module', 'module.constructor._load("node:fs")', 'ERROR'],
  ['a dynamic import', 'import("node:fs").then((fs) => fs.readFileSync("/etc/passwd"))', 'ERROR'],
  ['a static import', 'import fs from "node:fs"; return fs', 'ERROR'],
  ['the meta object', 'import.meta.url', 'ERROR'],
  ['fetch', 'fetch("http://127.0.0.1")', 'ERROR'],
  ['a worker', 'new Worker("data:text/javascript,1")', 'ERROR'],
  ['posted messages', 'postMessage({ type: "ANSWER" })', 'ERROR'],
  ['the port of the worker', 'parentPort.postMessage(1)', 'ERROR'],
  ['WebAssembly', 'new WebAssembly.Memory({ initial: 1 })', 'ERROR'],
  ['the host object of QuickJS', 'std.open("/etc/passwd", "r")', 'ERROR'],
  ['a timer', 'setTimeout(() => {}, 1e9)', 'ERROR'],
  ['another timer', 'setInterval(() => {}, 1)', 'ERROR'],
  ['the queue of microtasks', 'queueMicrotask(() => {})', 'ERROR'],
  ['the time of the day', 'new Date().getTime()', 'ERROR'],
  ['a clock', 'performance.now()', 'ERROR'],
  ['a clock of shared memory', 'new Int32Array(new SharedArrayBuffer(4))', 'ERROR'],
  ['sleep', 'Atomics.wait([], 0, 0, 1e9)', 'ERROR'],
  ['chance', 'Math.random()', 'ERROR'],
  ['eval', 'eval("1")', 'ERROR'],
  ['indirect eval', '(0, globalThis.eval)("1")', 'ERROR'],
  ['the constructor of functions', 'Function("return this")().process', 'ERROR'],
  ['the constructor of a function', '(() => {}).constructor("return globalThis")()', 'ERROR'],
  ['the constructor of a method', '[].map.constructor("return this")()', 'ERROR'],
  ['the constructor of a class', '(class {}).constructor("return this")()', 'ERROR'],
  ['the constructor of generators', '(function* () {}).constructor("yield 1")()', 'ERROR', 'UNUSABLE_RESULT'],
  [
    'the constructor of async functions',
    '(async () => {}).constructor("return 1")()',
    'ERROR',
    'UNUSABLE_RESULT',
  ],
  [
    'the constructor of async generators',
    'Object.getPrototypeOf(async function* () {}).constructor("1")()',
    'ERROR',
    'UNUSABLE_RESULT',
  ],
  [
    'the constructor through Reflect',
    'Reflect.construct((() => {}).constructor, ["return this"])()',
    'ERROR',
  ],
  ['the caller', '(function f() { return f.caller })()', 'ERROR'],
  ['the callee', '(function () { return arguments.callee })()', 'ERROR'],
  ['the sloppy this', '(function () { return this })().process', 'ERROR'],
  [
    'frames of the stack',
    'Error.prepareStackTrace = (_, frames) => frames; return new Error().stack[0].getThis()',
    'ERROR',
  ],
  ['a proxy', 'new Proxy({}, { get() { for (;;); } }).a', 'ERROR'],
  ['a revocable proxy', 'Proxy.revocable({}, {}).proxy', 'ERROR'],
  ['the constructor by way of the input', 'user.__proto__.constructor.constructor("return this")()', 'ERROR'],
  [
    'another prototype of everything',
    'Object.setPrototypeOf(globalThis, { process: {} }); return process.env',
    'ERROR',
    'UNUSABLE_RESULT',
  ],
  ['another prototype of regular expressions', 'Object.setPrototypeOf(RegExp.prototype, { a: 1 })', 'ERROR'],
  ['other regular expressions', 'RegExp.prototype.exec = () => ["forged"]', 'ERROR'],
  ['closing parentheses', 'false) || (true', 'ERROR'],
  ['closing braces', '}); (function () { return true', 'ERROR'],
  [
    'closing braces behind a comment',
    'return false /*\n*/ } finally {} }); true; (function () { try {',
    'ERROR',
  ],
  ['an HTML comment', 'false <!-- || true\n', 'ERROR'],
  ['with', 'with (globalThis) { process }', 'ERROR'],
];

/** Time without end. */
const ENDLESS: readonly Hostile[] = [
  ['a loop', 'for (;;);', 'TIMEOUT'],
  [
    'a loop that catches everything',
    'for (;;) { try { for (;;); } catch {} finally { continue } }',
    'TIMEOUT',
  ],
  ['a loop in finally', 'try { for (;;); } finally { for (;;); }', 'TIMEOUT'],
  ['a loop in an async function', 'for (;;) (async () => { for (;;); })()', 'TIMEOUT', 'MEMORY'],
  ['a generator', 'function* all() { for (let n = 0; ; n++) yield n }\nfor (const n of all());', 'TIMEOUT'],
  [
    'a generator that does not return',
    'const g = (function* () { try { yield 1 } finally { for (;;); } })();\nfor (const n of g) break;',
    'TIMEOUT',
  ],
  [
    'an iterator',
    '[...{ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }]',
    'TIMEOUT',
    'MEMORY',
  ],
  [
    'mutual recursion that catches',
    'const f = () => { try { f() } catch { f() } };\nf()',
    'TIMEOUT',
    'ERROR',
    'MEMORY',
  ],
  ['a catastrophic regular expression', '/^(a+)+$/.test("a".repeat(40) + "b")', 'TIMEOUT', 'ERROR'],
  ['a catastrophic backreference', '/(x+x+)+y\\1/.test("x".repeat(60))', 'TIMEOUT', 'ERROR'],
  ['a catastrophic look-behind', '/(?<=(a|aa)+)b/.test("a".repeat(50) + "c")', 'TIMEOUT', 'ERROR', 'VALUE'],
  ['lastIndexOf', 'const s = "x".repeat(4 << 20); for (;;) s.lastIndexOf("yz")', 'TIMEOUT'],
  ['indexOf', 'const s = "x".repeat(4 << 20); for (;;) s.indexOf("xy")', 'TIMEOUT'],
  [
    'sort',
    'const a = Array.from({ length: 1e5 }, (_, n) => String((n * 7919) % 1e5)); for (;;) a.toSorted()',
    'TIMEOUT',
    'MEMORY',
  ],
  ['a comparator', 'Array.from({ length: 1e4 }, (_, n) => n).sort(() => { for (;;); })', 'TIMEOUT'],
  ['an array with nothing in it', 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)', 'TIMEOUT'],
  [
    'the length of an array',
    'const a = []; a.length = 2 ** 32 - 1; return a.join().length',
    'TIMEOUT',
    'MEMORY',
    'ERROR',
  ],
  ['a power of big integers', '(3n ** 1000000n) ** 10n > 1n', 'TIMEOUT', 'MEMORY', 'ERROR'],
  [
    'a big integer as text',
    '(2n ** 1000000n).toString().length && (() => { for (;;); })()',
    'TIMEOUT',
    'MEMORY',
    'ERROR',
  ],
  ['a replacement', 'let s = "a"; for (;;) s = s.replaceAll("a", "aa").slice(0, 1e6)', 'TIMEOUT', 'MEMORY'],
  ['JSON', 'const a = Array(1e5).fill(0); for (;;) JSON.parse(JSON.stringify(a))', 'TIMEOUT', 'MEMORY'],
  [
    'normalisation',
    'const s = "\\u1e9b\\u0323".repeat(1e5); for (;;) s.normalize("NFKD")',
    'TIMEOUT',
    'MEMORY',
  ],
  ['a getter of the result', '({ get a() { for (;;); } })', 'TIMEOUT'],
  ['toJSON of the result', '({ toJSON() { for (;;); } })', 'TIMEOUT'],
  [
    'a result that grows while it is written',
    'const grow = () => ({ get a() { return grow() } }); return grow()',
    'TIMEOUT',
    'MEMORY',
    'UNUSABLE_RESULT',
  ],
  ['the message of an error', 'throw { __proto__: Error.prototype, get message() { for (;;); } }', 'TIMEOUT'],
  [
    'an error that pretends',
    'Object.defineProperty(Error, Symbol.hasInstance, { value() { for (;;); } }); throw {}',
    'TIMEOUT',
  ],
  [
    'own built-in functions',
    'String.prototype.slice = Array.isArray = Object.getPrototypeOf = () => { for (;;); }; return { a: [] }.b.c',
    'ERROR',
  ],
];

/** Memory without end. */
const ENORMOUS: readonly Hostile[] = [
  ['a string that doubles', 'let s = "x"; for (;;) s += s', 'MEMORY', 'ERROR'],
  [
    'a string that doubles and is caught',
    'let s = "x"; for (;;) { try { s += s + s.length } catch { s = "x" } }',
    'TIMEOUT',
    'MEMORY',
  ],
  ['many strings', 'const a = []; for (;;) a.push("x".repeat(1e4) + a.length)', 'MEMORY', 'TIMEOUT'],
  ['padding', '"".padEnd(2 ** 29, "ab").length', 'MEMORY', 'ERROR'],
  ['repetition', '"x".repeat(2 ** 29)', 'MEMORY', 'ERROR'],
  ['a text without end', '["x"].concat(Array(1e6)).join("x".repeat(1e4))', 'MEMORY', 'ERROR', 'TIMEOUT'],
  ['arrays of arrays', 'const a = []; for (;;) a.push(new Array(1e4).fill(a))', 'MEMORY', 'TIMEOUT'],
  ['an array that is full', 'new Array(2 ** 31).fill(1).length', 'MEMORY', 'ERROR', 'TIMEOUT'],
  ['an array that flattens', 'let a = [1]; for (;;) a = [a, a].flat(Infinity)', 'MEMORY', 'TIMEOUT'],
  ['arguments', 'Math.max(...Array(1e7).fill(0))', 'MEMORY', 'ERROR', 'TIMEOUT'],
  ['a map', 'const m = new Map(); for (let n = 0; ; n++) m.set(n, { n })', 'MEMORY', 'TIMEOUT'],
  ['symbols', 'const a = []; for (;;) a.push(Symbol("x".repeat(1000) + a.length))', 'MEMORY', 'TIMEOUT'],
  ['a power', '2n ** (2n ** 40n) > 1n', 'MEMORY', 'ERROR'],
  ['a shift', '1n << (2n ** 30n) > 1n', 'MEMORY', 'ERROR'],
  ['promises', 'for (;;) Promise.resolve().then(() => {})', 'MEMORY', 'TIMEOUT'],
  ['closures', 'let f = () => 1; for (;;) { const g = f; f = () => g }', 'MEMORY', 'TIMEOUT'],
  [
    'memory that is caught',
    'const a = []; for (;;) { try { a.push(new Array(1e5).fill(1)) } catch { a.pop() } }',
    'MEMORY',
    'TIMEOUT',
    'ERROR',
  ],
  [
    'memory that is wanting and ignored',
    'const a = []; try { for (;;) a.push({ a }) } catch { return true }',
    'MEMORY',
    'TIMEOUT',
  ],
  ['recursion', '(function f() { return 1 + f() })()', 'ERROR'],
  ['recursion of a getter', 'const o = { get a() { return this.a } }; return o.a', 'ERROR', 'TIMEOUT'],
  ['recursion of conversion', 'const o = { toString() { return `${this}` } }; return `${o}`', 'ERROR'],
  ['recursion of a built-in function', 'const f = () => [1].map(f); return f()', 'ERROR'],
  ['recursion of parsing', 'JSON.parse("[".repeat(1e6))', 'ERROR', 'MEMORY'],
  ['a regular expression that is nested', 'new RegExp("(".repeat(1e5) + ")".repeat(1e5))', 'ERROR', 'MEMORY'],
  [
    'a regular expression that repeats',
    'new RegExp("(?:a{1000}){1000}".repeat(1000)).test("a")',
    'ERROR',
    'MEMORY',
    'TIMEOUT',
    'VALUE',
  ],
  [
    'a deep object',
    'let a = null; for (let n = 0; n < 1e6; n++) a = [a]; return a',
    'MEMORY',
    'UNUSABLE_RESULT',
    'ERROR',
    'TIMEOUT',
  ],
  ['the message of an error', 'throw new Error("x".repeat(1e7))', 'ERROR', 'MEMORY'],
  [
    'the name of an error',
    'const e = new Error("a"); e.name = "x".repeat(1e6); e.stack = e.name; throw e',
    'ERROR',
  ],
  ['many errors', 'throw new AggregateError(Array(1e5).fill(new Error("a")))', 'ERROR', 'MEMORY'],
];

/** Results that are none. */
const NONSENSE: readonly Hostile[] = [
  ['a promise that never settles', 'new Promise(() => {})', 'UNUSABLE_RESULT'],
  ['an async function that waits', '(async () => { for (;;) await 1; })()', 'UNUSABLE_RESULT'],
  ['an async generator', '(async function* () { yield 1 })()', 'UNUSABLE_RESULT'],
  ['a generator', '(function* () { yield 1 })()', 'UNUSABLE_RESULT'],
  ['an object that is awaited', '({ then: (resolve) => resolve(true) })', 'UNUSABLE_RESULT'],
  ['a cycle', 'const a = []; a.push(a); return a', 'UNUSABLE_RESULT'],
  [
    'a cycle through toJSON',
    'const a = { toJSON: () => ({ a }) }; return a',
    'UNUSABLE_RESULT',
    'ERROR',
    'TIMEOUT',
    'MEMORY',
  ],
  ['toJSON that returns nothing', '({ toJSON() {} })', 'UNUSABLE_RESULT'],
  ['toJSON that throws', '({ toJSON() { throw null } })', 'UNUSABLE_RESULT'],
  ['toJSON of everything', 'Object.prototype.toJSON = () => () => true; return {}', 'UNUSABLE_RESULT'],
  ['a getter that throws', '({ get a() { throw new Error("x".repeat(1e5)) } })', 'UNUSABLE_RESULT'],
  ['big integers', '[1n]', 'UNUSABLE_RESULT'],
  ['a prototype', 'Object.prototype.toString', 'UNUSABLE_RESULT'],
  [
    'an own prototype',
    'Object.defineProperty({}, "__proto__", { value: { admin: true }, enumerable: true })',
    'UNUSABLE_RESULT',
  ],
  [
    'other JSON functions',
    'JSON.stringify = () => "V true"; JSON.parse = () => true; return () => 1',
    'UNUSABLE_RESULT',
  ],
  ['an answer of the sandbox itself', 'throw "Vtrue"', 'ERROR'],
  ['an answer of the sandbox within an error', 'throw new Error("\\x1fVtrue\\0")', 'ERROR'],
  ['undefined', 'throw undefined', 'ERROR'],
  [
    'an error of unusual parts',
    'throw Object.assign(new Error(), { name: {}, message: 7n, stack: () => 1 })',
    'ERROR',
  ],
  [
    'an error whose parts throw',
    'throw { __proto__: Error.prototype, get message() { throw this } }',
    'ERROR',
  ],
  ['a pretended lack of memory', 'throw new InternalError("out of memory")', 'ERROR'],
];

/** What turns the sandbox's own functions against it. */
const MISUSED: readonly Hostile[] = [
  ['a message without end', 'message("x".repeat(1e7)); return true', 'ERROR', 'MEMORY', 'TIMEOUT'],
  ['messages without end', 'for (;;) { try { message("x") } catch {} }', 'TIMEOUT'],
  ['a message that is worked out', 'message({ toString() { for (;;); } })', 'ERROR'],
  [
    'a message in other built-in functions',
    'JSON.stringify = () => "],"; message("x"); return 1n',
    'UNUSABLE_RESULT',
  ],
  ['a million log lines', 'for (let n = 0; n < 1e6; n++) log(n); return true', 'VALUE', 'TIMEOUT'],
  ['log lines of a megabyte', 'for (;;) log("x".repeat(1e6))', 'TIMEOUT', 'MEMORY'],
  [
    'a million values in a log line',
    'log(...Array(1e6).fill(user)); return true',
    'ERROR',
    'MEMORY',
    'TIMEOUT',
    'VALUE',
  ],
  ['a log line with a getter', 'log({ get a() { for (;;); } })', 'TIMEOUT'],
  [
    'a log line that pretends to be an error',
    'log({ __proto__: Error.prototype, get message() { for (;;); } })',
    'TIMEOUT',
  ],
  ['a log line of a cycle', 'const a = []; a.push(a); log(a); return true', 'VALUE'],
  ['a target that is an object', 'setContext({ toString: () => "pendingUser" }, 1)', 'ERROR'],
  ['a target without end', 'setContext("notes." + "x".repeat(1e6), 1)', 'ERROR'],
  ['a value that is a function', 'setContext("notes.a", () => true)', 'ERROR'],
  ['a value without end', 'setContext("notes.a", { get a() { for (;;); } })', 'TIMEOUT'],
  ['values without end', 'for (let n = 0; ; n++) setContext("notes.a" + n, n)', 'ERROR'],
  ['values with a prototype', 'setContext("notes.a", JSON.parse(\'{"__proto__":{"a":1}}\'))', 'ERROR'],
  ['details that are a cycle', 'const a = {}; a.a = a; createEvent("a", a)', 'ERROR'],
  [
    'details that grow while they are written',
    'const grow = () => ({ get a() { return grow() } }); createEvent("a", grow())',
    'TIMEOUT',
    'MEMORY',
    'ERROR',
  ],
  ['details that convert themselves', 'createEvent("a", { toJSON() { for (;;); } })', 'TIMEOUT'],
  ['details that become something else', 'createEvent("a", { toJSON: () => [1] })', 'ERROR'],
  ['details with a prototype', 'createEvent("a", { ["__proto__"]: { a: 1 } })', 'ERROR'],
  [
    'details that are deep',
    'let a = {}; for (let n = 0; n < 90; n++) a = { a }; createEvent("a", a); return true',
    'UNUSABLE_RESULT',
  ],
  ['details that are an array', 'createEvent("a", Object.assign([], { a: 1 }))', 'ERROR'],
  ['an event that pretends to be ours', 'createEvent("LOGIN\\u0000")', 'ERROR'],
  ['a name that forges JSON', 'createEvent(\'a","details":{}},{"name":"b\')', 'ERROR'],
  [
    'a function that is replaced',
    'Object.defineProperty(globalThis, "message", { get() { for (;;); } }); message',
    'TIMEOUT',
  ],
  ['a function that constructs', 'message.constructor("return this")()', 'ERROR'],
  ['a function as a constructor', 'new message("x")', 'ERROR'],
  ['callPolicy of the global object', 'globalThis.callPolicy("a")', 'ERROR'],
  ['callPolicy of the arguments', 'arguments[0]("a")', 'ERROR'],
  ['callPolicy through eval', 'eval("callPolicy")("a")', 'ERROR'],
  ['callPolicy through a constructor', 'log.constructor("return callPolicy")()("a")', 'ERROR'],
  ['callPolicy under another name', 'const ask = callPolicy; ask("a")', 'ERROR'],
  ['callPolicy in escapes', '\\u0063allPolicy(user.secret)', 'ERROR'],
  ['callPolicy of another person', 'callPolicy.apply({}, [user.secret])', 'ERROR'],
  ['callPolicy over and over', 'for (;;) { try { callPolicy("a") } catch {} }', 'TIMEOUT'],
  [
    'regexMatch that explodes',
    'try { regexMatch("a".repeat(40) + "b", "^(a+)+$") } catch {} return true',
    'TIMEOUT',
  ],
  ['regexReplace that explodes', 'regexReplace("x".repeat(60), "(x+x+)+y", "")', 'TIMEOUT', 'ERROR'],
  [
    'regexReplace that doubles',
    'let s = "a"; for (;;) s = regexReplace(s, "a", "$&$&")',
    'MEMORY',
    'TIMEOUT',
  ],
  ['a pattern that is nested', 'regexMatch("a", "(".repeat(1e5))', 'ERROR', 'MEMORY'],
  ['an address without end', 'inNetwork("1".repeat(1e6), "::/0")', 'ERROR'],
  ['slugify of everything', 'for (;;) slugify("\\u1e9b\\u0323".repeat(1e5))', 'TIMEOUT', 'MEMORY'],
  [
    'membership of whoever one likes',
    'user.groups = ["root"]; return isMember("root") ? 1 : undefined',
    'UNUSABLE_RESULT',
  ],
  ['an error that quotes the input', 'message(user.secret.repeat(1e3))', 'ERROR'],
  ['a wrong address that is quoted', 'isPrivateAddress(user.secret)', 'ERROR'],
  ['a wrong pattern that is quoted', 'regexMatch("a", user.secret + "(")', 'ERROR'],
];

describe.each([
  ['what reaches for the host', ESCAPES],
  ['what does not end', ENDLESS],
  ['what needs all memory', ENORMOUS],
  ['what returns nonsense', NONSENSE],
  ['what misuses its functions', MISUSED],
])('the sandbox ends %s', (_, corpus) => {
  const expressions = createExpressions({ workers: 1 });
  afterAll(() => expressions.close());

  it.each(corpus)('and goes on: %s', async (_name, source, ...endings) => {
    const outcome = await expressions.evaluate(source, INPUT, endings.includes('TIMEOUT') ? BRIEF : AMPLE);
    expect(endings).toContain(outcome.ok ? 'VALUE' : outcome.reason);
    expect(JSON.stringify(outcome).length).toBeLessThan(1_000);
    expect(JSON.stringify(outcome)).not.toContain('sesame');
    expect(await expressions.evaluate('user.name', INPUT, AMPLE)).toMatchObject({ ok: true, value: 'ann' });
  });
});
