import { uniqueName } from './compose.js';
import { signedIn } from './flows.js';
import type { TestApp } from './test-app.js';
import type { Answer, TestClient } from './test-client.js';

export const PASSWORD = 'a long enough password';

export const CREATE_USER = 'mutation($input: CreateUserInput!) { createUser(input: $input) { id version } }';
export const UPDATE_USER = `mutation($id: ID!, $input: UpdateUserInput!, $ifVersion: Int) {
  updateUser(id: $id, input: $input, ifVersion: $ifVersion) {
    id username email name active attributes version
  }
}`;
export const DELETE_USER = 'mutation($id: ID!) { deleteUser(id: $id) }';
export const SET_PASSWORD = `mutation($id: ID!, $password: String!) {
  setUserPassword(id: $id, password: $password) { id passwordChangedAt passwordCompromised }
}`;
export const MARK_COMPROMISED = `mutation($id: ID!) {
  markPasswordCompromised(id: $id) { id passwordCompromised }
}`;

export interface MadePerson {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

/** Makes accounts, with passwords, as an administrator does. */
export class People {
  constructor(
    private readonly app: TestApp,
    readonly admin: TestClient,
  ) {}

  async create(fields: object = {}): Promise<MadePerson> {
    const username = uniqueName('person');
    const { createUser } = await this.admin.ok(CREATE_USER, { input: { username, ...fields } });
    await this.admin.ok(SET_PASSWORD, { id: createUser.id, password: PASSWORD });
    return { username, ...fields, id: createUser.id, password: PASSWORD };
  }

  signedIn(person: MadePerson): Promise<TestClient> {
    return signedIn(this.app, person);
  }
}

export const codes = ({ errors }: Answer): unknown[] => errors.map(({ extensions }) => extensions.code);
