import { Composer } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

const STAGE = `
  id name kind flows { id }
  config {
    __typename
    ... on IdentificationConfig {
      userFields pretendUserExists passwordStageId enrollmentFlowId recoveryFlowId passwordlessFlowId
    }
    ... on PasswordConfig { failedAttemptsBeforeCancel allowShowPassword recoveryFlowId }
    ... on PromptConfig { fieldIds }
    ... on UserWriteConfig { creation createUsersAsInactive groupId }
    ... on UserLoginConfig { sessionDuration rememberMeOffset terminateOtherSessions }
    ... on UserLogoutConfig { nothing }
    ... on DenyConfig { message }
    ... on DummyConfig { throwError }
  }
`;
const CREATE = `mutation($input: CreateStageInput!) { createStage(input: $input) { ${STAGE} } }`;
const READ = `query($id: ID, $name: String) { stage(id: $id, name: $name) { ${STAGE} } }`;
const UPDATE = `mutation($id: ID!, $input: UpdateStageInput!) { updateStage(id: $id, input: $input) { ${STAGE} } }`;
const DELETE = 'mutation($id: ID!) { deleteStage(id: $id) }';

const none = { enrollmentFlowId: null, recoveryFlowId: null, passwordlessFlowId: null };

describe('stages of every kind', () => {
  it.each([
    [
      'identification',
      'IDENTIFICATION',
      { userFields: ['USERNAME', 'EMAIL'], pretendUserExists: true, passwordStageId: null, ...none },
      { userFields: ['EMAIL'], pretendUserExists: false },
    ],
    [
      'password',
      'PASSWORD',
      { failedAttemptsBeforeCancel: 5, allowShowPassword: false, recoveryFlowId: null },
      { failedAttemptsBeforeCancel: 3 },
    ],
    [
      'userWrite',
      'USER_WRITE',
      { creation: 'WHEN_REQUIRED', createUsersAsInactive: false, groupId: null },
      { creation: 'NEVER' },
    ],
    [
      'userLogin',
      'USER_LOGIN',
      { sessionDuration: 'P1D', rememberMeOffset: 'PT0S', terminateOtherSessions: false },
      { rememberMeOffset: 'P30D' },
    ],
    ['userLogout', 'USER_LOGOUT', { nothing: null }, {}],
    ['deny', 'DENY', { message: '' }, { message: 'No.' }],
    ['dummy', 'DUMMY', { throwError: false }, { throwError: true }],
  ])('are made, read, changed in part and deleted: %s', async (member, kind, defaults, change) => {
    const name = `a stage of the kind ${kind}`;
    const { createStage } = await admin.ok(CREATE, { input: { name, config: { [member]: {} } } });
    expect(createStage).toMatchObject({ name, kind, config: defaults, flows: [] });
    const { id } = createStage;
    expect((await admin.ok(READ, { id })).stage).toEqual(createStage);
    expect((await admin.ok(READ, { name })).stage).toEqual(createStage);

    const changed = (await admin.ok(UPDATE, { id, input: { config: { [member]: change } } })).updateStage;
    expect(changed).toMatchObject({ name, config: { ...defaults, ...change } });
    const renamed = (await admin.ok(UPDATE, { id, input: { name: `${name}, renamed` } })).updateStage;
    expect(renamed).toEqual({ ...changed, name: `${name}, renamed` });

    expect(await admin.ok(DELETE, { id })).toEqual({ deleteStage: id });
    expect((await admin.ok(READ, { id })).stage).toBeNull();
  });

  it('are made, read, changed in part and deleted: prompt', async () => {
    const first = await composer.promptField({ key: 'first', type: 'TEXT' });
    const second = await composer.promptField({ key: 'second', type: 'EMAIL' });
    const input = { name: 'a form', config: { prompt: { fieldIds: [second, first] } } };
    const { createStage } = await admin.ok(CREATE, { input });
    expect(createStage).toMatchObject({ kind: 'PROMPT', config: { fieldIds: [second, first] } });
    const { id } = createStage;
    const change = { config: { prompt: { fieldIds: [first] } } };
    expect((await admin.ok(UPDATE, { id, input: change })).updateStage.config.fieldIds).toEqual([first]);
    expect((await admin.ok(UPDATE, { id, input: { config: { prompt: {} } } })).updateStage).toMatchObject({
      config: { fieldIds: [first] },
    });
    await admin.ok(DELETE, { id });
  });

  it('say which kind they are of, and have a configuration of that kind', async () => {
    const { stage } = await admin.ok(READ, { name: 'default-authentication-password' });
    expect(stage).toMatchObject({ kind: 'PASSWORD', config: { __typename: 'PasswordConfig' } });
  });
});

