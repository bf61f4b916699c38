import { existsSync } from 'node:fs';

/** The folder of package.json: the same whether the code runs as written or as built. */
export function projectRoot(): URL {
  for (let folder = new URL('.', import.meta.url); folder.pathname !== '/'; folder = new URL('..', folder)) {
    if (existsSync(new URL('package.json', folder))) return folder;
  }
  throw new Error('package.json is not above the code');
}
