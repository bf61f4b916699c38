import type { KeyRing } from '../identity/key-ring.js';
import type { BlueprintEnvironment } from './environment.js';
import type { ExternalSources } from './external-sources.js';
import type { FolderFile } from './folder.js';
import { variableOf } from './parameter-variables.js';

const NAME = /[A-Z][A-Z0-9_]*/g;
/** `{ $parameter: slug }`, in any writing of YAML or JSON that puts the name beside the key. */
const PARAMETER = /\$parameter["']?\s*:\s*["']?([A-Za-z_][\w-]*)/g;
const FILE = /!File\s+\[?\s*["']?([^\s"',\]]+)/g;

/**
 * Tells whether a document says something else than before: by what its file holds, and by the secrets, variables,
 * parameters and files that it names. Of those, nobody learns anything by it who does not have the keys.
 */
export class Fingerprints {
  constructor(
    private readonly keys: KeyRing,
    private readonly environment: Pick<BlueprintEnvironment, 'secrets' | 'variables' | 'parameters'>,
    private readonly sources: ExternalSources,
  ) {}

  of({ text = '', hash }: FolderFile): string {
    const used = this.#usedBy(text);
    return used === undefined ? hash : this.#withUsed(hash, used, this.keys.writingKeyId);
  }

  /** Keys that have been replaced since make no difference as long as they are there. */
  isSame(known: string, { text = '', hash }: FolderFile): boolean {
    const used = this.#usedBy(text);
    if (used === undefined) return known === hash;
    const [, keyId = ''] = known.split(':');
    return this.keys.has(keyId) && known === this.#withUsed(hash, used, keyId);
  }

  #withUsed(hash: string, used: string, keyId: string): string {
    return `${hash}:${keyId}:${this.keys.mac('blueprint', used, keyId)}`;
  }

  /** Undefined where it names nothing that lies outside of it. */
  #usedBy(text: string): string | undefined {
    const { secrets, variables, parameters } = this.environment;
    const names = new Set(text.match(NAME));
    const wanted = new Set([...text.matchAll(PARAMETER)].map(([, name = '']) => variableOf(name)));
    const revealed = new Map([...secrets].map(([name, secret]) => [name, secret.reveal()]));
    const used = [
      ...picked('secret', revealed, names),
      ...picked('variable', variables?.values ?? new Map(), names),
      ...picked('parameter', parameters, wanted),
      ...[...text.matchAll(FILE)].flatMap(([, path = '']) => this.#fileUsed(path)),
    ];
    return used.length === 0 ? undefined : JSON.stringify(used);
  }

  #fileUsed(path: string): string[][] {
    const file = this.sources.file(path);
    return file === 'FORBIDDEN' ? [] : [['file', path, file.text ?? '']];
  }
}

/** In the order of their names: that in which an environment has them means nothing, and may be another one tomorrow. */
function picked(what: string, values: ReadonlyMap<string, string>, names: ReadonlySet<string>): string[][] {
  const found = [...values].filter(([name]) => names.has(name));
  const sorted = found.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([name, value]) => [what, name, value]);
}
