import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { exitCodes } from '../../src/cli/exit-codes.js';
import { runToEnd, stagedoor, stagedoorUnheard } from '../support/command-line.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { ServerProcess, cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { Variables } from '../support/server-process.js';

afterEach(async () => {
  await cleanUp();
  await dropDatabases();
});

const nowhere = (): Variables => ({ STAGEDOOR_DATA_DIR: join(newFolder(), 'not', 'there') });

describe('npx stagedoor', () => {
  it('runs the command line of the project', async () => {
    const { code, stdout } = await runToEnd(['npx', '--no', 'stagedoor', '--version'], {});
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it('start is the service itself, and stops in good order', async () => {
    const variables = { STAGEDOOR_DATA_DIR: newFolder() };
    const server = new ServerProcess([process.execPath, 'bin/stagedoor.mjs', 'start'], variables);
    await server.ready();
    expect(server.setupToken).toBeDefined();
    expect(await server.client().ok('{ viewer { username } }')).toEqual({ viewer: null });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('help', () => {
  it('is there for every command, with examples', async () => {
    const { stdout } = await stagedoor(['--help'], {});
    for (const name of ['start', 'migrate', 'blueprint', 'flow', 'user', 'recovery-link', 'keys', 'doctor'])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const command of [['migrate'], ['blueprint', 'plan'], ['user', 'create'], ['keys', 'rotate']]) {
      const help = await stagedoor([...command, '--help'], {});
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toContain(`Examples:\n  $ stagedoor ${command.join(' ')}`);
    }
  });

  it('is given to whoever names no command, or half of one', async () => {
    for (const args of [[], ['blueprint']]) {
      const { code, stderr } = await stagedoor(args, {});
      expect(code).toBe(exitCodes.USAGE.code);
      expect(stderr).toContain('Usage: stagedoor');
    }
  });
});

describe('a mistake', () => {
  it('in a name is met with the name that was meant', async () => {
    const command = await stagedoor(['docter'], {});
    expect(command).toMatchObject({ code: exitCodes.USAGE.code, stdout: '' });
    expect(command.stderr).toContain('Did you mean doctor?');
    const option = await stagedoor(['migrate', '--chek'], {});
    expect(option.stderr).toContain('Did you mean --check?');
  });

  it('in the environment names each variable and quotes no value, without a stack', async () => {
    const variables = { ...nowhere(), PORT: 'hunter2', DATABASE_URL: 'mysql://root:hunter2@localhost/x' };
    const { code, stdout, stderr } = await stagedoor(['migrate'], variables);
    expect({ code, stdout }).toEqual({ code: exitCodes.CONFIGURATION.code, stdout: '' });
    expect(stderr).toMatch(/^ {2}PORT must .*\n {2}DATABASE_URL must /m);
    expect(stderr).not.toMatch(/hunter2|\n\s+at /);
  });

  it('is told to scripts as JSON', async () => {
    const { code, stdout, stderr } = await stagedoor(['flow', 'diagram', 'x', '--json'], nowhere());
    expect({ code, stdout }).toEqual({ code: exitCodes.DATABASE.code, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'DATABASE',
        message: expect.stringContaining('There is no installation'),
        advice: expect.stringContaining('stagedoor migrate'),
      },
    });
  });
});

describe('what cannot be given together, or written', () => {
  it('is told before anything is done', async () => {
    const usage = async (args: readonly string[]) => {
      const { code, stdout, stderr } = await stagedoor(args, nowhere(), '{}');
      expect({ code, stdout }).toEqual({ code: exitCodes.USAGE.code, stdout: '' });
      return stderr;
    };
    expect(await usage(['blueprint', 'plan', '-', '--parameters', '-'])).toBe(
      '--parameters: standard input can be only one of the files.\n',
    );
    expect(await usage(['user', 'create', 'ada', '--no-password', '--password-stdin'])).toContain(
      'cannot be used with option',
    );
    const file = join(newFolder(), 'not', 'there', 'schema.json');
    expect(await usage(['blueprint', 'schema', '--output', file])).toMatch(
      /^--output cannot be written: ENOENT/,
    );
  });
});

describe('a command whose reader has gone away', () => {
  it('ends quietly, and as it would have ended', async () => {
    const schema = await stagedoorUnheard(['blueprint', 'schema'], {});
    expect(schema).toEqual({ code: exitCodes.DONE.code, stderr: '' });
    const variables = { STAGEDOOR_DATA_DIR: newFolder(), PORT: 'none' };
    expect(await stagedoorUnheard(['doctor'], variables)).toEqual({
      ...{ code: exitCodes.PROBLEMS.code, stderr: '' },
    });
  });
});

describe('a database that cannot be used', () => {
  it('is one that is not there, and nothing is made there', async () => {
    const variables = nowhere();
    const first = await stagedoor(['recovery-link', 'ada'], variables);
    expect(first.code).toBe(exitCodes.DATABASE.code);
    expect((await stagedoor(['recovery-link', 'ada'], variables)).stderr).toBe(first.stderr);
  });

  it('is one that cannot be reached', async () => {
    const variables = { ...nowhere(), DATABASE_URL: 'postgres://ada:hunter2@127.0.0.1:1/nowhere' };
    const { code, stderr } = await stagedoor(['migrate'], variables);
    expect(code).toBe(exitCodes.DATABASE.code);
    expect(stderr).toContain('DATABASE_URL');
    expect(stderr).not.toContain('hunter2');
  });

  it('is an embedded one that the service has open; what to do is said', async () => {
    const variables = { STAGEDOOR_DATA_DIR: newFolder() };
    const server = await startServer(variables);
    const { code, stdout, stderr } = await stagedoor(['user', 'create', 'ada', '--no-password'], variables);
    expect({ code, stdout }).toEqual({ code: exitCodes.DATABASE.code, stdout: '' });
    expect(stderr).toMatch(/in use by another process[\s\S]*Stop the service first/);
    expect(server.isRunning).toBe(true);
  });

  it('is one whose migrations are still to be run, which migrate does and tells', async () => {
    const database = await ServerDatabase.create();
    const key = `k:${createHash('sha256').update('a key').digest('base64url')}`;
    const variables = { DATABASE_URL: database.url, STAGEDOOR_SECRET_KEYS: key };
    const early = await stagedoor(['recovery-link', 'ada'], variables);
    expect(early).toMatchObject({
      code: exitCodes.DATABASE.code,
      stderr: expect.stringContaining('stagedoor migrate'),
    });
    const before = await stagedoor(['migrate', '--check', '--json'], variables);
    expect(before.code).toBe(exitCodes.PENDING.code);
    const { migrations } = JSON.parse(before.stdout);
    expect(migrations.length).toBeGreaterThan(5);
    expect(await database.query(`select 1 from pg_tables where tablename = 'flow'`)).toEqual([]);
    const done = await stagedoor(['migrate', '--json'], variables);
    expect({ code: done.code, ...JSON.parse(done.stdout) }).toEqual({ code: 0, migrations, applied: true });
    expect((await stagedoor(['migrate', '--check'], variables)).code).toBe(0);
  });
});
