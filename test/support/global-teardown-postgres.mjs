import { stopPostgres } from './postgres-server.mjs';

export default async function globalTeardown() {
  await stopPostgres();
}
