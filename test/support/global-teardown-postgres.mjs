import { stopPostgres } from './postgres-server.mjs';

export default async function globalTeardown() {
  // Where the setup has failed there is none.
  await globalThis.dropTemplate?.();
  await stopPostgres();
}
