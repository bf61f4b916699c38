import { signedUp, uniqueName } from './compose.js';
import type { Composer, Person } from './compose.js';
import type { TestApp } from './test-app.js';
import type { TestClient } from './test-client.js';

/** Somebody whom administrators have given some of what they may do. */
export interface Delegate extends Person {
  readonly id: string;
  readonly groupId: string;
  /** A browser in which they are signed in. */
  readonly client: TestClient;
}

/** Makes people who may do just this; with nothing, ordinary people. */
export class Delegates {
  #enrollment: Promise<string> | undefined;

  constructor(
    private readonly app: TestApp,
    private readonly composer: Composer,
  ) {}

  async delegate(...permissions: readonly string[]): Promise<Delegate> {
    this.#enrollment ??= this.composer.enrollment().then((flow) => flow.slug);
    const person = { username: uniqueName('delegate'), password: 'a long enough password' };
    const client = await signedUp(this.app, await this.#enrollment, person);
    const { id } = (await client.ok('{ viewer { id } }')).viewer;
    const groupId = await this.composer.group({ permissions });
    await this.composer.admin.ok(
      'mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { id } }',
      { id: groupId, userIds: [id] },
    );
    return { ...person, id, groupId, client };
  }
}
