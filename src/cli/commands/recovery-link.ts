import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

import { durationSeconds, durationText } from '../../kernel/duration.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { withService } from '../connection.js';
import { commandLineClient, personNamed } from '../people.js';

const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 7 * 24 * 3600;

interface Options {
  readonly lifetime: string;
}

/** `stagedoor recovery-link`: gives somebody their access back. */
export function addRecoveryLink(program: Command, cli: Cli): void {
  command(program, 'recovery-link <person>', {
    summary: 'Make a link by which somebody recovers their account.',
    details:
      'The link is printed, alone, to standard output; whoever has it has the account. It is good once, and any earlier one ' +
      'of the same person no longer. It opens the first recovery flow that applies to them.',
    examples: [
      'stagedoor recovery-link ada',
      'stagedoor recovery-link ada@example.org --lifetime P1D | mail-it-to ada',
    ],
  })
    .option('--lifetime <duration>', 'how long it is good, from PT1M to P7D', lifetime, 'PT30M')
    .action((person: string, options: Options) => makeLink(cli, person, options));
}

function lifetime(text: string): string {
  const parsed = durationText.safeParse(text);
  const seconds = parsed.success ? durationSeconds(parsed.data) : 0;
  if (seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return text;
  throw new InvalidArgumentError('It must be an ISO 8601 duration from PT1M to P7D, such as PT30M or P1D.');
}

async function makeLink(cli: Cli, person: string, options: Options): Promise<void> {
  await withService(cli, async ({ service }) => {
    const user = await personNamed(service, person);
    const visit = {
      catalogue: await service.catalogue.reload(),
      now: cli.clock.now(),
      client: commandLineClient('BROWSER'),
      viewer: null,
    };
    const seconds = durationSeconds(options.lifetime);
    const { url, token, expiresAt } = await service.recoveryLinks.create(visit, user, seconds, cli.actor());
    cli.output.remark(`For ${user.username}, once, until ${expiresAt.toISOString()}:`);
    cli.output.result(url.reveal(), {
      username: user.username,
      url: url.reveal(),
      token: token.reveal(),
      expiresAt: expiresAt.toISOString(),
    });
  });
}
