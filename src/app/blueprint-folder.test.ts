import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Refusal } from '../kernel/refusal.js';
import { Secret } from '../kernel/secret.js';
import { fileOutcome } from '../blueprints/file-outcome.js';
import type { FileOutcome } from '../blueprints/file-outcome.js';
import { Fingerprints } from '../blueprints/fingerprints.js';
import type { ImportRequest } from '../blueprints/import-request.js';
import type { ParameterVariables } from '../blueprints/parameter-variables.js';
import { errorAt } from '../blueprints/problem.js';
import type { BlueprintResult } from '../blueprints/result.js';
import type { FailedImport } from '../flow/imports.js';
import { KeyRing } from '../identity/key-ring.js';
import { BlueprintFolder } from './blueprint-folder.js';

let folder: string;
/** What all processes share. */
let outcomes: Map<string, FileOutcome>;
let failures: FailedImport[];
let applied: string[];
/** What documents have made that others want. */
let made: Set<string>;
let log: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-'));
  outcomes = new Map();
  failures = [];
  applied = [];
  made = new Set();
  log = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

function keep(outcome: FileOutcome): void {
  outcomes.set(outcome.file, outcome);
}

/** Documents such as `makes a` and `wants a`; others throw, or are wrong. */
async function importDocument({ text, file, note }: ImportRequest): Promise<BlueprintResult> {
  const [verb = '', what = ''] = text.split(' ');
  if (text === 'breaks') throw new Error('hunter2');
  if (text === 'clashes') throw new Refusal('CONFLICT', 'Somebody else was faster.');
  if (text === 'offline') throw Object.assign(new Error('nobody there'), { code: 'ECONNREFUSED' });
  const isFine = verb === 'makes' || (verb === 'wants' && made.has(what));
  if (!isFine) {
    const problems = [errorAt(['entries', 0], 'NOT_FOUND', `There is no ${what}.`)];
    return { name: text, applied: false, changes: [], problems };
  }
  if (verb === 'makes') made.add(what);
  applied.push(`${file}: ${text}`);
  const result: BlueprintResult = {
    name: text,
    applied: true,
    changes: [{ action: 'CREATE', object: `group:${what}`, fields: [] }],
    problems: [],
  };
  if (note) keep(fileOutcome.parse(JSON.parse(note(result).value)));
  return result;
}

function node(
  directory = folder,
  secret = 'first',
  parameters: ParameterVariables = new Map(),
): BlueprintFolder {
  const tell = (line: unknown, message?: string) => void log.push(`${message} ${JSON.stringify(line)}`);
  return new BlueprintFolder({
    directory,
    parameters,
    importer: { import: importDocument },
    importLog: {
      async failed(document) {
        failures.push(document);
      },
    },
    fingerprints: new Fingerprints(
      new KeyRing([{ id: 'a', bytes: Buffer.alloc(32, 1) }]),
      { secrets: new Map([['SECRET', new Secret(secret)]]), variables: null, parameters },
      { file: () => 'FORBIDDEN', variable: () => 'FORBIDDEN' },
    ),
    outcomes: {
      all: async () => [...outcomes.values()],
      keep: async (outcome) => keep(outcome),
    },
    clock: { now: () => new Date('2030-01-01T00:00:00Z') },
    logger: { info: tell, warn: tell, error: tell },
    exclusively: (work) => work(),
  });
}

async function lookTwice(at: BlueprintFolder): Promise<void> {
  await at.look();
  await at.look();
}

it('applies what there is at the start, by name, and once for each content, whichever process looks', async () => {
  put('b.yaml', 'makes b');
  put('a.yaml', 'makes a');
  const first = node();
  await first.start();
  expect(applied).toEqual(['a.yaml: makes a', 'b.yaml: makes b']);
  await lookTwice(first);
  await node().start();
  expect(applied).toHaveLength(2);
  expect(outcomes.get('a.yaml')).toMatchObject({
    applied: true,
    name: 'makes a',
    created: 1,
    isPresent: true,
  });
});

it('applies a file that is new or another one, once it has stood still for a look', async () => {
  const here = node();
  await here.start();
  put('a.yaml', 'makes');
  await here.look();
  put('a.yaml', 'makes a');
  await here.look();
  expect(applied).toEqual([]);
  await here.look();
  expect(applied).toEqual(['a.yaml: makes a']);
  put('a.yaml', 'makes b');
  await lookTwice(here);
  expect(applied).toEqual(['a.yaml: makes a', 'a.yaml: makes b']);
});

it('applies a file anew where a secret that it names is another one', async () => {
  put('a.yaml', 'makes SECRET');
  put('b.yaml', 'makes b');
  await node().start();
  await node(folder, 'second').start();
  expect(applied).toEqual(['a.yaml: makes SECRET', 'b.yaml: makes b', 'a.yaml: makes SECRET']);
  expect(JSON.stringify([...outcomes.values()])).not.toMatch(/first|second/);
});

