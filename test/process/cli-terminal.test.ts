import { exitCodes } from '../../src/cli/exit-codes.js';
import { ADMIN_VARIABLES } from '../support/administrator.js';
import { credentials } from '../support/executions.js';
import { start } from '../support/flows.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { Variables } from '../support/server-process.js';
import { atTerminal, hasTerminals } from '../support/terminal.js';

const RED = '\u001b[31m';
const ANY_COLOUR = /\u001b\[\d+m/;
const PASSWORD = 'correct horse battery staple';
const LOGIN = { flow: { slug: 'default-authentication-flow' } };

afterEach(cleanUp);

/** An installation that nobody runs at the moment. */
async function installation(): Promise<Variables> {
  const variables = { STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  const server = await startServer(variables);
  // So that there is something sealed, for new keys to seal anew.
  await start(server.client(), { ...LOGIN, responses: credentials().slice(0, 1) });
  await server.stop();
  return variables;
}

// In CI they are not to be missing.
(hasTerminals() || process.env.CI === 'true' ? describe : describe.skip)('at a terminal', () => {
  it('what fails is told in red, unless NO_COLOR is set', async () => {
    const args = ['flow', 'diagram', 'x'];
    const variables = { STAGEDOOR_DATA_DIR: newFolder() };
    const coloured = await atTerminal(args, variables);
    expect(coloured.code).toBe(exitCodes.DATABASE.code);
    expect(coloured.shown).toContain(`${RED}There is no installation`);
    const plain = await atTerminal(args, { ...variables, NO_COLOR: '1' });
    expect(plain.shown).toContain('There is no installation');
    expect(plain.shown).not.toMatch(ANY_COLOUR);
  });

  it('a new account’s password is asked for twice and not shown, long work has a bar, and results have colours', async () => {
    const variables = await installation();
    const asked = (typed: string) => [
      { prompt: 'New password: ', typed },
      { prompt: 'The same once more: ', typed: PASSWORD },
    ];
    const create = ['user', 'create', 'carol'];
    const differing = await atTerminal(create, variables, asked(`${PASSWORD}!`));
    expect(differing.code).toBe(exitCodes.USAGE.code);
    expect(differing.shown).toContain('The two passwords differ.');
    const made = await atTerminal(create, variables, asked(PASSWORD));
    expect(made).toMatchObject({ code: 0, shown: expect.stringContaining('Made the account carol.') });
    for (const { shown } of [differing, made]) expect(shown).not.toContain(PASSWORD);

    const rotated = await atTerminal(['keys', 'rotate'], variables);
    expect(rotated.code).toBe(0);
    expect(rotated.shown).toMatch(/\r\S.* {2}\[#+-*\] +\d+ % of \d+/);
    const examined = await atTerminal(['doctor'], variables);
    expect(examined.shown).toMatch(ANY_COLOUR);

    const server = await startServer(variables);
    const responses = [{ identification: { identifier: 'carol' } }, { password: { password: PASSWORD } }];
    const { step } = await start(server.client(), { ...LOGIN, responses });
    expect(step.__typename).toBe('FlowCompleted');
  });
});
