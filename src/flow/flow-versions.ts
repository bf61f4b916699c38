import type { JsonObject } from '../kernel/json.js';
import type { Catalogue } from './catalogue.js';
import type { FlowDefinition } from './definition.js';

/** Why there is a version of a flow, each with what that means. */
export const flowVersionReasonMeanings = {
  STARTED:
    'What the flow was like when the service started: versions had not been kept before, or something else had changed it.',
  CHANGED: 'The flow, or something that it consists of, was changed.',
  IMPORTED: 'A document was imported.',
  ROLLED_BACK: 'The flow, or one that shares something with it, was made what it had been before.',
} as const;

export type FlowVersionReason = keyof typeof flowVersionReasonMeanings;

export const flowVersionReasons = [
  'STARTED',
  'CHANGED',
  'IMPORTED',
  'ROLLED_BACK',
] as const satisfies readonly FlowVersionReason[];

/** What a document calls groups and people, by their ids. */
export interface SubjectNames {
  group(id: string): string;
  user(id: string): string;
}

/**
 * Says in a document what a flow consists of: itself, its stages, what they name, and what guards them. It holds no
 * secret; other flows, that it leads to, are only named.
 */
export type DescribeFlow = (flow: FlowDefinition, catalogue: Catalogue, names: SubjectNames) => JsonObject;

/** A version as lists have it. Numbers begin with 1, and none is left out. */
export interface FlowVersion {
  readonly flowId: string;
  readonly number: number;
  readonly reason: FlowVersionReason;
  /** Null where the service itself made it; the account may be gone. */
  readonly authorId: string | null;
  readonly apiTokenId: string | null;
  readonly createdAt: Date;
}

/** Which version of which flow. */
export interface FlowVersionName {
  readonly flowId: string;
  readonly number: number;
}

/** What a flow was like. */
export interface FlowRecord {
  /** Groups and people stand in it by their ids. */
  readonly document: JsonObject;
  /**
   * The ids of what stands in it, by `type:name` as it was called then: the flow itself, its stages, fields, policies
   * and groups, and the flows that it leads to.
   */
  readonly objects: ReadonlyMap<string, string>;
}

/** A page of a flow's versions, the newest first. */
export interface FlowVersionPageRequest {
  readonly flowId: string;
  readonly size: number;
  /** The page begins after this one; null where it is the first. */
  readonly after: number | null;
}

export interface FlowVersionPage {
  readonly versions: readonly FlowVersion[];
  readonly hasMore: boolean;
}

export interface FlowVersions {
  /** The pages, in the order of the requests. */
  pages(requests: readonly FlowVersionPageRequest[]): Promise<FlowVersionPage[]>;
  /** What the flows were like, in the order in which they are named; undefined where there is no such version. */
  records(names: readonly FlowVersionName[]): Promise<(FlowRecord | undefined)[]>;
}

/** What something was called in a version; empty where it did not stand in it. */
export function nameThen(type: string, id: string, { objects }: FlowRecord): string {
  const key = [...objects.keys()].find((name) => name.startsWith(`${type}:`) && objects.get(name) === id);
  return key?.slice(type.length + 1) ?? '';
}

/** What something that stood in one version as `type:name` is called in another one, where it stands in both. */
export function calledIn(before: FlowRecord, after: FlowRecord): (subject: string) => string {
  const names = new Map([...after.objects].map(([name, id]) => [id, name]));
  // Documents are shown with what groups are called now.
  return (subject) =>
    subject.startsWith('group:') ? subject : (names.get(before.objects.get(subject) ?? '') ?? subject);
}
