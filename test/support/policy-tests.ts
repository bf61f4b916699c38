import type { Execution } from './flows.js';
import type { TestClient } from './test-client.js';

const RESULT = `passing messages rawResult log error read decidedBy written milliseconds
  calls { policy passing messages error } events { name details }`;

export const TEST_POLICY = `mutation($input: TestPolicyInput!) { testPolicy(input: $input) { ${RESULT} } }`;
export const TEST_DRAFT = `mutation($input: TestPolicyDraftInput!) { testPolicyDraft(input: $input) { ${RESULT} } }`;

/** What a saved policy comes to. */
export async function testSaved(admin: TestClient, input: object): Promise<Execution> {
  return (await admin.ok(TEST_POLICY, { input })).testPolicy;
}

/** What a policy comes to that need not be saved. */
export async function testDraft(admin: TestClient, input: object): Promise<Execution> {
  return (await admin.ok(TEST_DRAFT, { input })).testPolicyDraft;
}
