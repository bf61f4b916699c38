import { ADMIN, ADMIN_VARIABLES } from '../administrator.js';
import { start } from '../flows.js';
import { ServerDatabase } from '../server-database.js';
import { newFolder, startServer } from '../server-process.js';
import { TestClient } from '../test-client.js';

/** Two processes on one PostgreSQL database, and an administrator who is known to both. */
export class House {
  private constructor(
    readonly database: ServerDatabase,
    private readonly addresses: readonly string[],
    private readonly adminToken: string,
  ) {}

  static async open(): Promise<House> {
    const database = await ServerDatabase.create();
    const name = new URL(database.url).pathname.slice(1);
    // What is played here is not to survive a crash, and nobody is to wait for the disk.
    await database.query(`alter database "${name}" set synchronous_commit = off`);
    const variables = {
      DATABASE_URL: database.url,
      STAGEDOOR_DATA_DIR: newFolder(),
      STAGEDOOR_TRUSTED_PROXIES: 'loopback',
      ...ADMIN_VARIABLES,
    };
    const servers = await Promise.all([startServer(variables), startServer(variables)]);
    const [address = ''] = servers.map((server) => server.address);
    const { step } = await start(new TestClient(address), {
      flow: { designation: 'AUTHENTICATION' },
      client: 'NATIVE',
      responses: [
        { identification: { identifier: ADMIN.username } },
        { password: { password: ADMIN.password } },
      ],
    });
    return new House(
      database,
      servers.map((server) => server.address),
      step.session.token,
    );
  }

  /** A client of one of the nodes; where it is, it may say itself, as if a trusted proxy had. */
  client(node: number, from?: string): TestClient {
    const address = this.addresses[node];
    if (address === undefined) throw new Error(`there is no node ${node}`);
    return new TestClient(address, from);
  }

  admin(node: number): TestClient {
    const client = this.client(node);
    client.bearer = this.adminToken;
    return client;
  }
}
