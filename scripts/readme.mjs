// `write` fills in the tables of README.md and docs/ from the code; `check` fails where they are stale, or one is missing.
import { readFile, readdir, writeFile } from 'node:fs/promises';

import { build } from './build.mjs';

await build();
const { problemCodes } = await import('../dist/src/kernel/problem-codes.js');
const { refusalCodes } = await import('../dist/src/kernel/refusal.js');
const { denialCodes } = await import('../dist/src/flow/outcome.js');
const { eventActions } = await import('../dist/src/flow/event-actions.js');
const { exitCodes } = await import('../dist/src/cli/exit-codes.js');
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
  'exit-codes': table(
    ['exit code', 'name in JSON', 'meaning'],
    Object.entries(exitCodes).map(([name, { code, meaning }]) => [`${code}`, `\`${name}\``, meaning]),
  ),
  permissions: table(
    ['permission', 'what it allows'],
    Object.entries(permissions).map(([name, text]) => [`\`${name}\``, text]),
  ),
};

const root = new URL('../', import.meta.url);
const docs = (await readdir(new URL('docs/', root))).filter((name) => name.endsWith('.md'));
const files = ['README.md', ...docs.map((name) => `docs/${name}`)];
const homeless = new Set(Object.keys(tables));
const stale = [];
for (const file of files) {
  const current = await readFile(new URL(file, root), 'utf8');
  const fresh = current.replaceAll(
    /<!-- generated:([\w-]+) -->[\s\S]*?<!-- \/generated -->/g,
    (_whole, name) => {
      homeless.delete(name);
      return `<!-- generated:${name} -->\n\n${tables[name]}\n\n<!-- /generated -->`;
    },
  );
  if (fresh === current) continue;
  if (process.argv[2] === 'write') await writeFile(new URL(file, root), fresh);
  else stale.push(file);
}

if (stale.length > 0 || homeless.size > 0) {
  for (const file of stale)
    console.error(`${file} is stale: run \`npm run readme:write\` and commit the result`);
  for (const name of homeless) console.error(`the table ${name} stands nowhere`);
  process.exitCode = 1;
} else {
  console.log(`the ${Object.keys(tables).length} tables of README.md and docs/ are what the code says`);
}

function kindRow({ name, description, developmentOnly, config }) {
  const where = developmentOnly ? ' Not in production.' : '';
  const fields = Object.keys(config.shape).map((field) => `\`${field}\``);
  return [`\`${name}\``, `${description}${where}`, fields.join(', ') || '–'];
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
