// `write` fills in the tables of README.md from the code; `check` fails where they are stale.
import { readFile, writeFile } from 'node:fs/promises';

import { build } from './build.mjs';

await build();
const { problemCodes } = await import('../dist/src/kernel/problem-codes.js');
const { refusalCodes } = await import('../dist/src/kernel/refusal.js');
const { denialCodes } = await import('../dist/src/flow/outcome.js');
const { eventActions } = await import('../dist/src/flow/event-actions.js');
const { policyKinds } = await import('../dist/src/policies/list.js');
const { commonErrorCodes } = await import('../dist/src/stages/response-errors.js');
const { stageKinds } = await import('../dist/src/stages/list.js');
const { permissions } = await import('../dist/src/identity/permissions.js');

const vocabulary = policyKinds.find((kind) => kind.name === 'condition').vocabulary();
const runnerCodes = { STALE_CHALLENGE: 'The challenge had been answered already; nothing changed.' };

const tables = {
  'refusal-codes': table(
    ['code', 'meaning'],
    Object.entries(refusalCodes).map(([code, text]) => [`\`${code}\``, text]),
  ),
  'problem-codes': table(
    ['code', 'meaning'],
    Object.entries(problemCodes).map(([code, text]) => [`\`${code}\``, text]),
  ),
  'denial-codes': table(
    ['code', 'meaning'],
    Object.entries(denialCodes).map(([code, text]) => [`\`${code}\``, text]),
  ),
  'response-codes': table(
    ['code', 'from', 'meaning'],
    [
      ...Object.entries({ ...commonErrorCodes, ...runnerCodes }).map(([code, text]) => [
        `\`${code}\``,
        'any stage',
        text,
      ]),
      ...stageKinds.flatMap((kind) =>
        Object.entries(kind.interaction?.errors ?? {}).map(([code, text]) => [
          `\`${code}\``,
          kind.name,
          text,
        ]),
      ),
    ],
  ),
  'stage-kinds': table(['kind', 'what it does', 'configuration'], stageKinds.map(kindRow)),
  'policy-kinds': table(['kind', 'what it decides', 'configuration'], policyKinds.map(kindRow)),
  'condition-variables': table(
    ['variable', 'type', 'what it tells'],
    vocabulary.variables.map(({ name, type, description, parameter }) => [
      `\`${name}\`${parameter === null ? '' : ' with a parameter'}`,
      type,
      description,
    ]),
  ),
  'condition-operators': table(
    ['operator', 'for', 'holds where', 'negatable'],
    vocabulary.operators.map(({ name, types, description, negatable }) => [
      `\`${name}\``,
      types.join(', '),
      description,
      negatable ? 'yes' : '',
    ]),
  ),
  'policy-targets': table(
    ['target', 'what it is for'],
    vocabulary.targets.map(({ name, description }) => [`\`${name}\``, description]),
  ),
  'event-actions': table(
    ['action', 'meaning'],
    Object.entries(eventActions).map(([action, text]) => [`\`${action}\``, text]),
  ),
  permissions: table(
    ['permission', 'what it allows'],
    Object.entries(permissions).map(([name, text]) => [`\`${name}\``, text]),
  ),
};

const file = new URL('../README.md', import.meta.url);
const current = await readFile(file, 'utf8');
const fresh = current.replaceAll(
  /<!-- generated:([\w-]+) -->[\s\S]*?<!-- \/generated -->/g,
  (_whole, name) => `<!-- generated:${name} -->\n\n${tables[name]}\n\n<!-- /generated -->`,
);

if (process.argv[2] === 'write') {
  await writeFile(file, fresh);
} else if (fresh !== current) {
  console.error('README.md is stale: run `npm run readme:write` and commit the result');
  process.exitCode = 1;
} else {
  console.log(`README.md's ${Object.keys(tables).length} tables are what the code says`);
}

function kindRow({ name, description, developmentOnly, config }) {
  const where = developmentOnly ? ' Not in production.' : '';
  const fields = Object.keys(config.shape).map((field) => `\`${field}\``);
  return [`\`${name}\``, `${description}${where}`, fields.join(', ') || '–'];
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
