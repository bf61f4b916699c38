// `write` writes blueprint.schema.json as the code has it; `check` fails where the file is stale.
import { readFile, writeFile } from 'node:fs/promises';

import { build } from './build.mjs';

await build();
const { blueprintSchema } = await import('../dist/src/blueprints/json-schema.js');
const { policyKinds } = await import('../dist/src/policies/list.js');
const { stageKinds } = await import('../dist/src/stages/list.js');

const file = new URL('../blueprint.schema.json', import.meta.url);
const printed = `${JSON.stringify(blueprintSchema(stageKinds, policyKinds), null, 2)}\n`;

if (process.argv[2] === 'write') {
  await writeFile(file, printed);
} else {
  const current = await readFile(file, 'utf8').catch(() => '');
  if (current !== printed) {
    console.error(
      'blueprint.schema.json is stale: run `npm run blueprint-schema:write` and commit the result',
    );
    process.exitCode = 1;
  } else {
    console.log(`blueprint.schema.json is what the code says (${printed.split('\n').length} lines)`);
  }
}
