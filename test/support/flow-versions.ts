import type { TestClient } from './test-client.js';

/** A version of a flow as administrators see it. */
export interface ShownVersion {
  readonly number: number;
  readonly reason: string;
  readonly createdAt: string;
  readonly author: { readonly username: string } | null;
  readonly apiTokenId: string | null;
  readonly document: string;
  readonly changes: readonly ShownDifference[];
}

export interface ShownDifference {
  readonly path: string;
  readonly kind: string;
  readonly before: unknown;
  readonly after: unknown;
}

const VERSIONS = /* GraphQL */ `
  query ($id: ID!) {
    flow(id: $id) {
      currentVersion
      versions {
        totalCount
        edges {
          node {
            number
            reason
            createdAt
            author {
              username
            }
            apiTokenId
            document
            changes {
              path
              kind
              before
              after
            }
          }
        }
      }
    }
  }
`;

/** All versions of a flow, the oldest first. */
export async function versionsOf(client: TestClient, id: string): Promise<ShownVersion[]> {
  const { currentVersion, versions } = (await client.ok(VERSIONS, { id })).flow;
  const shown: ShownVersion[] = versions.edges.map(({ node }: { node: ShownVersion }) => node).toReversed();
  expect(shown.map(({ number }) => number)).toEqual(shown.map((_, index) => index + 1));
  expect([currentVersion, versions.totalCount]).toEqual([shown.length, shown.length]);
  return shown;
}

/** The last version of a flow. */
export async function lastVersionOf(client: TestClient, id: string): Promise<ShownVersion> {
  const last = (await versionsOf(client, id)).at(-1);
  if (!last) throw new Error(`no versions of ${id}`);
  return last;
}

/** What has become another one, as `path: before → after`. */
export function told({ changes }: Pick<ShownVersion, 'changes'>): string[] {
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return changes.map(({ path, kind, before, after }) => {
    switch (kind) {
      case 'ADDED':
        return `+ ${path}`;
      case 'REMOVED':
        return `- ${path}`;
      default:
        return `${path}: ${text(before)} → ${text(after)}`;
    }
  });
}
