import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { allowedSources } from './external-sources.js';
import type { Outside } from './external-sources.js';

let above: string;
let folder: string;

beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'sources-'));
  folder = join(above, 'files');
  mkdirSync(join(folder, 'within'), { recursive: true });
  mkdirSync(join(above, 'files-beside'));
  writeFileSync(join(folder, 'a.txt'), 'text of a\n');
  writeFileSync(join(folder, 'within/b.txt'), 'text of b');
  writeFileSync(join(above, 'outside.txt'), 'hunter2');
  writeFileSync(join(above, 'files-beside/c.txt'), 'hunter2');
});

afterEach(() => rmSync(above, { recursive: true }));

const told = (outside: Outside) => (outside === 'FORBIDDEN' ? outside : (outside.text ?? 'nothing'));
const sources = () => allowedSources({ filesDirectory: folder, variables: null });
const read = (path: string) => told(sources().file(path));

describe('a file', () => {
  it('is read by its path in the folder, also where the whole path is given', () => {
    expect(read('a.txt')).toBe('text of a\n');
    expect(read('within/b.txt')).toBe('text of b');
    expect(read('within/../a.txt')).toBe('text of a\n');
    expect(read(join(folder, 'a.txt'))).toBe('text of a\n');
  });

  it.each([
    '../outside.txt',
    '../files-beside/c.txt',
    'within/../../outside.txt',
    '/etc/hostname',
    '..',
    '.',
    '',
  ])('outside of it is forbidden: %p', (path) => expect(read(path)).toBe('FORBIDDEN'));

  it('elsewhere is as forbidden where it is not there', () => {
    expect(read('../nowhere.txt')).toBe('FORBIDDEN');
    expect(read('/nowhere')).toBe('FORBIDDEN');
  });

  it('is forbidden where a link leads out of the folder, whatever the link is', () => {
    symlinkSync('../outside.txt', join(folder, 'link.txt'));
    symlinkSync('..', join(folder, 'up'));
    symlinkSync('../files-beside', join(folder, 'beside'));
    expect(['link.txt', 'up/outside.txt', 'beside/c.txt'].map(read)).toEqual(Array(3).fill('FORBIDDEN'));
  });

  it('is read through links that stay in the folder, and the folder may be one', () => {
    symlinkSync('within/b.txt', join(folder, 'link.txt'));
    symlinkSync('files', join(above, 'current'));
    expect(read('link.txt')).toBe('text of b');
    const linked = allowedSources({ filesDirectory: join(above, 'current'), variables: null });
    expect(told(linked.file('a.txt'))).toBe('text of a\n');
  });

  it('is not there where it is none: nothing, a folder, a pipe, no text, or too large', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    writeFileSync(join(folder, 'latin.txt'), Buffer.from([0xe9]));
    writeFileSync(join(folder, 'large.txt'), Buffer.alloc(256 * 1024 + 1, 'a'));
    expect(
      ['nowhere.txt', 'within', 'pipe', 'latin.txt', 'large.txt', 'a.txt\0', 'a.txt/x'].map(read),
    ).toEqual(Array(7).fill('nothing'));
  });

  it('cannot be looked for in what is no folder', () => {
    for (const filesDirectory of [join(above, 'nowhere'), join(folder, 'a.txt')]) {
      expect(() => allowedSources({ filesDirectory, variables: null })).toThrow(
        `STAGEDOOR_BLUEPRINTS_FILES_DIR names ${filesDirectory}, which is no folder.`,
      );
    }
  });

  it('is forbidden where the operator has named no folder', () => {
    expect(allowedSources({ filesDirectory: null, variables: null }).file('a.txt')).toBe('FORBIDDEN');
  });
});

describe('a variable', () => {
  const variables = { prefix: 'BLUEPRINT_', values: new Map([['BLUEPRINT_A', 'value']]) };
  const allowing = allowedSources({ filesDirectory: null, variables });

  it('is read where its name begins as the operator has said', () => {
    expect(allowing.variable('BLUEPRINT_A')).toEqual({ text: 'value' });
    expect(allowing.variable('BLUEPRINT_B')).toEqual({ text: undefined });
  });

  it('of another name is forbidden, whether it is set or not', () => {
    expect(
      ['PATH', 'DATABASE_URL', 'NOWHERE', 'blueprint_A', ''].map((name) => allowing.variable(name)),
    ).toEqual(Array(5).fill('FORBIDDEN'));
    expect(sources().variable('BLUEPRINT_A')).toBe('FORBIDDEN');
  });
});
