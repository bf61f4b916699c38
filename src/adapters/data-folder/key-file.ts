import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_BYTES = 32;

/**
 * The keys of a development installation, as `id:base64url`: made once, kept in the data folder, readable by its
 * owner only. Of several processes that make them at once, one wins and all read the same.
 */
export function keepDevelopmentKeys(folder: string): string {
  const file = join(folder, 'secret-keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  // Not named by the process: in containers that share the folder, all of them may be number 1.
  const draft = join(folder, `secret-keys.${randomUUID()}.draft`);
  // On the disk before anything is written under these keys, for they could not be had again.
  writeFileSync(draft, `${newKey('development')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}

/** Puts a key before the others in the folder's file: from now on it is the one that writes. */
export function keepNewKey(folder: string, key: string): void {
  const keys = `${key},${keepDevelopmentKeys(folder)}\n`;
  const draft = join(folder, `secret-keys.${randomUUID()}.draft`);
  writeFileSync(draft, keys, { mode: 0o600, flush: true });
  renameSync(draft, join(folder, 'secret-keys'));
}

/** A new key of this name, as `id:base64url`. */
export function newKey(id: string): string {
  return `${id}:${randomBytes(KEY_BYTES).toString('base64url')}`;
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
