import { exitCodes } from '../../src/cli/exit-codes.js';
import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { stagedoor, stagedoorUnheard } from '../support/command-line.js';
import { credentials } from '../support/executions.js';
import { start } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { Variables } from '../support/server-process.js';

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

const PASSWORD = 'a lovely long passphrase';
const LOGIN = 'default-authentication-flow';

async function embedded(): Promise<Variables> {
  return { STAGEDOOR_DATA_DIR: newFolder() };
}

async function onServer(): Promise<Variables> {
  return { DATABASE_URL: (await ServerDatabase.create()).url, STAGEDOOR_DATA_DIR: newFolder() };
}

describe.each([
  ['the embedded database', embedded],
  ['a PostgreSQL server', onServer],
])('on %s', (_name, make) => {
  let variables: Variables;

  beforeAll(async () => {
    variables = await make();
    await (await startServer(variables)).stop();
  });

  it('an administrator is made whose password comes from standard input, and no start offers that any more', async () => {
    const args = ['user', 'create', 'grace', '--email', 'grace@example.org', '--group', 'administrators'];
    const made = await stagedoor([...args, '--password-stdin', '--json'], variables, `${PASSWORD}\n`);
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ username: 'grace', groups: ['administrators'] });
    expect(made.stdout + made.stderr).not.toContain(PASSWORD);

    const server = await startServer(variables);
    expect(server.setupToken).toBeUndefined();
    const client = server.client();
    const responses = credentials({ ...ADMIN, username: 'grace', password: PASSWORD });
    const { step } = await start(client, { flow: { slug: LOGIN }, responses });
    expect(step.__typename).toBe('FlowCompleted');
    expect(await client.ok('{ viewer { username isSuperuser } }')).toEqual({
      viewer: { username: 'grace', isSuperuser: true },
    });
    const { events } = await client.ok(
      '{ events(filter: { actions: ["USER_WRITTEN"] }) { edges { node { fields actor { username } } } } }',
    );
    expect(events.edges).toEqual([
      { node: { fields: expect.arrayContaining(['password', 'groupIds']), actor: null } },
    ]);
    await server.stop();
  });

  it('what cannot be an account is refused, and nothing of it is kept', async () => {
    const refused = async (args: readonly string[], input = '') => {
      const { code, stdout, stderr } = await stagedoor(['user', 'create', ...args], variables, input);
      expect(stdout).toBe('');
      return [code, stderr];
    };
    expect(await refused(['alan', '--password-stdin'], 'princessprincess')).toEqual([
      exitCodes.REFUSED.code,
      expect.stringMatching(/The password cannot be used/),
    ]);
    expect(await refused(['alan', '--no-password', '--email', 'nope'])).toEqual([
      exitCodes.USAGE.code,
      'email: This is not an e-mail address.\n',
    ]);
    expect(await refused(['alan', '--no-password', '--group', 'nobodies'])).toEqual([
      exitCodes.REFUSED.code,
      expect.stringMatching(/no group nobodies[\s\S]*There are: administrators/),
    ]);
    expect(await refused(['alan'])).toEqual([
      exitCodes.USAGE.code,
      expect.stringContaining('--password-stdin'),
    ]);
    // Nobody of that name is in the way.
    expect((await stagedoor(['user', 'create', 'alan', '--no-password'], variables)).code).toBe(0);
    expect(await refused(['ALAN', '--no-password'])).toEqual([
      exitCodes.REFUSED.code,
      'Somebody else has this already.\n',
    ]);
  });

  it('a recovery link is printed alone, and opens the flow as its person', async () => {
    await stagedoor(['user', 'create', 'linus', '--no-password'], variables);
    const made = await stagedoor(['recovery-link', 'LINUS'], variables);
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('For linus, once, until ') });
    const [, slug, flowToken] = /^http\S+\/flows\/([\w-]+)#flowToken=([\w-]{43})\n$/.exec(made.stdout) ?? [];
    const server = await startServer(variables);
    const { step } = await start(server.client(), { flow: { slug }, flowToken });
    expect(step).toMatchObject({ __typename: 'PromptChallenge', user: { displayName: 'linus' } });
    await server.stop();
    const unknown = await stagedoor(['recovery-link', 'lina', '--json'], variables);
    expect({ ...unknown, stderr: JSON.parse(unknown.stderr).error.code }).toEqual({
      ...{ code: exitCodes.REFUSED.code, stdout: '', stderr: 'REFUSED' },
    });
    expect((await stagedoor(['recovery-link', 'linus', '--lifetime', 'P8D'], variables)).code).toBe(2);
  });

  it('a flow is drawn and simulated, and an unknown one is answered with those that there are', async () => {
    const drawn = await stagedoor(['flow', 'diagram', LOGIN], variables);
    expect(drawn).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^graph TD\n/) });
    const answers = JSON.stringify(credentials({ ...ADMIN, username: 'nobody at all' }));
    const args = ['flow', 'simulate', LOGIN, '--responses', '-'];
    const simulated = await stagedoor([...args, '--json'], variables, answers);
    const { steps, responsesUsed } = JSON.parse(simulated.stdout);
    expect(responsesUsed).toBe(2);
    expect(steps.map((one: { step: { kind: string } }) => one.step.kind)).toEqual([
      'identification',
      'password',
      'password',
    ]);
    const strange = await stagedoor(args, variables, '[{"pasword":{"password":"hunter2"}}]');
    expect(strange).toMatchObject({
      code: exitCodes.USAGE.code,
      stderr: expect.stringContaining('There are: '),
    });
    const garbled = await stagedoor(args, variables, '[{"password":{"password":"hunter2"}');
    expect(garbled).toMatchObject({ code: exitCodes.USAGE.code, stderr: '--responses is no JSON.\n' });
    const unknown = await stagedoor(['flow', 'diagram', 'logn'], variables);
    expect(unknown).toMatchObject({ code: exitCodes.REFUSED.code, stderr: expect.stringContaining(LOGIN) });
  });

  it('a document is planned, applied once, and exported as it was', async () => {
    const document = (title: string): string => `
      stagedoor: 1
      name: A door
      parameters: { slug: { type: string }, open: { type: boolean, default: false } }
      entries:
        - stage: door-deny
          kind: deny
          config: { message: ${title} }
        - flow: { $parameter: slug }
          title: ${title}
          designation: STAGE_CONFIGURATION
          stages: [{ stage: door-deny, order: 10 }]`;
    const bring = (verb: string, text: string, ...more: string[]) =>
      stagedoor(['blueprint', verb, '-', '--parameter', 'slug=door', ...more], variables, text);
    const planned = await bring('plan', document('Welcome'), '--check');
    expect(planned.code).toBe(exitCodes.PENDING.code);
    expect(planned.stdout).toMatch(/\+ flow:door\b[\s\S]*Nothing was changed\.\n$/);

    const applied = await bring('apply', document('Welcome'), '--json');
    expect({ code: applied.code, ...JSON.parse(applied.stdout) }).toMatchObject({
      code: 0,
      applied: true,
      problems: [],
    });
    expect((await bring('plan', document('Welcome'), '--check')).code).toBe(0);
    expect((await bring('plan', document('Farewell'))).stdout).toMatch(/~ flow:door: title/);

    const wrong = document('Farewell').replace('order: 10', 'order: ten');
    const broken = await bring('apply', wrong);
    expect(broken).toMatchObject({ code: exitCodes.PROBLEMS.code, stderr: '' });
    expect(broken.stdout).toMatch(/problem at entries\[1\]\.stages\[0\]\.order .*\n.*Nothing was changed/);
    // Whether or not anybody reads that.
    const args = ['blueprint', 'apply', '-', '--parameter', 'slug=door'];
    expect(await stagedoorUnheard(args, variables, wrong)).toEqual({
      ...{ code: exitCodes.PROBLEMS.code, stderr: '' },
    });
    const missing = await stagedoor(['blueprint', 'plan', '-'], variables, document('Welcome'));
    expect(missing).toMatchObject({
      code: exitCodes.PROBLEMS.code,
      stdout: expect.stringContaining('parameters'),
    });

    const exported = await stagedoor(['blueprint', 'export', 'door'], variables);
    expect(exported.stdout).toContain('title: Welcome');
    const again = await stagedoor(
      ['blueprint', 'plan', '-', '--json', '--check'],
      variables,
      exported.stdout,
    );
    expect({ code: again.code, problems: JSON.parse(again.stdout).problems }).toEqual({
      code: 0,
      problems: [],
    });
    const unknown = await stagedoor(['blueprint', 'export', 'doors'], variables);
    expect(unknown).toMatchObject({ code: exitCodes.REFUSED.code, stderr: expect.stringContaining('door') });
  });
});

describe('beside a service on a PostgreSQL server', () => {
  it('a command does its work, and the service sees it with the next request', async () => {
    const variables = { ...(await onServer()), ...ADMIN_VARIABLES };
    const server = await startServer(variables);
    const args = ['user', 'create', 'grace', '--password-stdin'];
    expect((await stagedoor(args, variables, PASSWORD)).code).toBe(0);
    const responses = credentials({ ...ADMIN, username: 'grace', password: PASSWORD });
    const { step } = await start(server.client(), { flow: { slug: LOGIN }, responses });
    expect(step.__typename).toBe('FlowCompleted');
  });
});
