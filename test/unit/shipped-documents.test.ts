import { randomUUID } from 'node:crypto';

import { applyDocument } from '../../src/blueprints/apply.js';
import { documentsToApply } from '../../src/blueprints/shipped.js';
import { Catalogue } from '../../src/flow/catalogue.js';
import type { DefinitionEditor } from '../../src/flow/definition-store.js';
import { policyKinds } from '../../src/policies/list.js';
import { stageKinds } from '../../src/stages/list.js';
import { SERVICES } from '../support/conditions.js';
import { INSTALLATION } from '../support/definitions.js';

const SHIPPED = new URL('../../blueprints/', import.meta.url);
const parts = { stageKinds, policyKinds, policyServices: SERVICES };
const documents = await documentsToApply(SHIPPED, 'all');

/** Says yes to everything, and keeps in mind which flows it was asked to make. */
function obligingEditor(): { editor: DefinitionEditor; made: string[] } {
  const made: string[] = [];
  const make = async (): Promise<string> => randomUUID();
  const never = () => Promise.reject(new Error('a document only makes what is missing'));
  const editor: DefinitionEditor = {
    async createFlow({ slug }) {
      made.push(slug);
      return randomUUID();
    },
    ensureGroup: make,
    bindStage: make,
    createStage: make,
    createPromptField: make,
    createPolicy: make,
    bindPolicy: make,
    updateFlow: never,
    deleteFlow: never,
    setDefaultFlow: never,
    updateStageBinding: never,
    unbindStage: never,
    reorderStageBindings: never,
    updateStage: never,
    deleteStage: never,
    updatePromptField: never,
    deletePromptField: never,
    updatePolicy: never,
    deletePolicy: never,
    updatePolicyBinding: never,
    unbindPolicy: never,
  };
  return { editor, made };
}

const nothingYet = (): Catalogue =>
  new Catalogue({
    version: 1,
    installation: INSTALLATION,
    flows: [],
    stages: [],
    policies: [],
    promptFields: [],
    defaultFlows: new Map(),
    referringStages: new Map(),
  });

afterAll(() => SERVICES.expressions.close());

describe.each(documents.map((shipped) => [shipped.file, shipped] as const))(
  'the shipped document %s',
  (_, { document }) => {
    it('is one that stages and policies accept, whatever else is there', async () => {
      const { editor, made } = obligingEditor();
      await applyDocument(parts, document, nothingYet(), editor);
      expect(made).not.toEqual([]);
    });
  },
);

describe('the documents that a start applies', () => {
  const filesFor = async (examples: readonly string[]) =>
    (await documentsToApply(SHIPPED, examples)).map(({ file }) => file);
  const defaults = documents.map(({ file }) => file).filter((file) => !file.includes('/'));

  it('are the defaults, where nobody asks for more', async () => {
    expect(await filesFor([])).toEqual(defaults);
    expect(defaults.length).toBeGreaterThan(4);
  });

  it('are those and each example that is named, once', async () => {
    expect(await filesFor(['enrollment-two-steps', 'enrollment-two-steps'])).toEqual([
      ...defaults,
      'example/enrollment-two-steps.yaml',
    ]);
  });

  it('make no flow that another one makes', async () => {
    const slugs = documents.flatMap(({ document }) =>
      document.entries.flatMap((entry) => ('flow' in entry ? [entry.flow] : [])),
    );
    expect(slugs.toSorted()).toEqual([...new Set(slugs)].toSorted());
  });

  it.each(['nothing', '../default/authentication', 'enrollment-two-steps.yaml'])(
    'are not %s: no example has that name, and the names that there are are told',
    async (name) => {
      await expect(filesFor([name])).rejects.toThrow(
        /STAGEDOOR_EXAMPLES names .*; there are all, .*enrollment-two-steps/,
      );
    },
  );
});
