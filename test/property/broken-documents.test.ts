import fc from 'fast-check';

import { documentText } from '../../src/blueprints/document-text.js';
import { Secret } from '../../src/kernel/secret.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { ADMIN } from '../support/administrator.js';
import { planned } from '../support/blueprints.js';
import { alwaysWrong, brokenDocument, isWithin, wrongWhereNew } from '../support/broken-documents.js';
import { documents } from '../support/generated-documents.js';

const SCENE = {
  users: new Map([[ADMIN.username, '00000000-0000-4000-8000-000000000001']]),
  secret: () => new Secret('a secret'),
};
const HOW = { numRuns: 8, endOnFailure: true };

async function problemsOf(document: JsonObject): Promise<{ readonly path: string; readonly code: string }[]> {
  const { problems } = await planned(documentText(document, 'YAML'), SCENE);
  return problems.map(({ path, code }) => ({ path, code }));
}

describe('a document with one thing wrong in it', () => {
  test('has no problem as long as nothing is', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        expect(await problemsOf(document)).toEqual([]);
      }),
      HOW,
    );
  });

  test.each([...alwaysWrong, wrongWhereNew])('has a problem where $where', async (breakage) => {
    await fc.assert(
      fc.asyncProperty(documents, fc.nat(), async (sound, choice) => {
        const { document, place } = brokenDocument(sound, breakage, choice);
        const problems = await problemsOf(document);
        const found = problems.some(({ path }) => isWithin(path, place));
        expect({ place, problems, found }).toMatchObject({ found: true });
      }),
      HOW,
    );
  });
});
