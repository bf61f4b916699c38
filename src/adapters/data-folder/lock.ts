import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another process has the folder open. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';

  constructor(folder: string) {
    super(
      `the data folder ${folder} is in use by another process. Stop that one, choose another folder with ` +
        'STAGEDOOR_DATA_DIR, or set DATABASE_URL: any number of processes can share a PostgreSQL server.',
    );
  }
}

/**
 * Takes a folder for this process alone. The embedded database has no lock of its own, and two processes on one
 * folder silently lose each other's data. The lock is a socket that is listened on, so that it goes with the
 * process, however that ends.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const address = addressOf(realpathSync(folder));
  const server = (await listen(address)) ?? (await listenInPlaceOfTheDead(address));
  if (!server) throw new FolderInUse(folder);
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** Linux has sockets without a file, Windows has pipes: both vanish with their process. Elsewhere a file is left. */
function addressOf(folder: string): string {
  const name = `stagedoor-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** Undefined where somebody listens already. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

async function listenInPlaceOfTheDead(address: string): Promise<Server | undefined> {
  const leavesFile = !address.startsWith('\0') && !address.startsWith('\\\\');
  if (!leavesFile || (await answers(address))) return undefined;
  rmSync(address, { force: true });
  return listen(address);
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
