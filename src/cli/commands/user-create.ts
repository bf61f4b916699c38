import { Option } from 'commander';
import type { Command } from 'commander';

import type { Secret } from '../../kernel/secret.js';
import { TELLING_MISSING, schemaProblems } from '../../kernel/schema-problems.js';
import { unstorableTexts } from '../../kernel/storable.js';
import { wordsAbout } from '../../flow/password-rule.js';
import { userKinds } from '../../flow/services/users.js';
import { userFields } from '../../flow/user-rules.js';
import type { UserFields } from '../../flow/user-rules.js';
import type { NewPassword } from '../../flow/user-store.js';
import type { Service } from '../../app/service.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { withService } from '../connection.js';
import { CommandFailure } from '../failure.js';
import { askForPassword, passwordFromInput } from '../password-input.js';

interface Options {
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly name?: string;
  readonly kind?: string;
  readonly path?: string;
  readonly group: readonly string[];
  readonly passwordStdin?: boolean;
  readonly password: boolean;
}

/** `stagedoor user create`: an account, administrators' as well. */
export function addUserCreate(user: Command, cli: Cli): void {
  command(user, 'create <username>', {
    summary: 'Make an account.',
    details:
      'Its password is asked for at the terminal, or read from standard input; it is never an argument, where other users of ' +
      'the machine could see it. Members of the group `administrators` that the first start makes may do everything: once ' +
      'there is one, starts print no secret for the first administrator any more.',
    examples: [
      'stagedoor user create ada --email ada@example.org --group administrators',
      'stagedoor user create grace --password-stdin < password.txt',
      'stagedoor user create linus --no-password && stagedoor recovery-link linus',
    ],
  })
    .option('--email <address>', 'the e-mail address')
    .option('--email-verified', 'mail to the address is known to reach the person')
    .option('--name <name>', 'the full name')
    .addOption(new Option('--kind <kind>', 'what kind of account it is').choices(userKinds))
    .option('--path <path>', 'where the account stands among others, such as users/external')
    .option('--group <name>', 'a group to join; may be given several times', gathered, [])
    .option('--password-stdin', 'read the password from the first line of standard input')
    .addOption(
      new Option('--no-password', 'without a password: the person gets one by recovery').conflicts(
        'passwordStdin',
      ),
    )
    .action((username: string, options: Options) => createUser(cli, username, options));
}

function gathered(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function createUser(cli: Cli, username: string, options: Options): Promise<void> {
  const fields = fieldsOf(username, options);
  expectPassword(cli, options);
  await withService(cli, async ({ service }) => {
    const groupIds = await groupsNamed(service, options.group);
    // Not before: nobody likes to type a password twice, to be told of something else then.
    const password = await passwordOf(cli, options);
    const prepared = password && (await newPassword(service, fields, password));
    const id = await service.userEditor.create(fields, groupIds, cli.actor(), prepared);
    const account = { id, username, email: fields.email, groups: options.group };
    cli.output.result(`Made the account ${username}.`, account);
    if (!prepared)
      cli.output.remark(
        `It has no password: \`stagedoor recovery-link ${username}\` lets its person set one.`,
      );
  });
}

function fieldsOf(username: string, { email, emailVerified, name, kind, path }: Options): UserFields {
  const parsed = userFields.safeParse({ username, email, emailVerified, name, kind, path }, TELLING_MISSING);
  if (parsed.success) return parsed.data;
  const problems = schemaProblems(parsed.error).map(({ path: field, message }) => `${field}: ${message}`);
  throw new CommandFailure('USAGE', problems.join('\n'));
}

/** Refuses where nobody could say what the password is. */
function expectPassword({ input }: Cli, { passwordStdin, password }: Options): void {
  if (!password || passwordStdin || input.isTTY === true) return;
  throw new CommandFailure(
    'USAGE',
    'There is no terminal to ask for the password at.',
    'Give it as the first line of standard input with --password-stdin, or make the account with --no-password.',
  );
}

async function passwordOf(cli: Cli, { password }: Options): Promise<Secret | undefined> {
  if (!password) return undefined;
  // Also with --password-stdin: a terminal would show it.
  return cli.input.isTTY === true ? askForPassword(cli, 'New password') : passwordFromInput(cli);
}

async function groupsNamed({ groups }: Service, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => groups.byName(name)));
  const missing = names.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return found.flatMap((group) => group?.id ?? []);
  const { groups: known } = await groups.list({ search: null, size: 20, after: null, descending: false });
  throw new CommandFailure(
    'REFUSED',
    `There is no group ${missing.join(', nor ')}.`,
    known.length === 0
      ? 'There are no groups at all: the first start of the service makes `administrators`.'
      : `There are: ${known.map(({ name }) => name).join(', ')}${known.length === 20 ? ', and more' : ''}.`,
  );
}

/** What is to be stored for it, once the rule for new passwords has let it pass. */
async function newPassword(service: Service, fields: UserFields, password: Secret): Promise<NewPassword> {
  const { passwords } = service.engine.services;
  const [problem = await passwords.problem(password, wordsAbout(fields, {}))] = unstorableTexts(
    password.reveal(),
  );
  if (problem) throw new CommandFailure('REFUSED', `The password cannot be used. ${problem.message}`);
  return { hash: await passwords.hash(password), remembered: await service.passwordsRemembered() };
}
