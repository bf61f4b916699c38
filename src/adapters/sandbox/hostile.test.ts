import type { ExpressionFailure } from '../../flow/services/expressions.js';
import { createExpressions } from './expressions.js';

const DEADLINE_MILLISECONDS = 150;
const AMPLE_MILLISECONDS = 10_000;
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

describe.each([
  ['what reaches for the host', ESCAPES],
  ['what does not end', ENDLESS],
  ['what needs all memory', ENORMOUS],
  ['what returns nonsense', NONSENSE],
])('the sandbox ends %s', (_, corpus) => {
  const expressions = createExpressions({ workers: 1 });
  afterAll(() => expressions.close());

  it.each(corpus)('and goes on: %s', async (_name, source, ...endings) => {
    const outcome = await expressions.evaluate(source, INPUT, DEADLINE_MILLISECONDS);
    expect(endings).toContain(outcome.ok ? 'VALUE' : outcome.reason);
    expect(JSON.stringify(outcome).length).toBeLessThan(1_000);
    expect(await expressions.evaluate('user.name', INPUT, AMPLE_MILLISECONDS)).toEqual({
      ok: true,
      value: 'ann',
    });
  });
});
