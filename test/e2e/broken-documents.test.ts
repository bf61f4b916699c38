import fc from 'fast-check';
import { z } from 'zod';

import { documentText } from '../../src/blueprints/document-text.js';
import { pathText } from '../../src/blueprints/problem.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { importDocument } from '../support/blueprint-imports.js';
import { alwaysWrong, brokenDocument, isWithin, wrongWhereNew } from '../support/broken-documents.js';
import type { BrokenDocument } from '../support/broken-documents.js';
import { signedIn } from '../support/flows.js';
import { documents, SECRETS, withdrawn } from '../support/generated-documents.js';
import type { TestClient } from '../support/test-client.js';
import { startWatchedApp } from '../support/whole-database.js';
import type { WatchedApp } from '../support/whole-database.js';

const RUNS = Number(process.env.STAGEDOOR_PROPERTY_RUNS ?? 5);
/** What so many runs may take on a machine that is busy. */
const MILLISECONDS = 180_000 + RUNS * 10_000;

let app: WatchedApp;
let admin: TestClient;
beforeAll(async () => {
  app = await startWatchedApp(
    Object.fromEntries(SECRETS.map((name) => [`STAGEDOOR_BLUEPRINT_SECRET_${name}`, 'a secret'])),
  );
  admin = await signedIn(app);
});
afterAll(() => app.close());

const entries = z.array(z.record(z.string(), z.json()));

/** The same flows, called otherwise, and policies that are asked in the same way and recorded otherwise. */
function revised(document: JsonObject): JsonObject {
  return {
    ...document,
    entries: entries.parse(document.entries).map((entry) => ({
      ...entry,
      ...('flow' in entry && { title: 'Another title' }),
      ...('policy' in entry && { executionLogging: entry.executionLogging !== true }),
    })),
  };
}

async function expectApplied(document: JsonObject): Promise<void> {
  const { applied, problems } = await importDocument(admin, documentText(document, 'JSON'));
  expect({ applied, problems }).toEqual({ applied: true, problems: [] });
}

async function expectRefused({ document, place }: BrokenDocument): Promise<void> {
  const before = await app.contents();
  const result = await importDocument(admin, documentText(document, 'JSON'), { dryRun: false });
  const { applied, changes, problems } = result;
  const told = problems.filter(({ path, severity }) => severity === 'ERROR' && isWithin(path, place));
  if (told.length === 0) throw new Error(`nothing told of ${pathText(place)}, but ${JSON.stringify(result)}`);
  expect({ applied, changes }).toEqual({ applied: false, changes: [] });
  expect(await app.contents()).toEqual(before);
}

describe('a document with one thing wrong in it', () => {
  it(
    'changes nothing at all, where all of it is new and where it is there already; mended, it is applied',
    async () => {
      const property = fc.asyncProperty(
        documents,
        fc.tuple(fc.constantFrom(...alwaysWrong, wrongWhereNew), fc.nat()),
        fc.tuple(fc.constantFrom(...alwaysWrong), fc.nat()),
        async (document, atFirst, later) => {
          await expectRefused(brokenDocument(document, ...atFirst));
          await expectApplied(document);
          await expectRefused(brokenDocument(revised(document), ...later));
          await expectApplied(revised(document));
          await expectApplied(withdrawn(document));
        },
      );
      await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
    },
    MILLISECONDS,
  );

  it('changes nothing where only the database finds it, when all else has been done', async () => {
    const [document = {}] = fc.sample(documents, 1);
    const made = entries.parse(document.entries);
    const needed = { stage: 'default-authentication-login', state: 'absent' };
    await expectRefused({
      document: { ...document, entries: [...made, needed] },
      place: ['entries', made.length],
    });
    // So that the looks in between are known to see something.
    const before = await app.contents();
    await expectApplied(document);
    expect(await app.contents()).not.toEqual(before);
    await expectApplied(withdrawn(document));
  });
});