describe('null in a configuration', () => {
  it('takes away what may be absent; leaving it out keeps it', async () => {
    const passwordStageId = await composer.stage({ password: {} });
    const { id: recoveryFlowId } = await composer.flow({ designation: 'RECOVERY' });
    const id = await composer.stage({ identification: { passwordStageId, recoveryFlowId } });
    const update = async (change: object) =>
      (await admin.ok(UPDATE, { id, input: { config: { identification: change } } })).updateStage.config;
    expect(await update({ userFields: ['USERNAME'] })).toMatchObject({ passwordStageId, recoveryFlowId });
    expect(await update({ recoveryFlowId: null })).toMatchObject({ passwordStageId, recoveryFlowId: null });
    expect(await update({ passwordStageId: null })).toMatchObject({ passwordStageId: null });
  });

  it.each([
    ['identification', 'userFields'],
    ['identification', 'pretendUserExists'],
    ['password', 'failedAttemptsBeforeCancel'],
    ['userLogin', 'sessionDuration'],
    ['userWrite', 'creation'],
    ['deny', 'message'],
  ])('is refused where something must be said: %s.%s', async (member, field) => {
    const input = { name: 'never made', config: { [member]: { [field]: null } } };
    expect((await admin.send(CREATE, { input })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.config.${member}.${field}` }] } },
    ]);
  });
});

describe('a prompt field', () => {
  const FIELD = 'id name key label type required placeholder initialValue order helpText';
  const CREATE_FIELD = `mutation($input: CreatePromptFieldInput!) { createPromptField(input: $input) { ${FIELD} } }`;
  const UPDATE_FIELD = `mutation($id: ID!, $input: UpdatePromptFieldInput!) {
    updatePromptField(id: $id, input: $input) { ${FIELD} }
  }`;
  const READ_FIELD = `query($id: ID, $name: String) { promptField(id: $id, name: $name) { ${FIELD} } }`;
  const DELETE_FIELD = 'mutation($id: ID!) { deletePromptField(id: $id) }';

  it('is made with defaults, read, changed in part and deleted', async () => {
    const input = { name: 'nickname', key: 'nickname', label: 'Nickname', type: 'TEXT' };
    const { createPromptField: made } = await admin.ok(CREATE_FIELD, { input });
    const defaults = { required: true, placeholder: '', initialValue: '', order: 0, helpText: '' };
    expect(made).toMatchObject({ ...input, ...defaults });
    const { id } = made;
    expect((await admin.ok(READ_FIELD, { name: 'nickname' })).promptField).toEqual(made);
    const change = { required: false, order: 12, type: 'STATIC' };
    const changed = await admin.ok(UPDATE_FIELD, { id, input: change });
    expect(changed.updatePromptField).toEqual({ ...made, ...change });
    expect(await admin.ok(DELETE_FIELD, { id })).toEqual({ deletePromptField: id });
    expect((await admin.ok(READ_FIELD, { id })).promptField).toBeNull();
  });

  it('cannot be deleted while a form shows it', async () => {
    const id = await composer.promptField({ key: 'shown', type: 'TEXT' });
    const stage = await composer.stage({ prompt: { fieldIds: [id] } });
    expect((await admin.send(DELETE_FIELD, { id })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT' } },
    ]);
    expect((await admin.ok(READ_FIELD, { id })).promptField).toMatchObject({ key: 'shown' });
    await admin.ok(DELETE, { id: stage });
    expect(await admin.ok(DELETE_FIELD, { id })).toEqual({ deletePromptField: id });
  });
});

describe('deleting a stage that is in use', () => {
  it('is refused while a flow runs it', async () => {
    const flow = await composer.flow();
    const id = await composer.stage({ deny: {} });
    const binding = await composer.bind(flow.id, id, 1);
    expect((await admin.send(DELETE, { id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await admin.ok(READ, { id })).stage.flows).toEqual([{ id: flow.id }]);
    await admin.ok('mutation($id: ID!) { unbindStage(id: $id) }', { id: binding });
    expect(await admin.ok(DELETE, { id })).toEqual({ deleteStage: id });
  });

  it('is refused while another stage shows it, until that one lets go of it', async () => {
    const id = await composer.stage({ password: {} });
    const other = await composer.stage({ identification: { passwordStageId: id } });
    expect((await admin.send(DELETE, { id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await admin.ok(READ, { id })).stage).toMatchObject({ id });
    const input = { config: { identification: { passwordStageId: null } } };
    await admin.ok(UPDATE, { id: other, input });
    expect(await admin.ok(DELETE, { id })).toEqual({ deleteStage: id });
  });

  it('is refused for a flow that a stage links to', async () => {
    const { id } = await composer.flow({ designation: 'RECOVERY' });
    await composer.stage({ password: { recoveryFlowId: id } });
    const { errors } = await admin.send('mutation($id: ID!) { deleteFlow(id: $id) }', { id });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await admin.ok('query($id: ID) { flow(id: $id) { id } }', { id })).flow).toEqual({ id });
  });
});
