// Runs in a worker thread. In tests this very file is run by Node, which only strips types: no syntax here may need
// more than that, and no module of ours may be imported except for its types.
// type-coverage:ignore-next-line -- any by declaration; it is checked where it is read
import { parentPort, workerData } from 'node:worker_threads';
import { constants, setPriority } from 'node:os';
import {
  type QuickJSContext,
  type QuickJSHandle,
  RELEASE_SYNC,
  Scope,
  newQuickJSWASMModuleFromVariant,
  newVariant,
} from 'quickjs-emscripten';
import type { Answer, FromWorker, Problem, Task, WorkerSetup } from './protocol.js';

/** TypeScript declares WebAssembly only together with the whole DOM. */
declare const WebAssembly: {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
    grow: (pages: number) => number;
  };
};

const KILOBYTE = 1024;
const INITIAL_PAGES = 256;
const MAXIMUM_PAGES = 512;
const STACK_BYTES = 256 * KILOBYTE;
const LONGEST_RESULT = 64 * KILOBYTE;
/** The result itself, in what is said beside it. */
const DEEPEST_RESULT = 1 + 64;
const STACK_SEPARATOR = '\x1f';

const INTRINSICS = {
  BaseObjects: true,
  Eval: true, // what compiles the expression itself; the prelude removes it from the expression's reach
  JSON: true,
  MapSet: true,
  Promise: true,
  RegExp: true,
  StringNormalize: true,
};

if (parentPort === null) throw new Error('worker.ts is the body of a worker thread');
const port = parentPort;
// eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- set by Thread, which starts this file
const { prelude, isLowPriority }: WorkerSetup = workerData;
// On Linux this is about this thread; elsewhere it would be about the whole process.
if (isLowPriority && process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);

// QuickJS's own memory limit sees only single allocations. The cap of the WebAssembly memory holds.
const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
const initialBytes = memory.buffer.byteLength;
const grow = memory.grow.bind(memory);
let isRefused = false;
memory.grow = (pages) => {
  try {
    return grow(pages);
  } catch (error) {
    isRefused = true;
    throw error;
  }
};
const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(RELEASE_SYNC, { wasmMemory: memory }));

port.on('message', (task: Task) => {
  const scope = new Scope();
  let answer: Answer;
  let isSpent = false;
  try {
    answer = answerTo(task, scope);
  } catch {
    answer = { kind: 'BROKEN' };
    isSpent = true;
  }
  // Even where the expression caught the error: what was computed without the memory is not to be trusted.
  if (isRefused) answer = { kind: 'MEMORY' };
  // Memory never shrinks, and after a failed allocation freeing may abort: such a worker is given up.
  isSpent ||= isRefused || memory.buffer.byteLength > initialBytes;
  if (!isSpent) isSpent = !isDisposed(scope);
  send({ type: 'ANSWER', answer, isSpent });
});
send({ type: 'READY' });

function send(message: FromWorker): void {
  port.postMessage(message);
}

function isDisposed(scope: Scope): boolean {
  try {
    scope.dispose();
    return true;
  } catch {
    return false;
  }
}

/** Throws only where the sandbox itself failed. */
function answerTo({ script, input, calls, deadlineMilliseconds }: Task, scope: Scope): Answer {
  const runtime = scope.manage(quickjs.newRuntime());
  runtime.setMaxStackSize(STACK_BYTES);
  const context = scope.manage(runtime.newContext({ intrinsics: INTRINSICS }));

  const evaluate = (code: string, name: string) =>
    scope.manage(context.evalCode(code, name, { strict: true }));
  const call = (callable: QuickJSHandle, ...values: QuickJSHandle[]) =>
    scope.manage(context.callFunction(callable, context.undefined, ...values));

  const prepare = context.unwrapResult(evaluate(prelude, 'prelude'));
  const inputText = scope.manage(context.newString(input));
  const longest = scope.manage(context.newNumber(LONGEST_RESULT));
  const callsText = scope.manage(context.newString(calls));
  const run = context.unwrapResult(call(prepare, inputText, callsText, longest));

  const begunAt = performance.now();
  const deadline = begunAt + deadlineMilliseconds;
  const time = { isOver: false };
  runtime.setInterruptHandler(() => (time.isOver = performance.now() > deadline));
  const body = evaluate(script, 'expression');
  if (body.error) return { kind: 'ERROR', problem: problemOf(context, body.error, scope) };
  const result = call(run, body.value);
  if (time.isOver) return { kind: 'TIMEOUT' };
  if (result.error) return { kind: 'ERROR', problem: problemOf(context, result.error, scope) };
  return answerIn(context.getString(result.value), performance.now() - begunAt);
}

/** Reads what the prelude's `run` returned. */
function answerIn(text: string, milliseconds: number): Answer {
  const rest = text.slice(1);
  const [description = '', stack = ''] = rest.split(STACK_SEPARATOR);
  switch (text.charAt(0)) {
    case 'V':
      return depthOf(rest) > DEEPEST_RESULT
        ? { kind: 'UNUSABLE_RESULT', problem: { description: 'The result is nested too deeply', stack: '' } }
        : { kind: 'VALUE', json: rest };
    case 'N':
      return { kind: 'NEEDS', name: rest, milliseconds };
    case 'U':
      return { kind: 'UNUSABLE_RESULT', problem: { description, stack } };
    case 'E':
      return { kind: 'ERROR', problem: { description, stack } };
    default:
      return { kind: 'BROKEN' };
  }
}

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/** For errors that QuickJS itself raised; what an expression throws is described by the prelude. */
function problemOf(context: QuickJSContext, error: QuickJSHandle, scope: Scope): Problem {
  const read = (name: string): string => {
    const property = scope.manage(context.getProp(error, name));
    return context.typeof(property) === 'string' ? context.getString(property) : '';
  };
  return { description: `${read('name')}: ${read('message')}`, stack: read('stack') };
}
