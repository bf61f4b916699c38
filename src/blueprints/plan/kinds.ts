import type { Path } from '../problem.js';
import type { Draft } from './draft.js';

/**
 * The kind of a stage or a policy: what the document says, or what it has already. It cannot become another one, and
 * where it is made the document has to say it.
 */
export function kindOf<Kind extends { readonly name: string }>(
  draft: Draft,
  kinds: readonly Kind[],
  said: string | undefined,
  present: string | undefined,
  path: Path,
): Kind | undefined {
  const at = [...path, 'kind'];
  const name = said ?? present;
  if (name === undefined) {
    draft.refuse(at, 'REQUIRED', 'It is not there yet: the document has to say of which kind it is.');
    return undefined;
  }
  if (present !== undefined && said !== undefined && said !== present) {
    const message = `It is of the kind ${present} already, and cannot become another one. Give it another name.`;
    draft.refuse(at, 'WRONG_KIND', message);
    return undefined;
  }
  const kind = kinds.find((candidate) => candidate.name === name);
  if (!kind) {
    const names = kinds.map((candidate) => candidate.name).join(', ');
    draft.refuse(at, 'UNKNOWN_KIND', `There is no such kind; there are ${names}.`);
  }
  return kind;
}
