import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { exitCodes } from '../../src/cli/exit-codes.js';
import { ADMIN_VARIABLES } from '../support/administrator.js';
import { stagedoor } from '../support/command-line.js';
import { startMailServer } from '../support/mail-server.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { Variables } from '../support/server-process.js';

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

interface Finding {
  readonly area: string;
  readonly level: string;
  readonly message: string;
  readonly advice: string | null;
}

async function findings(variables: Variables): Promise<{ code: number | null; found: Finding[] }> {
  const { code, stdout, stderr } = await stagedoor(['doctor', '--json'], variables);
  expect(stderr).toBe('');
  return { code, found: JSON.parse(stdout).findings };
}

function notFine(found: readonly Finding[]): Finding[] {
  return found.filter(({ level }) => level !== 'OK');
}

describe('the doctor', () => {
  it('finds nothing wrong with an embedded installation that is as it should be, and changes nothing', async () => {
    const variables = { STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
    const server = await startServer(variables);
    const during = await findings(variables);
    expect(during.code).toBe(0);
    expect(notFine(during.found)).toEqual([
      expect.objectContaining({
        area: 'database',
        level: 'WARNING',
        advice: expect.stringContaining('stop the service'),
      }),
    ]);
    await server.stop();
    const { code, found } = await findings(variables);
    expect({ code, wrong: notFine(found) }).toEqual({ code: 0, wrong: [] });
    expect(found.map(({ area }) => area)).toEqual([
      ...['configuration', 'files', 'database', 'clock', 'keys', 'mail', 'definitions', 'people'],
    ]);
  });

  it('names every problem of a database at once, each with what to do', async () => {
    const database = await ServerDatabase.create();
    const key = `k:${randomBytes(32).toString('base64url')}`;
    const variables = {
      ...{ DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), STAGEDOOR_SECRET_KEYS: key },
      ...ADMIN_VARIABLES,
    };
    await (await startServer(variables)).stop();
    expect(notFine((await findings(variables)).found)).toEqual([]);

    await database.query(`update stage set config = '{"message": 5}' where kind = 'user-logout'`);
    await database.query(
      `update stage set config = jsonb_set(config, '{passwordStageId}', to_jsonb(gen_random_uuid()::text))
       where kind = 'identification'`,
    );
    await database.query(`insert into policy (id, name, kind, config, execution_logging, version)
      values (gen_random_uuid(), 'from the future', 'foresight', '{}', false, 1)`);
    await database.query(`update password set hash = replace(hash, ':k:', ':gone:')`);
    await database.query(`delete from group_member`);
    const { code, found } = await findings({
      ...variables,
      ...{ STAGEDOOR_SECRT_KEYS: 'x', STAGEDOOR_BLUEPRINT_PARAMETER_SLUG: 'x' },
    });
    expect(code).toBe(exitCodes.PROBLEMS.code);
    const said = notFine(found).map(({ area, level, message }) => `${level} ${area}: ${message}`);
    expect(said).toEqual([
      'WARNING configuration: Nothing reads the variable STAGEDOOR_SECRT_KEYS.',
      expect.stringMatching(/^WARNING configuration: .* and no folder with documents\.$/),
      expect.stringMatching(/^PROBLEM keys: .* right key gone: 1 passwords\.$/),
      expect.stringMatching(/^PROBLEM definitions: In the stage \S+ \(identification\), passwordStageId: /),
      expect.stringMatching(/^PROBLEM definitions: In the stage \S+ \(user-logout\), message: /),
      expect.stringMatching(
        /^PROBLEM definitions: There is no kind foresight here, which the policy from the future/,
      ),
      'PROBLEM people: No active person may do everything any more.',
    ]);
    expect(notFine(found).every(({ advice }) => advice !== null && advice !== '')).toBe(true);

    await database.query(
      `delete from mikro_orm_migrations where id = (select max(id) from mikro_orm_migrations)`,
    );
    const behind = await stagedoor(['doctor'], variables);
    expect(behind.code).toBe(exitCodes.PROBLEMS.code);
    expect(behind.stdout).toMatch(
      /problem {2}database .* 1 migrations are still to be run.*\n.*stagedoor migrate/,
    );
  });

  it('says which documents of the folder could not be applied, until they are mended', async () => {
    const documents = newFolder();
    const variables = { STAGEDOOR_DATA_DIR: newFolder(), STAGEDOOR_BLUEPRINTS_DIR: documents };
    const group = (name: string) => `stagedoor: 1\nname: ${name}\nentries:\n  - group: ${name}\n`;
    writeFileSync(join(documents, 'broken.yaml'), `${group('a')}    colour: red\n    size: 5\n`);
    writeFileSync(join(documents, 'sound.yaml'), group('b'));
    await (await startServer(variables)).stop();
    const { code, found } = await findings(variables);
    expect(code).toBe(exitCodes.PROBLEMS.code);
    expect(found.filter(({ area }) => area === 'documents')).toEqual([
      {
        ...{ area: 'documents', level: 'PROBLEM', advice: expect.stringContaining('blueprint plan') },
        message: expect.stringMatching(
          /^broken\.yaml is not applied\. entries\S*colour: .* \(the first of 2 problems\)$/,
        ),
      },
    ]);

    writeFileSync(join(documents, 'broken.yaml'), group('a'));
    await (await startServer(variables)).stop();
    const mended = await findings(variables);
    expect(mended.code).toBe(0);
    expect(mended.found).toContainEqual(
      expect.objectContaining({ message: 'Every document that the service has seen is applied: 2.' }),
    );
  });

  it('signs in at the mail server and sends nothing; where it is not let in, that is told without the password', async () => {
    const mails = await startMailServer({
      disabledCommands: ['STARTTLS'],
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === 'ada' && password === 'hunter2'
          ? done(null, { user: 'ada' })
          : done(new Error('no such password')),
    });
    const variables = { STAGEDOOR_DATA_DIR: newFolder() };
    const at = (credentials: string) =>
      findings({ ...variables, SMTP_URL: `smtp://${credentials}@127.0.0.1:${mails.port}` });
    const right = await at('ada:hunter2');
    expect(right.code).toBe(0);
    expect(right.found).toContainEqual(expect.objectContaining({ area: 'mail', level: 'OK' }));
    const wrong = await at('ada:hunter3');
    expect(wrong.code).toBe(exitCodes.PROBLEMS.code);
    expect(wrong.found).toContainEqual(
      expect.objectContaining({
        area: 'mail',
        level: 'PROBLEM',
        advice: expect.stringContaining('SMTP_URL'),
      }),
    );
    expect(JSON.stringify(wrong)).not.toContain('hunter');
    expect(mails.offers).toEqual([]);
    await mails.close();
  });

  it('looks at what can be looked at where the environment cannot be used, or names files that are not there', async () => {
    const unusable = await findings({ PORT: 'hunter2', STAGEDOOR_DATA_DIR: newFolder() });
    expect(unusable.code).toBe(exitCodes.PROBLEMS.code);
    expect(unusable.found).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^PORT must /) }),
    ]);
    const { code, found } = await findings({
      ...{
        STAGEDOOR_DATA_DIR: newFolder(),
        STAGEDOOR_GEOIP_CITY_DB: '/nowhere.mmdb',
        STAGEDOOR_EXAMPLES: 'unknown',
        STAGEDOOR_BLUEPRINTS_DIR: '/nowhere',
      },
    });
    expect(code).toBe(exitCodes.PROBLEMS.code);
    const files = found.filter(({ area }) => area === 'files');
    expect(files.map(({ message }) => message)).toEqual([
      expect.stringContaining('STAGEDOOR_GEOIP_CITY_DB'),
      expect.stringContaining('STAGEDOOR_EXAMPLES names unknown'),
      expect.stringMatching(/^STAGEDOOR_BLUEPRINTS_DIR names \/nowhere, which cannot be read: ENOENT/),
    ]);
  });
});
