// Many people with one password, written straight into the database, and how one of them signs in.
import { readFileSync } from 'node:fs';

import { parseKeys } from '../dist/src/environment.js';
import { KeyRing } from '../dist/src/identity/key-ring.js';
import { PasswordHasher } from '../dist/src/identity/password-hasher.js';
import { Secret } from '../dist/src/kernel/secret.js';
import { send } from './load.mjs';

export const KEYS = `bench:${Buffer.alloc(32, 7).toString('base64url')}`;
export const PEOPLE = 20_000;
const PASSWORD = 'correct horse battery staple';

/** @param {(statement: string) => Promise<unknown>} execute */
export async function addPeople(execute) {
  const hash = await new PasswordHasher(new KeyRing(parseKeys(KEYS))).hash(new Secret(PASSWORD));
  await execute(`insert into user_account (id, username, email, name, active, created_at)
    select gen_random_uuid(), 'person' || n, null, '', true, now() from generate_series(0, ${PEOPLE - 1}) n`);
  await execute(`insert into user_identifier (canonical, user_id, is_username, is_email)
    select username, id, true, false from user_account where username like 'person%'`);
  await execute(`insert into password (user_id, hash, changed_at)
    select id, '${hash}', now() from user_account where username like 'person%'`);
  await execute('analyze');
}

const STEP = '{ id token step { __typename ... on Challenge { id } } }';
const START = `mutation ($input: StartFlowInput!) { startFlow(input: $input) ${STEP} }`;
const SUBMIT = `mutation ($input: SubmitStageInput!) { submitStage(input: $input) ${STEP} }`;
const authentication = { designation: 'AUTHENTICATION' };

export const identify = (index) => ({ identification: { identifier: `person${index}` } });
export const password = { password: { password: PASSWORD } };

/** Everybody is somebody else, somewhere else: no limit is reached. */
const placeOf = (index) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

export async function startFlow(address, index, flow, responses = []) {
  const input = { flow, client: 'NATIVE', responses };
  return (await send(address, START, { input }, placeOf(index))).startFlow;
}

export function start(address, index, responses) {
  return startFlow(address, index, authentication, responses);
}

export async function submit(address, index, { id, token, step }, response) {
  const input = { executionId: id, token, challengeId: step.id, response };
  const { submitStage } = await send(address, SUBMIT, { input }, placeOf(index));
  return { ...submitStage, token };
}

/** A login in one round trip. */
export async function login(address, index) {
  expectStep('FlowCompleted', await start(address, index, [identify(index), password]));
}

/** A wrong password, of somebody or of nobody. */
export async function guess(address, index, whom) {
  const identifier = whom === 'somebody' ? `person${index}` : `nobody${index}`;
  const responses = [{ identification: { identifier } }, { password: { password: 'wrong' } }];
  expectStep('PasswordChallenge', await start(address, index, responses));
}

export function expectStep(type, { step }) {
  if (step.__typename !== type) throw new Error(`expected ${type}, got ${JSON.stringify(step)}`);
}

export const environment = {
  NODE_ENV: 'production',
  STAGEDOOR_SECRET_KEYS: KEYS,
  STAGEDOOR_TRUSTED_PROXIES: '127.0.0.1',
  STAGEDOOR_PUBLIC_URL: 'http://localhost',
};

/** The version that was measured. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
