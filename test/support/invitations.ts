import { filledIn, uniqueName } from './compose.js';
import type { ComposedFlow, Composer } from './compose.js';
import type { Answer, TestClient } from './test-client.js';

const INVITATION = /* GraphQL */ `
  fragment Invitation on Invitation {
    id
    name
    flow {
      id
    }
    singleUse
    fixedData
    state
    uses
    createdBy {
      username
    }
    createdAt
    expiresAt
    version
  }
`;

const CREATE = /* GraphQL */ `
  mutation Create($input: CreateInvitationInput!, $sendTo: SendInvitationInput) {
    createInvitation(input: $input, sendTo: $sendTo) {
      token
      url
      invitation {
        ...Invitation
      }
    }
  }
  ${INVITATION}
`;

const UPDATE = /* GraphQL */ `
  mutation Update($id: ID!, $input: UpdateInvitationInput!, $ifVersion: Int) {
    updateInvitation(id: $id, input: $input, ifVersion: $ifVersion) {
      ...Invitation
    }
  }
  ${INVITATION}
`;

const SEND = /* GraphQL */ `
  mutation Send($id: ID!, $input: SendInvitationInput!, $ifVersion: Int) {
    sendInvitation(id: $id, input: $input, ifVersion: $ifVersion) {
      ...Invitation
    }
  }
  ${INVITATION}
`;

const FIND = /* GraphQL */ `
  query Find($id: ID!) {
    invitation(id: $id) {
      ...Invitation
    }
  }
  ${INVITATION}
`;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- What a test expects of an invitation is what it asserts.
export type Invitation = any;

export function tryInvite(admin: TestClient, input: object, sendTo?: object): Promise<Answer> {
  return admin.send(CREATE, { input: { name: uniqueName('invitation'), ...input }, sendTo });
}

/** A new invitation, with its secret. */
export async function invite(admin: TestClient, input: object = {}, sendTo?: object): Promise<Invitation> {
  const { data, errors } = await tryInvite(admin, input, sendTo);
  if (errors.length > 0) throw new Error(`not invited: ${JSON.stringify(errors)}`);
  return data.createInvitation;
}

export function tryUpdate(
  admin: TestClient,
  id: string,
  input: object,
  ifVersion?: number | null,
): Promise<Answer> {
  return admin.send(UPDATE, { id, input, ifVersion });
}

/** Sends an invitation by mail. */
export function trySend(
  admin: TestClient,
  id: string,
  input: object,
  ifVersion?: number | null,
): Promise<Answer> {
  return admin.send(SEND, { id, input, ifVersion });
}

export async function invitationNow(admin: TestClient, id: string): Promise<Invitation> {
  return (await admin.ok(FIND, { id })).invitation;
}

/** A flow in which invited people make accounts, and are signed in. */
export async function enrollmentByInvitation(
  composer: Composer,
  { config = {}, place = {}, userWrite = {} }: { config?: object; place?: object; userWrite?: object } = {},
): Promise<ComposedFlow> {
  const fieldIds = [
    await composer.promptField({ key: 'username', type: 'USERNAME', order: 1 }),
    await composer.promptField({ key: 'email', type: 'EMAIL', required: false, order: 2 }),
    await composer.promptField({ key: 'password', type: 'PASSWORD', order: 3 }),
  ];
  const flow = await composer.flowOf({ designation: 'ENROLLMENT' }, { invitation: config });
  await composer.add(flow, 10, { prompt: { fieldIds } }, place);
  await composer.add(flow, 20, { userWrite: { creation: 'ALWAYS', ...userWrite } });
  await composer.add(flow, 30, { userLogin: {} });
  return flow;
}

/** A form that is good enough. */
export function form(username: string, also: Readonly<Record<string, string>> = {}): object {
  return filledIn({ username, password: 'a long enough password', ...also });
}
