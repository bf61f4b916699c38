import { build } from '../../scripts/build.mjs';

/** What worker threads and spawned processes run is dist/, so it must be what the tests were written against. */
export default async function globalSetup() {
  await build();
}
