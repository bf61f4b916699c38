import { transpilation } from './scripts/build.mjs';

const shared = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  // type-graphql's decorators need it before the first class; src/main.ts imports it first as well.
  setupFiles: ['reflect-metadata'],
  // Native ESM (hence --experimental-vm-modules in package.json): sources say `./x.js`, the file is `./x.ts`.
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...transpilation, sourceMaps: 'inline' }] },
};

// A setup for each need instead of one that looks at its project: jest runs a setup that several projects share only
// once, and only if a test file of one of them is to run. So PostgreSQL starts when it is needed and not otherwise.
const built = { ...shared, globalSetup: '<rootDir>/test/support/global-setup.mjs' };
const withPglite = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup-pglite.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown-pglite.mjs',
};
const withPostgres = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup-postgres.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown-postgres.mjs',
};

const endToEnd = ['<rootDir>/test/e2e/**/*.test.ts'];

export default {
  // Starting the service and hashing passwords take seconds, and ten times as long where the machine is busy: this is
  // for what would never end. jest reads it here only: in a project it is accepted and has no effect.
  testTimeout: 180_000,
  // One worker for each core: the process that hands out the files has next to nothing to do itself.
  maxWorkers: '100%',
  // Each file's modules stay in its worker's memory: after some dozens, collecting garbage takes longer than the tests.
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  projects: [
    {
      ...built,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/unit/**/*.test.ts'],
    },
    { ...built, displayName: 'property', testMatch: ['<rootDir>/test/property/**/*.test.ts'] },
    {
      ...withPglite,
      displayName: 'e2e-pglite',
      testMatch: endToEnd,
      globals: { STAGEDOOR_TEST_DATABASE: 'pglite' },
    },
    {
      ...withPostgres,
      displayName: 'e2e-postgres',
      testMatch: endToEnd,
      globals: { STAGEDOOR_TEST_DATABASE: 'postgres' },
    },
    {
      ...withPostgres,
      displayName: 'process',
      testMatch: ['<rootDir>/test/process/**/*.test.ts'],
    },
  ],
};
