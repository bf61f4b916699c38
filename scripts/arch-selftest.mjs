// Does every rule of .dependency-cruiser.cjs fail when it is broken, and only then? Builds a tree of fixtures laid out
// like src/, cruises it with the project's own rules, and compares what is reported with what is expected below.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const config = join(project, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config);

/** The drawing in the design, and below it what it leaves open; written again here, so that a slip there is seen. */
const drawing = `
  graphql → stages, policies, authenticators, identity, events, blueprints, flow, flow/services, kernel
  stages | policies | authenticators → flow, flow/services, kernel
  blueprints → stages, policies, flow, flow/services, identity, kernel
  identity | events → kernel
  adapters → flow/services, kernel
  persistence → flow, flow/services, identity, events, kernel
  flow → flow/services, kernel
  kernel →

  http → identity, kernel
  environment.ts → blueprints, kernel
`;

/** file → import as written → the rule that it breaks, or undefined if it breaks none */
const tree = new Map();
const place = (file) => tree.get(file) ?? tree.set(file, new Map()).get(file);
const breaks = (rule, file, ...imports) => imports.forEach((name) => place(file).set(name, rule));
const sound = (file, ...imports) => breaks(undefined, file, ...imports);

const rows = drawing.split('\n').filter((line) => line.includes('→'));
const rooms = new Map(
  rows.flatMap((line) => {
    const [from, to] = line.split('→').map((side) => side.split(/[|,]/).map((name) => name.trim()));
    return from.map((name) => [name, to]);
  }),
);
for (const [from, allowed] of rooms) {
  for (const to of [...rooms.keys(), 'flow/services', 'app.ts', 'app']) {
    if (to === from || (from === 'flow' && to === 'flow/services')) continue;
    const [file, up] = from.endsWith('.ts')
      ? [`src/${from}`, './']
      : [`src/${from}/to-${to.replaceAll(/\W/g, '-')}.ts`, '../'];
    const target = up + (to.endsWith('.ts') ? to.replace('.ts', '.js') : `${to}/x.js`);
    breaks(allowed.includes(to) ? undefined : `arrows-of-${from.replace('.ts', '')}`, file, target);
  }
}
sound(
  'src/app.ts',
  ...[...rooms.keys()].filter((name) => !name.includes('.')).map((name) => `./${name}/x.js`),
);
sound(
  'src/app/part.ts',
  '../environment.js',
  'fastify',
  'dataloader',
  ...[...rooms.keys()].filter((name) => !name.includes('.')).map((name) => `../${name}/x.js`),
);
sound('src/main.ts', './app.js', './environment.js', './app/x.js');
breaks('main-only-starts-the-app', 'src/main.ts', './http/x.js', './kernel/x.js');
sound(
  'src/cli/command.ts',
  'commander',
  ...['../main.js', '../app.js', '../environment.js', '../app/x.js'],
  ...[...rooms.keys()].filter((name) => !name.includes('.')).map((name) => `../${name}/x.js`),
);
breaks('command-line-stands-outside', 'src/app/cli.ts', '../cli/x.js');
breaks('database-only-in-persistence', 'src/cli/sql.ts', 'kysely', 'pg');
breaks('only-known-rooms', 'src/app.ts', './utils/x.js', './stray.js');

for (const family of ['stages', 'policies', 'authenticators']) {
  breaks(`${family}-are-strangers`, `src/${family}/one/a.ts`, '../two/b.js');
  sound(
    `src/${family}/one/b.ts`,
    './c.js',
    '../contract.js',
    '../../flow/x.js',
    'type-graphql',
    'graphql',
    'zod',
  );
  breaks(`${family}-only-by-their-list`, `src/${family}/derived.ts`, './one/a.js');
  breaks(`${family}-only-by-their-list`, 'src/graphql/kinds.ts', `../${family}/one/a.js`);
  breaks(`${family}-only-by-their-list`, 'src/app.ts', `./${family}/one/a.js`);
  sound(`src/${family}/list.ts`, './one/a.js', './two/b.js');
  const purity = family === 'authenticators' ? family : 'kinds';
  breaks(
    `${purity}-reach-nothing-outside`,
    `src/${family}/one/d.ts`,
    'node:fs',
    'node:crypto',
    'pino',
    'yaml',
  );
}
sound('src/graphql/lists.ts', '../stages/list.js', '../policies/list.js');

