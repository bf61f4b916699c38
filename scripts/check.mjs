// Every check and then the tests, each to its end: what failed first does not hide what fails next.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const checks = [
  'lint',
  'typecheck',
  'arch',
  'types:coverage',
  'unused',
  'lock:check',
  'schema:check',
  'client:check',
  'migrate:check',
  'readme:check',
];

const folder = mkdtempSync(join(tmpdir(), 'stagedoor-check-'));
const results = join(folder, 'jest.json');
const verdicts = checks.map((name) => run(name));
verdicts.push(run('test', '--json', `--outputFile=${results}`));
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

/** Through npm, which puts node_modules/.bin first, and with it the project's own Node. */
function run(name, ...options) {
  process.stdout.write(`\n── ${name}\n`);
  const startedAt = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', name, '--', ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return { name, ok: status === 0, seconds: (performance.now() - startedAt) / 1000 };
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
