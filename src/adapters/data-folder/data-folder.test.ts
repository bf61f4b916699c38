import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keepDevelopmentKeys } from './key-file.js';
import { lockFolder } from './lock.js';

let parent: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'stagedoor-folder-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(parent, { recursive: true });
});

/** Runs a script in another process, on the built modules; settles with the first line that it prints. */
function elsewhere(script: string, folder: string): Promise<{ line: string; child: ChildProcess }> {
  const built = new URL('../../../dist/src/adapters/data-folder/', import.meta.url).href;
  const source = `import { keepDevelopmentKeys } from '${built}key-file.js';
    import { lockFolder } from '${built}lock.js';
    const folder = process.argv[1];
    ${script}`;
  const args = ['--input-type=module', '-e', source, folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve({ line: String(chunk).trim(), child }));
    child.once('exit', (code) => reject(new Error(`the other process ended with ${code}`)));
  });
}

const TAKE = `await lockFolder(folder).then(() => console.log('taken'), (error) => console.log(error.name));
  setInterval(() => undefined, 1000);`;

describe('the keys of a development installation', () => {
  it('are made once, in a folder and a file that only their owner may read', () => {
    const folder = join(parent, 'new', 'folder');
    const keys = keepDevelopmentKeys(folder);
    expect(keys).toMatch(/^development:[\w-]{43}$/);
    expect(keepDevelopmentKeys(folder)).toBe(keys);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'secret-keys')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['secret-keys']);
  });

  it('are the same for several processes that make them at once', async () => {
    const script = 'console.log(keepDevelopmentKeys(folder)); setInterval(() => undefined, 1000);';
    const answers = await Promise.all([1, 2, 3, 4].map(() => elsewhere(script, parent)));
    expect(new Set(answers.map(({ line }) => line))).toEqual(new Set([keepDevelopmentKeys(parent)]));
    expect(readdirSync(parent)).toEqual(['secret-keys']);
  });

  it('are not made anew where there is a file, whatever it holds', () => {
    writeFileSync(join(parent, 'secret-keys'), 'mine:abc\n');
    expect(keepDevelopmentKeys(parent)).toBe('mine:abc');
    expect(readFileSync(join(parent, 'secret-keys'), 'utf8')).toBe('mine:abc\n');
  });
});

describe('the lock of a folder', () => {
  it('is for one process, and free again once that gives it back', async () => {
    const unlock = await lockFolder(parent);
    expect((await elsewhere(TAKE, parent)).line).toBe('FolderInUse');
    await unlock();
    expect((await elsewhere(TAKE, parent)).line).toBe('taken');
  });

  it('is for one taker in the same process, too', async () => {
    const unlock = await lockFolder(parent);
    await expect(lockFolder(parent)).rejects.toMatchObject({ name: 'FolderInUse' });
    await unlock();
  });

  it('says which folder, and what can be done', async () => {
    const unlock = await lockFolder(parent);
    await expect(lockFolder(parent)).rejects.toThrow(/.*STAGEDOOR_DATA_DIR.*DATABASE_URL/);
    await expect(lockFolder(parent)).rejects.toThrow(parent);
    await unlock();
  });

  it('goes with its process, however that ends', async () => {
    const { line, child } = await elsewhere(TAKE, parent);
    expect(line).toBe('taken');
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    await (
      await lockFolder(parent)
    )();
  });

  it('holds for the folder, by whatever name', async () => {
    const unlock = await lockFolder(parent);
    const alias = `${parent}-alias`;
    symlinkSync(parent, alias);
    await expect(lockFolder(alias)).rejects.toMatchObject({ name: 'FolderInUse' });
    rmSync(alias);
    await unlock();
  });

  it('is of one folder only', async () => {
    const unlocks = [await lockFolder(join(parent, 'a')), await lockFolder(join(parent, 'b'))];
    for (const unlock of unlocks) await unlock();
  });
});
