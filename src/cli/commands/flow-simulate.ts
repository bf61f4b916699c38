import { isIP } from 'node:net';

import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { misshapenEntries } from '../../flow/context-keys.js';
import type { FlowResponse } from '../../flow/engine.js';
import { simulateFlow } from '../../flow/simulation.js';
import type { ClientKind } from '../../flow/stage-kind.js';
import { fieldName } from '../../graphql/kind-names.js';
import type { StageKindDefinition } from '../../stages/define.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { withService } from '../connection.js';
import type { ServiceConnection } from '../connection.js';
import { CommandFailure } from '../failure.js';
import { flowNamed } from '../flows.js';
import { jsonIn } from '../given-files.js';
import { commandLineClient, personNamed } from '../people.js';
import { simulationJson, simulationText } from '../simulation-report.js';

interface Options {
  readonly as?: string;
  readonly client: 'browser' | 'native';
  readonly address?: string;
  readonly next?: string;
  readonly loginHint?: string;
  readonly responses?: string;
  readonly context?: string;
  readonly wrongPasswords?: boolean;
}

/** `stagedoor flow simulate`: what would happen, without anything coming of it. */
export function addFlowSimulate(flow: Command, cli: Cli): void {
  command(flow, 'simulate <slug>', {
    summary: 'Run a flow without anything coming of it.',
    details:
      'The same engine as for real, with what it would do noted instead of done: no row, no counter and no mail changes. ' +
      'Answers are a JSON list, each as `submitStage` takes them, given to one challenge after the other; the first one that ' +
      'does not fit ends the simulation. Passwords, and codes from mails, are taken to be right, whatever they are.',
    examples: [
      'stagedoor flow simulate default-authentication-flow',
      `echo '[{"identification":{"identifier":"ada"}},{"password":{"password":"any"}}]' | stagedoor flow simulate default-authentication-flow --responses -`,
      'stagedoor flow simulate default-user-settings-flow --as ada --json',
    ],
  })
    .option('--as <person>', 'who is signed in, by username or e-mail address; otherwise nobody')
    .addOption(
      new Option('--client <kind>', 'what the client is').choices(['browser', 'native']).default('browser'),
    )
    .option('--address <address>', 'from where the client comes', ipAddress)
    .option('--next <address>', 'where the person was going')
    .option('--login-hint <text>', 'what the person is likely to type')
    .option('--responses <file>', 'the answers, as JSON; - for standard input')
    .option('--context <file>', 'what the execution knows beforehand, as JSON; - for standard input')
    .option('--wrong-passwords', 'take passwords and codes to be wrong')
    .action((slug: string, options: Options) => simulate(cli, slug, options));
}

function ipAddress(address: string): string {
  if (isIP(address) === 0) throw new InvalidArgumentError('It must be an IPv4 or IPv6 address.');
  return address;
}

async function simulate(cli: Cli, slug: string, options: Options): Promise<void> {
  const answers = await jsonIn(cli, options.responses, 'responses', z.array(answer).max(100), []);
  const context = await jsonIn(cli, options.context, 'context', jsonObject, {});
  const [misshapen] = misshapenEntries(context);
  if (misshapen !== undefined)
    throw new CommandFailure('USAGE', `--context: ${misshapen} is not what stages read under this name.`);
  await withService(cli, async (connection) => {
    const { service } = connection;
    const catalogue = await service.catalogue.reload();
    const visit = {
      ...{ catalogue, now: cli.clock.now(), viewer: null },
      client: clientOf(connection, options),
    };
    const simulation = await simulateFlow(service.engine, visit, {
      flow: flowNamed(catalogue, slug),
      user: options.as === undefined ? null : await personNamed(service, options.as),
      next: service.runner.acceptableNext(options.next ?? null),
      loginHint: options.loginHint ?? null,
      invitationToken: null,
      context,
      responses: answers.map((one) => responseOf(one, service.kinds.stages)),
      passwordsAreRight: !options.wrongPasswords,
    });
    const unused = answers.length - simulation.responsesUsed;
    cli.output.result(simulationText(simulation, cli.output), simulationJson(simulation));
    if (unused > 0) cli.output.remark(`${unused} of the answers did not fit, or came after the end.`);
  });
}

function clientOf({ locations }: ServiceConnection, { client, address }: Options) {
  const kind: ClientKind = client === 'native' ? 'NATIVE' : 'BROWSER';
  const facts = commandLineClient(kind);
  const from = address ?? facts.address;
  return { ...facts, address: from, location: locations.of(from) };
}

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());
/** Such as `{ password: { password: … } }`. */
const answer = z.record(z.string(), jsonObject).refine((one) => Object.keys(one).length === 1, {
  error: 'Must name exactly one kind of answer.',
});

function responseOf(given: z.infer<typeof answer>, kinds: readonly StageKindDefinition[]): FlowResponse {
  const answerable = kinds.filter(({ interaction }) => interaction?.response);
  const [name = '', data = {}] = Object.entries(given)[0] ?? [];
  const kind = answerable.find((one) => fieldName(one.name) === name);
  if (kind) return { kind: kind.name, data };
  const names = answerable.map((one) => fieldName(one.name));
  throw new CommandFailure(
    'USAGE',
    `--responses: there is no answer ${name}.`,
    `There are: ${names.join(', ')}.`,
  );
}
