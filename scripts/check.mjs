// Every check and then the tests, each to its end: what failed first does not hide what fails next. The checks run two
// at a time, as most of them keep one core busy; the tests share out the cores themselves, so they run alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const AT_A_TIME = 2;
/** The slow ones first, so that the last to end has not begun late. */
const checks = [
  'lint',
  'types:coverage',
  'typecheck',
  'unused',
  'arch',
  'migrate:check',
  'client:check',
  'schema:check',
  'blueprint-schema:check',
  'readme:check',
  'lock:check',
];

const folder = mkdtempSync(join(tmpdir(), 'stagedoor-check-'));
const results = join(folder, 'jest.json');
const verdicts = await runChecks();
verdicts.push(await run('test', 'inherit', '--json', `--outputFile=${results}`));
const tests = countTests();
rmSync(folder, { recursive: true, force: true });

process.stdout.write('\n');
for (const { name, ok, seconds } of verdicts) {
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(15)} ${seconds.toFixed(1).padStart(6)} s\n`);
}
const failedChecks = verdicts.filter(({ name, ok }) => name !== 'test' && !ok).length;
const passed = checks.length - failedChecks + tests.passed;
const failed = failedChecks + tests.failed;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** The verdicts, in the order of `checks`; what a check says is printed in one piece, once it has ended. */
async function runChecks() {
  const waiting = checks.keys();
  const done = [];
  const worker = async () => {
    for (const index of waiting) done[index] = await run(checks[index], 'pipe');
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return done;
}

/** Through npm, which puts node_modules/.bin first, and with it the project's own Node. */
async function run(name, output, ...options) {
  if (output === 'inherit') process.stdout.write(heading(name));
  const startedAt = performance.now();
  const child = spawn('npm', ['run', '--silent', name, '--', ...options], {
    stdio: ['ignore', output, output],
    shell: process.platform === 'win32',
  });
  const said = [];
  child.stdout?.on('data', (chunk) => said.push(chunk));
  child.stderr?.on('data', (chunk) => said.push(chunk));
  const status = await ending(child);
  if (output === 'pipe') process.stdout.write(Buffer.concat([Buffer.from(heading(name)), ...said]));
  return { name, ok: status === 0, seconds: (performance.now() - startedAt) / 1000 };
}

/** The exit code; null where it was killed or could not be started. */
async function ending(child) {
  try {
    const [status] = await once(child, 'close');
    return status;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return null;
  }
}

function heading(name) {
  return `\n── ${name}\n`;
}

function countTests() {
  const { ok } = verdicts.at(-1);
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(results, 'utf8'),
  );
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  // jest may also fail for something that is no test: a setup, an unhandled error, a worker that was killed.
  return { passed: numPassedTests, failed: failed === 0 && !ok ? 1 : failed };
}
