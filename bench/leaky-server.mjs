// A floor to compare with that tells on purpose who exists, in three ways that are each easy to write by mistake.
import fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const web = fastify({ logger: false });

const find = async (name) =>
  (await pool.query('select user_id from user_identifier where canonical = $1', [name])).rows[0];

/** Nothing else is done for nobody, and nothing for somebody: what the measurement itself makes out. */
web.post('/none', async ({ body }) => {
  await find(body.name);
  return {};
});

/** One row more for somebody, in a transaction of its own, as an outbox would have it. */
web.post('/row', async ({ body }) => {
  const found = await find(body.name);
  if (found) await pool.query('insert into leak (user_id) values ($1)', [found.user_id]);
  return {};
});

/** One look more for somebody, at their groups. */
web.post('/select', async ({ body }) => {
  const found = await find(body.name);
  if (found) await pool.query('select group_id from group_member where user_id = $1', [found.user_id]);
  return {};
});

web.get('/health/ready', async () => {
  await pool.query('create table if not exists leak (user_id uuid not null)');
  return {};
});
await web.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

process.once('SIGTERM', async () => {
  await web.close();
  await pool.end();
  process.exit(0);
});
