// The floor: Apollo, Fastify and Kysely on the same database, and one mutation of one select and one update.
import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';

const dialect = process.env.DATABASE_URL === undefined ? await embedded() : await server();
const db = new Kysely({ dialect });
await sql`create table if not exists floor (id int primary key, hits int not null)`.execute(db);
await sql`insert into floor select n, 0 from generate_series(1, 1000) n on conflict do nothing`.execute(db);

const web = fastify({ logger: false });
const apollo = new ApolloServer({
  typeDefs: 'type Query { nothing: Int } type Mutation { hit(id: Int!): Int! }',
  resolvers: {
    Mutation: {
      async hit(_root, { id }) {
        const row = await db.selectFrom('floor').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
        await db
          .updateTable('floor')
          .set({ hits: row.hits + 1 })
          .where('id', '=', id)
          .execute();
        return row.hits + 1;
      },
    },
  },
  plugins: [fastifyApolloDrainPlugin(web)],
  stopOnTerminationSignals: false,
});
await apollo.start();
web.route({ method: 'POST', url: '/graphql', handler: fastifyApolloHandler(apollo) });
web.get('/health/ready', async () => {
  await sql`select 1`.execute(db);
  return {};
});
await web.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

process.once('SIGTERM', async () => {
  await web.close();
  await db.destroy();
  process.exit(0);
});

async function server() {
  const { default: pg } = await import('pg');
  return new PostgresDialect({
    pool: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 }),
  });
}

async function embedded() {
  const { PGlite } = await import('@electric-sql/pglite');
  const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs');
  const { existsSync } = await import('node:fs');
  const folder = process.env.STAGEDOOR_DATA_DIR;
  const fresh = !existsSync(folder);
  const pglite = await PGlite.create({ dataDir: folder, ...(fresh && { loadDataDir: await dataDir() }) });
  return new PGliteDialect({ pglite });
}
