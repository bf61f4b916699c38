import { z } from 'zod';

/** What a configuration can refer to. The database keeps such a reference whole. */
export type ReferenceTarget = 'stage' | 'flow' | 'group' | 'promptField' | 'policy';

interface ReferenceMeta {
  readonly to: ReferenceTarget;
  /** For stages: the kind that the stage must have. */
  readonly kind?: string;
}

/** Which parts of configuration schemas are references. */
export const references = z.registry<ReferenceMeta>();

/** The id of a stage of this kind, which the stage shows within itself. */
export function stageReference(kind: string) {
  return z.uuid().register(references, { to: 'stage', kind });
}

export function flowReference() {
  return z.uuid().register(references, { to: 'flow' });
}

export function groupReference() {
  return z.uuid().register(references, { to: 'group' });
}

/** The id of a policy, which the stage has its answers judged by. */
export function policyReference() {
  return z.uuid().register(references, { to: 'policy' });
}

export function promptFieldReference() {
  return z.uuid().register(references, { to: 'promptField' });
}
