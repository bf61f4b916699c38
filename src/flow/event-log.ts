import type { JsonObject } from '../kernel/json.js';
import type { ChangedObject, ObjectType } from './change.js';
import type { ListPosition } from './list-position.js';
import type { Location } from './location.js';

/** Something that has happened, as it was written down together with it. */
export interface RecordedEvent extends ListPosition {
  /** One of the event actions, or `CUSTOM:` and what a policy calls it. */
  readonly action: string;
  /** Whom it is about. */
  readonly userId: string | null;
  /** Who did it, where somebody else than the person of a flow has; and by which API token. */
  readonly actorId: string | null;
  readonly apiTokenId: string | null;
  /** What was changed, as it was called then. */
  readonly object: ChangedObject | null;
  readonly executionId: string | null;
  /** Never holds a secret. */
  readonly details: JsonObject;
  readonly address: string;
  readonly userAgent: string;
  readonly location: Location | null;
}

/** Which events are wanted; all conditions hold, and null is none. */
export interface EventFilter {
  readonly actions: readonly string[] | null;
  readonly userId: string | null;
  readonly actorId: string | null;
  readonly objectType: ObjectType | null;
  readonly objectId: string | null;
  readonly address: string | null;
  readonly executionId: string | null;
  /** Not before this moment. */
  readonly from: Date | null;
  /** Before this moment. */
  readonly until: Date | null;
}

export interface EventPageRequest {
  readonly filter: EventFilter;
  readonly size: number;
  /** The page begins after this one; null where it is the first. */
  readonly after: ListPosition | null;
  readonly newestFirst: boolean;
}

/** Reads the event log. */
export interface EventLog {
  byId(id: string): Promise<RecordedEvent | undefined>;
  list(
    request: EventPageRequest,
  ): Promise<{ readonly events: readonly RecordedEvent[]; readonly hasMore: boolean }>;
  count(filter: EventFilter): Promise<number>;
}
