import { z } from 'zod';

/** What a configuration can refer to. The database keeps such a reference whole. */
export type ReferenceTarget = 'stage' | 'flow' | 'group' | 'promptField' | 'policy';

export interface ReferenceMeta {
  readonly to: ReferenceTarget;
  /** For stages: the kinds of which the stage must have one. */
  readonly kinds?: readonly string[];
}

/** Which parts of configuration schemas are references. */
export const references = z.registry<ReferenceMeta>();

/** The id of a stage of one of these kinds, which the stage shows within itself, or puts before itself. */
export function stageReference(...kinds: readonly [string, ...string[]]) {
  return z.uuid().register(references, { to: 'stage', kinds });
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
