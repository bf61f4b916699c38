import fc from 'fast-check';

import { documentText } from '../../src/blueprints/document-text.js';
import { documents, SECRETS, withdrawn } from '../support/generated-documents.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const EXPORT = '{ text: exportFlows(slugs: ["generated-one", "Generated_2", "3"], linked: INCLUDED) }';
const IMPORT = `mutation($input: ImportBlueprintInput!) {
  importBlueprint(input: $input) { applied changes { action object fields } problems { path code message } }
}`;

let app: TestApp;
let admin: TestClient;
beforeAll(async () => {
  app = await startTestApp(
    Object.fromEntries(SECRETS.map((name) => [`STAGEDOOR_BLUEPRINT_SECRET_${name}`, 'a secret'])),
  );
  admin = await signedIn(app);
});
afterAll(() => app.close());

async function imported(document: string): Promise<{ action: string }[]> {
  const { importBlueprint } = await admin.ok(IMPORT, { input: { document } });
  const { applied, changes, problems } = importBlueprint;
  expect({ applied, problems }).toEqual({ applied: true, problems: [] });
  return changes;
}

async function exported(): Promise<string> {
  return (await admin.ok(EXPORT)).text;
}

describe('flows of any form', () => {
  it('are the same, byte for byte, once they were exported, taken away, and imported', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        await imported(documentText(document, 'JSON'));
        const before = await exported();
        const changes = await imported(before);
        expect(changes.filter(({ action }) => action !== 'UNCHANGED')).toEqual([]);
        await imported(documentText(withdrawn(document), 'JSON'));
        await imported(before);
        expect(await exported()).toBe(before);
        // What no flow needs was not exported, and is made anew; what was, has lost nothing.
        const again = await imported(documentText(document, 'JSON'));
        const lost = again.filter(({ action }) => action === 'UPDATE');
        expect(lost).toEqual([]);
        await imported(documentText(withdrawn(document), 'JSON'));
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});