it('applies a file anew where a parameter that it uses has another value', async () => {
  const where = (value: string) => node(folder, 'first', new Map([['MY_SLUG', value]]));
  put('a.yaml', 'makes $parameter: mySlug');
  put('b.yaml', 'makes mySlug');
  await where('first').start();
  await where('second').start();
  await where('second').start();
  expect(applied).toEqual([
    'a.yaml: makes $parameter: mySlug',
    'b.yaml: makes mySlug',
    'a.yaml: makes $parameter: mySlug',
  ]);
  expect(JSON.stringify([...outcomes.values()])).not.toMatch(/first|second/);
});

it('lets a document that fails wait, and the others not wait for it', async () => {
  put('a.yaml', 'wants x');
  put('b.yaml', 'makes b');
  const here = node();
  await here.start();
  expect(applied).toEqual(['b.yaml: makes b']);
  expect(outcomes.get('a.yaml')).toMatchObject({
    applied: false,
    problemCount: 1,
    problems: [{ path: 'entries[0]', code: 'NOT_FOUND', severity: 'ERROR' }],
  });
  expect(failures).toMatchObject([{ file: 'a.yaml', name: 'wants x', problems: [{ code: 'NOT_FOUND' }] }]);
  await lookTwice(here);
  expect(log.filter((line) => line.startsWith('could not apply'))).toHaveLength(1);
  put('a.yaml', 'makes a');
  await lookTwice(here);
  expect(applied).toEqual(['b.yaml: makes b', 'a.yaml: makes a']);
});

it('tries again what has failed where another document gets through, whatever they are called', async () => {
  put('a.yaml', 'wants b');
  put('b.yaml', 'wants c');
  put('c.yaml', 'makes c');
  const here = node();
  await here.start();
  expect(applied).toEqual(['c.yaml: makes c', 'b.yaml: wants c']);
  put('d.yaml', 'makes b');
  await lookTwice(here);
  expect(applied.slice(2)).toEqual(['d.yaml: makes b', 'a.yaml: wants b']);
});

it('tries again at a start what has failed, and records what fails in the same way only once', async () => {
  put('a.yaml', 'wants x');
  await node().start();
  await node().start();
  expect(failures).toHaveLength(1);
  made.add('x');
  await node().start();
  expect(applied).toEqual(['a.yaml: wants x']);
});

it('does not undo what a process with another folder has applied', async () => {
  const newer = mkdtempSync(join(tmpdir(), 'newer-'));
  try {
    put('a.yaml', 'makes old');
    const old = node();
    await old.start();
    writeFileSync(join(newer, 'a.yaml'), 'makes new');
    await node(newer).start();
    await lookTwice(old);
    put('b.yaml', 'makes b');
    await lookTwice(old);
    expect(applied).toEqual(['a.yaml: makes old', 'a.yaml: makes new', 'b.yaml: makes b']);
  } finally {
    rmSync(newer, { recursive: true });
  }
});

it('forgets nothing where a file is gone, and applies it no second time where it is back', async () => {
  put('a.yaml', 'makes a');
  const here = node();
  await here.start();
  rmSync(join(folder, 'a.yaml'));
  await lookTwice(here);
  expect(outcomes.get('a.yaml')).toMatchObject({ applied: true, isPresent: false });
  put('a.yaml', 'makes a');
  await lookTwice(here);
  expect(outcomes.get('a.yaml')).toMatchObject({ applied: true, isPresent: true });
  expect(applied).toEqual(['a.yaml: makes a']);
});

it('says once that the folder cannot be read, and goes on where it can again', async () => {
  put('a.yaml', 'makes a');
  const here = node();
  await here.start();
  renameSync(folder, `${folder}-away`);
  await lookTwice(here);
  expect(here.isReadable).toBe(false);
  expect(log.filter((line) => line.startsWith('the folder of documents cannot be read'))).toHaveLength(1);
  expect(outcomes.get('a.yaml')?.isPresent).toBe(true);
  renameSync(`${folder}-away`, folder);
  put('b.yaml', 'makes b');
  await lookTwice(here);
  expect(here.isReadable).toBe(true);
  expect(applied).toEqual(['a.yaml: makes a', 'b.yaml: makes b']);
});

it('does not start on a folder that is not there', async () => {
  await expect(node(join(folder, 'nowhere')).start()).rejects.toThrow(
    /^STAGEDOOR_BLUEPRINTS_DIR names .*nowhere, which cannot be read:$/,
  );
});

it('tells neither the log of documents nor the event log what went wrong on our side', async () => {
  put('a.yaml', 'breaks');
  put('b.yaml', 'clashes');
  writeFileSync(join(folder, 'c.yaml'), Buffer.from([0xe9]));
  put('d.yaml', 'makes d');
  await node().start();
  expect(applied).toEqual(['d.yaml: makes d']);
  expect([...outcomes.values()].map(({ problems }) => problems[0]?.message)).toEqual(
    expect.arrayContaining([
      'Something went wrong on our side: the log tells more.',
      'Somebody else was faster.',
      expect.stringMatching('UTF-8'),
    ]),
  );
  expect(JSON.stringify([[...outcomes.values()], failures])).not.toContain('hunter2');
});

it('is not done with a file over which the database was lost', async () => {
  const here = node();
  await here.start();
  put('a.yaml', 'offline');
  await here.look();
  await expect(here.look()).rejects.toThrow('nobody there');
  await expect(here.look()).rejects.toThrow('nobody there');
  expect(outcomes.size).toBe(0);
});
