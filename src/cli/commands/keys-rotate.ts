import type { Command } from 'commander';

import { keepNewKey, newKey } from '../../adapters/data-folder/key-file.js';
import { developmentKeys } from '../../app/groundwork.js';
import { readEnvironment } from '../../environment.js';
import type { ConfiguredKey, Environment } from '../../environment.js';
import { KeyRing } from '../../identity/key-ring.js';
import type { Database } from '../../persistence/database.js';
import { recordKeyRotation } from '../../persistence/key-rotation.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { expectInstallation, expectUpToDate, withDatabase } from '../connection.js';
import { ofKey, surveyKeys, talliesText } from '../key-survey.js';
import type { KeySurvey } from '../key-survey.js';

interface Options {
  readonly newKey?: boolean;
  readonly check?: boolean;
}

/** `stagedoor keys rotate`: from an old key to a new one. */
export function addKeysRotate(keys: Command, cli: Cli): void {
  command(keys, 'rotate', {
    summary: 'Put a new secret key in place of an old one.',
    details: `With one key, a new one is made first. Where STAGEDOOR_SECRET_KEYS holds the keys, it is printed, alone, to standard
output: put it first in that list, before the others, restart every process of the service, and run this again.
Where the keys are in the data folder, it is written there. With more than one key, everything that the older
ones have sealed is sealed anew with the first one. That can be interrupted and run again, also beside the service.

Then it says of each older key whether anything still needs it. Passwords move to the first key at their owners'
next login; nobody can do it for them. Recovery codes stay with their key until they are made anew. Whoever has
neither by the time that the key is taken away needs a recovery link, or an administrator. What is only counted or
compared for a while begins anew with a new key: counters of guesses and mails, reputations of names that are
nobody's, codes in mails and puzzles of captchas that are under way.`,
    examples: [
      'stagedoor keys rotate',
      'stagedoor keys rotate --check',
      'STAGEDOOR_SECRET_KEYS="$(stagedoor keys rotate --new-key),$STAGEDOOR_SECRET_KEYS"',
    ],
  })
    .option('--new-key', 'make a new key, however many there are')
    .option('--check', 'change nothing; the exit code says whether something is sealed with an older key')
    .action((options: Options) => rotate(cli, options));
}

async function rotate(cli: Cli, { newKey: wantsKey = false, check = false }: Options): Promise<void> {
  const environment = readEnvironment(cli.variables);
  const { secretKeys, databaseUrl, dataDirectory } = environment;
  if (secretKeys && !check && (wantsKey || secretKeys.length === 1)) return printNewKey(cli, secretKeys);
  expectInstallation(environment);
  await withDatabase(environment, async ({ database }) => {
    await expectUpToDate(database);
    const kept = configuredKeys(environment);
    const makesKey = secretKeys === null && !check && (wantsKey || kept.length === 1);
    if (makesKey) keepNewKey(dataDirectory, newKey(freeId(kept, cli.clock.now())));
    if (makesKey && databaseUrl !== null) return askForRestart(cli, environment);
    await sealAnew(cli, environment, database, check);
  });
}

function configuredKeys({
  secretKeys,
  dataDirectory,
}: Environment): readonly [ConfiguredKey, ...ConfiguredKey[]] {
  return secretKeys ?? developmentKeys(dataDirectory);
}

/** The day's date, or with a number behind it where another key is called that. */
function freeId(keys: readonly ConfiguredKey[], now: Date): string {
  const day = now.toISOString().slice(0, 10);
  const isFree = (id: string): boolean => keys.every((key) => key.id !== id);
  if (isFree(day)) return day;
  let number = 2;
  while (!isFree(`${day}-${number}`)) number += 1;
  return `${day}-${number}`;
}

function printNewKey({ output, clock }: Cli, keys: readonly ConfiguredKey[]): void {
  const key = newKey(freeId(keys, clock.now()));
  output.result(key, { newKey: key });
  output.remark(
    'Put this new key first in STAGEDOOR_SECRET_KEYS, before those that are there, with a comma between; restart every\n' +
      'process of the service; then run `stagedoor keys rotate` again.\n' +
      'Where several processes share a database, put it last first and restart them all, so that each can read what the\n' +
      'others write with it.',
  );
}

/** Other processes of the service may be running on the server, and do not know the new key yet. */
function askForRestart({ output }: Cli, { dataDirectory }: Environment): void {
  const message = `A new key stands first in ${dataDirectory}/secret-keys. Restart every process of the service, then run this again.`;
  output.result(message, { message });
}

async function sealAnew(
  cli: Cli,
  environment: Environment,
  database: Database,
  check: boolean,
): Promise<void> {
  const configured = configuredKeys(environment);
  const keys = new KeyRing(configured);
  const survey = await surveyKeys(database, keys, cli.output, !check);
  if (survey.resealed.length > 0)
    await recordKeyRotation(database.sql, keys.writingKeyId, survey.resealed, cli.actor());
  const [{ id: first }, ...older] = configured;
  const states = older.map(({ id }) => stateOf(id, survey));
  if (survey.unopenable.length > 0) cli.outcome = 'PROBLEMS';
  else if (check && survey.sealed.some(({ keyId }) => keyId !== first)) cli.outcome = 'PENDING';
  const head = check ? outlook(first, survey) : outcome(first, survey);
  cli.output.result([head, ...report(survey, states)].join('\n'), {
    firstKey: first,
    ...survey,
    olderKeys: states,
  });
}

/** Whether anything still needs an older key. */
interface KeyState {
  readonly keyId: string;
  readonly needed: boolean;
  readonly neededFor: string;
}

function stateOf(keyId: string, survey: KeySurvey): KeyState {
  const neededFor = talliesText([...ofKey(survey.sealed, keyId), ...ofKey(survey.uses, keyId)]);
  return { keyId, needed: neededFor !== '', neededFor };
}

/** What has been done. */
function outcome(first: string, { resealed }: KeySurvey): string {
  return resealed.length === 0
    ? `Nothing was left to be sealed anew with the key ${first}.`
    : `Sealed anew with the key ${first}: ${talliesText(resealed)}.`;
}

/** What would be done. */
function outlook(first: string, { sealed }: KeySurvey): string {
  const others = talliesText(sealed.filter(({ keyId }) => keyId !== first));
  return others === ''
    ? `Nothing is left to be sealed anew with the key ${first}.`
    : `Still to be sealed anew with the key ${first}: ${others}.`;
}

function report({ unopenable }: KeySurvey, states: readonly KeyState[]): string[] {
  return [
    ...states.map(({ keyId, needed, neededFor }) =>
      needed
        ? `The key ${keyId} is still needed: ${neededFor}.`
        : `The key ${keyId} is not needed any more: take it out of the list, and restart the service.`,
    ),
    ...unopenable.map(
      ({ keyId, thing, count }) =>
        `${count} ${thing}, sealed with the key ${keyId}, cannot be opened: put that key back into the list, if you have it.`,
    ),
  ];
}
