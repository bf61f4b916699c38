import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

import ts from 'typescript';
import { z } from 'zod';

import { createExpressions } from '../../src/adapters/sandbox/expressions.js';
import type { Location } from '../../src/flow/location.js';
import type { PolicyInput } from '../../src/flow/policy-kind.js';
import { policyView } from '../../src/flow/policy-view.js';
import { flow, person } from '../support/definitions.js';
import { NOW } from '../support/engine.js';
import { within } from '../support/sandbox.js';

const DECLARATIONS = 'expressions.d.ts';
const declarations = readFileSync(new URL('../../types/expressions.d.ts', import.meta.url), 'utf8');

const asBody = (source: string): string => `export const decide = (): ExpressionResult => {\n${source}\n};\n`;

/** What the compiler has to say about each of these texts, beside the declarations. */
function complaintsAbout(texts: readonly string[]): string[][] {
  const files = new Map(texts.map((text, index) => [`sample-${String(index)}.ts`, text]));
  files.set(DECLARATIONS, declarations);
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, types: [], lib: ['lib.es2023.d.ts'] },
    ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ES2022 },
  };
  const host = ts.createCompilerHost(options);
  const fromDisk = host.getSourceFile.bind(host);
  host.fileExists = (name) => files.has(name);
  host.getSourceFile = (name, version) => {
    const text = files.get(name);
    return text === undefined ? fromDisk(name, version) : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  expect(complaints(program, DECLARATIONS)).toEqual([]);
  return texts.map((_, index) => complaints(program, `sample-${String(index)}.ts`));
}

function complaints(program: ts.Program, name: string): string[] {
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(name))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

function declaredNames(): string[] {
  const file = ts.createSourceFile(DECLARATIONS, declarations, ts.ScriptTarget.ES2023);
  const names = file.statements.flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement)) return statement.name ? [statement.name.text] : [];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.map(({ name }) => name.getText(file));
  });
  return [...new Set(names)];
}

const place: Location = {
  ...{ country: 'CA', continent: 'NA', city: 'Ottawa', latitude: 45.4, longitude: -75.7 },
  ...{ asn: 64496, organization: 'Example' },
};

const input = (also: Partial<PolicyInput> = {}): PolicyInput => ({
  ...{ flow: flow([]), user: null, viewer: null, now: NOW, newPasswords: {}, proofs: [] },
  ...{ signedInRecently: false, redirectedFrom: null, restored: false, mayWrite: true },
  client: {
    kind: 'NATIVE',
    address: '192.0.2.1',
    userAgent: 'test',
    languages: [],
    browser: null,
    location: null,
  },
  context: {},
  ...also,
});

const views = [
  policyView(input()),
  policyView(
    input({
      ...{
        user: person('ada', { attributes: { floors: [1, { of: null }] } }),
        viewer: person('ada'),
        proofs: ['pwd'],
        redirectedFrom: 'other',
      },
      client: {
        kind: 'BROWSER',
        address: '192.0.2.1',
        userAgent: 'test',
        languages: [],
        browser: null,
        location: place,
      },
      context: {
        pendingUser: { id: null, identifier: 'ada' },
        ...{
          loginHint: 'ada',
          promptData: { email: 'a@b', age: 36, 'a.b': true },
          denyMessage: 'no',
          redirectTarget: '/',
        },
        notes: { a: [1, null] },
        somethingNew: true,
      },
    }),
  ),
];

