import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const readme = readFileSync('README.md', 'utf8');

let folder: string;
let service: ChildProcess;
let address: string;

/** The shell script that follows a marker in the README, to be run against the service of this test. */
function example(name: string): string {
  const script = new RegExp(`<!-- example:${name} -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (script === undefined) throw new Error(`the README has no example ${name}`);
  return script.replaceAll('http://localhost:4000', address);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-readme-'));
  service = spawn(process.execPath, ['dist/src/main.js'], {
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: '',
      STAGEDOOR_DATA_DIR: join(folder, 'data'),
      STAGEDOOR_ADMIN_USERNAME: 'ada',
      STAGEDOOR_ADMIN_PASSWORD: 'correct horse battery staple',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  address = await new Promise((resolve, reject) => {
    service.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    service.stdout?.on('data', (text: Buffer) => {
      const found = /listening on (http:\S+)\)/.exec(text.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => service.once('exit', resolve));
  service.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true });
});

describe("the README's first login by curl", () => {
  it.each(['browser', 'native'])('signs in as it says: %s', async (name) => {
    const { stdout } = await run('sh', ['-euc', example(name)], { cwd: folder });
    expect(stdout).toContain('"__typename":"FlowCompleted"');
    expect(stdout).toContain('"username":"ada","isSuperuser":true');
  });

  it('is followed to its end', async () => {
    const { stdout } = await run('sh', ['-euc', example('browser') + example('following')], { cwd: folder });
    const told = '{"data":{"flowExecutionChanged":{"step":{"__typename":"FlowCompleted"}}}}';
    expect(stdout).toMatch(/:\n\nevent: next\ndata: .*\n\nevent: complete\ndata:\n\n$/);
    expect(stdout).toContain(told);
  });
});
