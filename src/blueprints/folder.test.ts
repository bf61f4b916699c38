import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { readFolder } from './folder.js';

let above: string;
let folder: string;

beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'blueprints-'));
  folder = join(above, 'folder');
  mkdirSync(folder);
});

afterEach(() => rmSync(above, { recursive: true }));

function put(file: string, content: string | Uint8Array, within = folder): void {
  mkdirSync(dirname(join(within, file)), { recursive: true });
  writeFileSync(join(within, file), content);
}

async function texts(path = folder): Promise<object> {
  return Object.fromEntries((await readFolder(path)).map(({ file, text }) => [file, text ?? null]));
}

it('brings documents by name, those of folders within it as well, and no other files', async () => {
  put('b.yaml', 'b');
  put('a.yml', 'a');
  put('teams/c.JSON', 'c');
  put('a/z.yaml', 'z');
  put('notes.txt', 'no document');
  expect((await readFolder(folder)).map(({ file }) => file)).toEqual([
    'a.yml',
    'a/z.yaml',
    'b.yaml',
    'teams/c.JSON',
  ]);
  expect(await texts()).toMatchObject({ 'b.yaml': 'b', 'teams/c.JSON': 'c' });
});

it('passes over what is hidden', async () => {
  put('.draft.yaml', 'x');
  put('.git/config.yaml', 'x');
  put('a.yaml', 'a');
  expect(await texts()).toEqual({ 'a.yaml': 'a' });
});

it('follows links to files that lie in the folder, as mounted ConfigMaps have them, and no others', async () => {
  put('outside.yaml', 'secret', above);
  put('folder-beside/x.yaml', 'secret', above);
  put('..2026_01_01/a.yaml', 'a');
  symlinkSync('..2026_01_01', join(folder, '..data'));
  symlinkSync('..data/a.yaml', join(folder, 'a.yaml'));
  symlinkSync('../outside.yaml', join(folder, 'b.yaml'));
  symlinkSync('../folder-beside/x.yaml', join(folder, 'c.yaml'));
  symlinkSync('/etc/hostname', join(folder, 'd.yaml'));
  symlinkSync('nowhere.yaml', join(folder, 'e.yaml'));
  symlinkSync('.', join(folder, 'loop.yaml'));
  symlinkSync('..', join(folder, 'up'));
  expect(await texts()).toEqual({ 'a.yaml': 'a' });
});

it('may be a link itself', async () => {
  put('a.yaml', 'a');
  symlinkSync('folder', join(above, 'current'));
  expect(await texts(join(above, 'current'))).toEqual({ 'a.yaml': 'a' });
});

it('does not wait for who writes into a pipe', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  put('a.yaml', 'a');
  symlinkSync(join(realpathSync(folder), 'pipe.yaml'), join(folder, 'linked.yaml'));
  expect(await texts()).toEqual({ 'a.yaml': 'a' });
});

it('has no text for what is larger than a document, or no UTF-8', async () => {
  put('large.yaml', Buffer.alloc(1024 * 1024 + 1, 'a'));
  put('largest.yaml', Buffer.alloc(1024 * 1024, 'a'));
  put('latin.yaml', Buffer.from([0x63, 0xe9]));
  put('marked.yaml', '\uFEFFmarked');
  const files = await texts();
  expect(files).toMatchObject({ 'large.yaml': null, 'latin.yaml': null, 'marked.yaml': 'marked' });
  expect(files).toHaveProperty(['largest.yaml'], 'a'.repeat(1024 * 1024));
});

it('tells by the hash that a file holds something else, and only then', async () => {
  const hashes = async () => (await readFolder(folder)).map(({ hash }) => hash);
  put('a.yaml', 'a');
  put('b.yaml', 'a');
  const [first, second] = await hashes();
  expect(first).toBe(second);
  put('a.yaml', 'b');
  put('b.yaml', 'a');
  expect(await hashes()).toEqual([expect.not.stringMatching(String(first)), second]);
});

it('rejects where the folder is not there, or is a file', async () => {
  await expect(readFolder(join(above, 'nowhere'))).rejects.toThrow('ENOENT');
  put('file', '', above);
  await expect(readFolder(join(above, 'file'))).rejects.toThrow('ENOTDIR');
});