for (const room of ['kernel', 'flow']) {
  const frameworks = ['graphql', 'type-graphql', '@mikro-orm/core', 'fastify', 'pino'];
  breaks('core-is-pure', `src/${room}/a.ts`, ...frameworks, 'node:fs', 'node:crypto', 'node:http', 'crypto');
  sound(`src/${room}/b.ts`, 'zod', 'node:util');
  sound(`src/${room}/b.test.ts`, './b.js', 'node:fs', 'fast-check', '../../test/support/x.js');
}
breaks('database-only-in-persistence', 'src/graphql/sql.ts', '@mikro-orm/core', 'kysely', 'pg');
breaks('database-only-in-persistence', 'src/identity/sql.ts', '@electric-sql/pglite');
sound('src/persistence/sql.ts', '@mikro-orm/core', 'kysely', 'pg', '@electric-sql/pglite');
breaks('graphql-only-in-the-api', 'src/identity/api.ts', 'type-graphql', 'graphql');
breaks('graphql-only-in-the-api', 'src/persistence/api.ts', 'dataloader', '@apollo/server');
sound('src/graphql/api.ts', 'type-graphql', 'graphql', 'dataloader');
breaks('web-server-only-in-http', 'src/graphql/server.ts', 'fastify', 'node:http', '@fastify/cookie');
sound('src/http/server.ts', 'fastify', 'node:http', '@as-integrations/fastify', '@apollo/server');
breaks('migrations-only-by-persistence', 'src/app.ts', '../migrations/first.js');
sound('src/persistence/migrations.ts', '../../migrations/first.js');
breaks('migrations-stand-alone', 'migrations/second.ts', '../src/persistence/x.js');
breaks(
  'no-test-code-in-src',
  'src/events/a.ts',
  './b.test.js',
  '../../test/support/x.js',
  '../../bench/x.js',
);
breaks('no-test-code-in-src', 'src/events/c.ts', 'fast-check', '@jest/globals');
breaks('no-development-packages-in-src', 'src/http/a.ts', 'prettier');
breaks('no-unresolvable', 'src/http/b.ts', './nowhere.js', 'not-a-package-of-ours');
breaks('no-circular', 'src/events/chicken.ts', './egg.js');
breaks('no-circular', 'src/events/egg.ts', './chicken.js');

// An import of nothing has no edge to report: here the file itself breaks the rule, or does not.
const lonely = new Map([
  ['src/flow/lonely.ts', 'no-orphans'],
  ['src/adapters/sandbox/worker.ts', undefined],
  ['src/events/lonely.test.ts', undefined],
]);

const folder = mkdtempSync(join(tmpdir(), 'stagedoor-arch-'));
try {
  writeTree();
  report(cruise());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writeTree() {
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(project, name), join(folder, name));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const [file, imports] of tree) {
    for (const name of imports.keys()) {
      if (name.startsWith('.') && name !== './nowhere.js') {
        write(join(dirname(file), name).replace(/\.js$/, '.ts'), 'export {};\n');
      }
    }
  }
  for (const file of lonely.keys()) write(file, 'export {};\n');
  for (const [file, imports] of tree) {
    // Only types are imported: a rule that sees these sees values as well.
    write(file, [...imports.keys()].map((name) => `import type {} from '${name}';\n`).join(''));
  }
}

function write(file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function cruise() {
  const command = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const places = ['src', 'migrations', 'test', 'bench'];
  const run = spawnSync(process.execPath, [command, '--config', config, '--output-type', 'json', ...places], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser said:\n${run.stdout}${run.stderr}`);
  return new Map(JSON.parse(run.stdout).modules.map((module) => [module.source, module]));
}

function report(modules) {
  const problems = [];
  const proven = new Set();
  const compare = (what, expected, found) => {
    const names = (found?.rules ?? []).map(({ name }) => name);
    if (found === undefined) problems.push(`${what}: not seen at all`);
    else if (expected === undefined && names.length > 0)
      problems.push(`${what}: allowed, yet breaks ${names}`);
    else if (expected !== undefined && !names.includes(expected))
      problems.push(`${what}: does not break ${expected}`);
    else if (expected !== undefined) proven.add(expected);
  };
  for (const [file, imports] of tree) {
    const dependencies = modules.get(file)?.dependencies ?? [];
    for (const [name, rule] of imports) {
      compare(
        `${file} → ${name}`,
        rule,
        dependencies.find(({ module }) => module === name.replace('node:', '')),
      );
    }
  }
  for (const [file, rule] of lonely) compare(file, rule, modules.get(file));
  for (const { name } of forbidden) if (!proven.has(name)) problems.push(`${name}: no fixture breaks it`);

  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const edges = [...tree.values()].reduce((sum, imports) => sum + imports.size, lonely.size);
  process.stdout.write(`${proven.size} of ${forbidden.length} rules proven by ${edges} imports\n`);
  if (problems.length > 0) process.exitCode = 1;
}
