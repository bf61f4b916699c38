import type { Catalogue } from '../flow/catalogue.js';
import type { ReferenceTarget } from './reference.js';

/** Whether there is what a configuration names by this id; of a stage also whether it is of one of the kinds. */
export function isThere(
  catalogue: Catalogue,
  to: Exclude<ReferenceTarget, 'group'>,
  id: string,
  kinds: readonly string[] | undefined,
): boolean {
  switch (to) {
    case 'stage': {
      const stage = catalogue.stage(id);
      return stage !== undefined && (kinds?.includes(stage.kind) ?? true);
    }
    case 'flow':
      return catalogue.flow(id) !== undefined;
    case 'promptField':
      return catalogue.promptField(id) !== undefined;
    case 'policy':
      return catalogue.policy(id) !== undefined;
  }
}
