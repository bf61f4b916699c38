import { randomUUID } from 'node:crypto';

import { createDocumentReader } from '../../src/adapters/yaml/document-reader.js';
import { Secret } from '../../src/kernel/secret.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { parseEntries } from '../../src/blueprints/entries.js';
import { plan } from '../../src/blueprints/plan/plan.js';
import type { Plan } from '../../src/blueprints/plan/plan.js';
import type { Scene } from '../../src/blueprints/plan/scene.js';
import { readTree } from '../../src/blueprints/read.js';
import { Catalogue } from '../../src/flow/catalogue.js';
import { policyKinds } from '../../src/policies/list.js';
import { stageKinds } from '../../src/stages/list.js';
import { SERVICES } from './conditions.js';
import { INSTALLATION } from './definitions.js';

/** Definitions of an installation that has none. */
const NOTHING_YET = new Catalogue({
  version: 1,
  installation: INSTALLATION,
  flows: [],
  stages: [],
  policies: [],
  promptFields: [],
  defaultFlows: new Map(),
  referringStages: new Map(),
});

/** Its thread keeps no process alive. */
export const READER = createDocumentReader();

/** Secrets of an operator who has configured one. */
export const CONFIGURED = { name: 'CAPTCHA_SECRET', value: 'a captcha secret' };

export function scene(changes: Partial<Scene> = {}): Scene {
  return {
    parts: {
      stageKinds,
      policyKinds,
      policyServices: SERVICES,
      stageSecrets: { open: () => undefined },
      newId: () => randomUUID(),
    },
    catalogue: NOTHING_YET,
    groups: new Map(),
    users: new Map(),
    invitations: new Map(),
    subjectNames: new Map(),
    rights: { superuser: true, permissions: new Set() },
    now: new Date('2030-01-01T00:00:00Z'),
    keepsSecrets: false,
    tellsWhatStays: false,
    secret: (name) => (name === CONFIGURED.name ? new Secret(CONFIGURED.value) : 'MISSING'),
    ...changes,
  };
}

/** What a document would do to an installation; the text is read, evaluated and planned as an import does it. */
export async function planned(
  text: string,
  changes: Partial<Scene> = {},
  parameters: JsonObject = {},
): Promise<Pick<Plan, 'changes' | 'problems'>> {
  const read = await readTree(READER, text);
  if (!read.ok) return { changes: [], problems: read.problems };
  const document = parseEntries(read.tree, parameters);
  if (document.problems.length > 0 && !document.unsound) return { changes: [], problems: document.problems };
  return plan(scene(changes), document);
}

/** Problems as `path code`. */
export function codes({ problems }: Pick<Plan, 'problems'>): string[] {
  return problems.map(({ path, code }) => `${path} ${code}`);
}
