import { Secret } from '../kernel/secret.js';
import { KeyRing } from '../identity/key-ring.js';
import { Fingerprints } from './fingerprints.js';
import type { FolderFile } from './folder.js';

const OLD = { id: 'old', bytes: Buffer.alloc(32, 1) };
const NEW = { id: 'new', bytes: Buffer.alloc(32, 2) };

interface Outside {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function fingerprints(
  { secrets = {}, variables = {}, parameters = {}, files = {} }: Outside,
  keys = new KeyRing([OLD]),
) {
  const environment = {
    secrets: new Map(Object.entries(secrets).map(([name, value]) => [name, new Secret(value)])),
    variables: { prefix: 'B_', values: new Map(Object.entries(variables)) },
    parameters: new Map(Object.entries(parameters)),
  };
  return new Fingerprints(keys, environment, {
    variable: () => 'FORBIDDEN',
    file: (path) => (path.startsWith('..') ? 'FORBIDDEN' : { text: files[path] }),
  });
}

function file(text: string, hash = 'hash'): FolderFile {
  return { file: 'a.yaml', text, hash };
}

const PLAIN = file('title: Welcome');
const USING = file(`secretKey: { secret: CAPTCHA }
title: !Env B_TITLE
text: !File [texts/a.txt, none]
other: !File "b.txt"
slug: { $parameter: mySlug }
json: {"$parameter": "layout"}
header: welcome`);
const outside = {
  secrets: { CAPTCHA: 'hunter2' },
  variables: { B_TITLE: 'Welcome' },
  parameters: { MY_SLUG: 'hunter3', LAYOUT: 'STACKED', HEADER: 'Hello' },
  files: { 'texts/a.txt': 'A', 'b.txt': 'B' },
};

it('is of what the file holds, where it uses nothing else', () => {
  const known = fingerprints(outside).of(PLAIN);
  expect(fingerprints({ secrets: { CAPTCHA: 'another' } }).isSame(known, PLAIN)).toBe(true);
  expect(fingerprints(outside).isSame(known, file('title: Welcome', 'another'))).toBe(false);
});

it.each([
  ['a secret', { ...outside, secrets: { CAPTCHA: 'another' } }],
  ['a secret that is gone', { ...outside, secrets: {} }],
  ['a variable', { ...outside, variables: { B_TITLE: 'Hello' } }],
  ['a parameter', { ...outside, parameters: { ...outside.parameters, MY_SLUG: 'other' } }],
  ['a parameter that has no value any more', { ...outside, parameters: { MY_SLUG: 'hunter3' } }],
  ['a file', { ...outside, files: { ...outside.files, 'texts/a.txt': 'a' } }],
  ['another file', { ...outside, files: { ...outside.files, 'b.txt': 'b' } }],
])('is another one where %s that it names has changed', (_what, changed) => {
  const known = fingerprints(outside).of(USING);
  expect(fingerprints(outside).isSame(known, USING)).toBe(true);
  expect(fingerprints(changed).isSame(known, USING)).toBe(false);
});

it('is the same where something has changed that the file does not name', () => {
  const known = fingerprints(outside).of(USING);
  const more = {
    ...outside,
    secrets: { CAPTCHA: 'hunter2', CAPTCHA_TWO: 'x' },
    parameters: { ...outside.parameters, HEADER: 'another', SLUG: 'another' },
    files: { ...outside.files, c: 'c' },
  };
  expect(fingerprints(more).isSame(known, USING)).toBe(true);
});

it('is the same in whichever order the environment has what the file names', () => {
  const turned = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).toReversed());
  const several = { ...outside, secrets: { CAPTCHA: 'hunter2', B_TITLE: 'hunter4' } };
  const known = fingerprints(several).of(USING);
  const others = { secrets: turned(several.secrets), parameters: turned(several.parameters) };
  expect(fingerprints({ ...several, ...others }).isSame(known, USING)).toBe(true);
});

it('tells nothing of what it uses to who has no keys, and stays the same when keys are replaced', () => {
  const known = fingerprints(outside).of(USING);
  expect(fingerprints(outside, new KeyRing([NEW])).of(USING)).not.toBe(known);
  expect(fingerprints(outside, new KeyRing([NEW, OLD])).isSame(known, USING)).toBe(true);
  expect(fingerprints(outside, new KeyRing([NEW])).isSame(known, USING)).toBe(false);
});