const good = [
  'return true;',
  'return { passing: user?.isSuperuser === true, messages: [] };',
  "return { passing: user !== null && user.groups.includes('staff') };",
  "return user?.attributes.department === 'deck';",
  "if (viewer === null) message('Sign in first.');\nreturn viewer !== null;",
  "return request.geo?.country === 'CA' || (request.asn?.number ?? 0) > 1 || request.time > '2030';",
  "return inNetwork(request.clientIp, '10.0.0.0/8') || isPrivateAddress(request.clientIp);",
  "setContext('notes.seen', { by: [flow.slug, null] });\nsetContext('denyMessage', 'no');\nreturn true;",
  "setContext('promptData.age', 36);\nsetContext('promptData.a.b', true);\nreturn context.promptData?.age === 36;",
  "createEvent('seen');\ncreateEvent('seen', { name: user?.name });\nlog('a', 1, {});\nreturn execution.restored;",
  "const { passing, messages } = callPolicy('other');\nreturn { passing, messages };",
  "return isMember('staff') && regexMatch('a', 'b') && regexReplace('a', 'b', slugify('c')) === 'd';",
  "return callPolicy('other');",
  "return hasAuthenticator() && hasAuthenticator('TOTP') && execution.level === 2;",
  "return user?.authenticators.includes('WEBAUTHN') ?? false;",
  'return context.promptData?.email === context.pendingUser?.identifier;',
  "return new Map([[1, 'a']]).size === 1 && [3].toSorted()[0] === 3;",
];

const bad: readonly (readonly [source: string, complaint: string])[] = [
  ['return 1;', "Type '1' is not assignable to type 'ExpressionResult'"],
  ['message();\n', 'must return a value'],
  ["return { passing: 'yes' };", "Type 'string' is not assignable to type 'boolean'"],
  ['return { passing: true, admin: true };', "'admin' does not exist"],
  ['return user.isSuperuser;', "'user' is possibly 'null'"],
  ["return user?.password === '';", "Property 'password' does not exist"],
  ['message(1);\nreturn true;', "Argument of type 'number'"],
  ["setContext('pendingUser', { id: 'x' });\nreturn true;", 'No overload matches this call'],
  ["setContext('denyMessage', { no: true });\nreturn true;", 'No overload matches this call'],
  ["setContext('promptData.a', []);\nreturn true;", 'No overload matches this call'],
  ["createEvent('seen', [() => 1]);\nreturn true;", "Type '() => number' is not assignable"],
  ["return callPolicy('other').rawResult;", "Type 'JsonValue'"],
  ["return hasAuthenticator('totp');", 'Argument of type \'"totp"\''],
  ['return isMember(1);', "Argument of type 'number'"],
  ["request.clientIp = '10.0.0.1';\nreturn true;", 'read-only property'],
  ["return fetch('http://127.0.0.1');", "Cannot find name 'fetch'"],
  ['return process.exit();', "Cannot find name 'process'"],
  ['setTimeout(() => 1);\nreturn true;', "Cannot find name 'setTimeout'"],
];

describe('the declarations for expressions', () => {
  it('fit what expressions can do, and nothing else', () => {
    const fitted = views.flatMap((view) =>
      Object.entries(view).map(
        ([name, value]) => `export const sample: typeof ${name} = ${JSON.stringify(value)};`,
      ),
    );
    const sources = [...good, ...bad.map(([source]) => source)].map(asBody);
    const said = complaintsAbout([...fitted, ...sources]);
    expect(said.slice(0, fitted.length + good.length).flat()).toEqual([]);
    const wrong = said.slice(fitted.length + good.length);
    for (const [index, [source, complaint]] of bad.entries()) {
      expect([source, wrong[index]?.join('\n')]).toEqual([source, expect.stringContaining(complaint)]);
    }
  });

  it('declare every name that the sandbox has beside those of the language, and no other', async () => {
    const expressions = createExpressions({ workers: 1 });
    const [view = {}] = views;
    const outcome = await expressions.evaluate('Object.getOwnPropertyNames(globalThis)', view, within(5_000));
    await expressions.close();
    if (!outcome.ok) throw new Error(outcome.message);
    const ofLanguage = z.array(z.string()).parse(runInNewContext('Object.getOwnPropertyNames(globalThis)'));
    const own = z
      .array(z.string())
      .parse(outcome.value)
      .filter((name) => !ofLanguage.includes(name));
    // Nobody's property, so that whoever calls it has to write its name.
    expect([...own, 'callPolicy'].toSorted()).toEqual(declaredNames().toSorted());
  });
});
