// `create [name]`: writes a migration for what has changed in src/persistence/rows since the last one.
// `check`: fails where the rows and the migrations disagree, or a migration is not listed, on PGlite and PostgreSQL.
import { readFile, readdir } from 'node:fs/promises';

import { build } from './build.mjs';

await build();
const { ormOptions } = await import('../dist/src/persistence/orm-options.js');
const { migrations } = await import('../dist/migrations/list.js');
const folder = new URL('../migrations/', import.meta.url).pathname;

const [command, name] = process.argv.slice(2);
if (command === 'create') await create(name);
else if (command === 'check') await check();
else throw new Error('usage: migrations.mjs create [name] | check');

async function create(name) {
  await withDatabase('pglite', async (orm) => {
    const { fileName } = await orm.migrator.create(undefined, false, false, name);
    console.log(
      fileName ? `wrote migrations/${fileName}; now add it to migrations/list.ts` : 'nothing has changed',
    );
  });
}

async function check() {
  const problems = [];
  const files = (await readdir(folder)).filter((file) => /^Migration\d+.*\.ts$/.test(file)).toSorted();
  const listed = migrations.map((migration) => `${migration.name}.ts`);
  if (files.join() !== listed.join())
    problems.push(`migrations/list.ts lists ${listed}, the folder has ${files}`);
  for (const kind of ['pglite', 'postgres']) {
    await withDatabase(kind, async (orm) => {
      await orm.migrator.up();
      const drift = await orm.schema.getUpdateSchemaSQL();
      if (drift.trim() !== '') problems.push(`${kind}: after all migrations the rows still want:\n${drift}`);
      if (await orm.migrator.checkSchema())
        problems.push(`${kind}: the rows have changed since the last migration`);
      console.log(
        `${kind}: ${listed.length} migrations from empty, ${drift.trim() === '' ? 'no drift' : 'DRIFT'}`,
      );
    });
  }
  const snapshot = await readFile(new URL('.snapshot.json', `file://${folder}`), 'utf8');
  if (!snapshot.includes('"tables"')) problems.push('migrations/.snapshot.json is missing or empty');
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

async function withDatabase(kind, work) {
  const { openDatabase } = await import(`../test/support/databases.mjs`);
  const { driver, options, close } = await openDatabase(kind);
  const { MikroORM } = await import(`@mikro-orm/${driver}`);
  const orm = await MikroORM.init({ ...ormOptions, ...options });
  orm.config.get('migrations').path = folder;
  try {
    await work(orm);
  } finally {
    await orm.close();
    await close();
  }
}
