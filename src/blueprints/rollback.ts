import { Refusal } from '../kernel/refusal.js';
import type { Actor } from '../flow/change.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { FlowDefinition } from '../flow/definition.js';
import type { DefinitionEditor, EditScene, ExpectedVersion } from '../flow/definition-store.js';
import { nameThen } from '../flow/flow-versions.js';
import type { FlowRecord } from '../flow/flow-versions.js';
import type { StageKindDefinition } from '../stages/define.js';
import { parseEntries } from './entries.js';
import type { ParsedDocument } from './entries.js';
import { subjectsOf, withSubjects } from './subjects.js';

/** A version that a flow is to be like again. */
export interface RollBackRequest {
  readonly flowId: string;
  readonly number: number;
  readonly record: FlowRecord;
  /** The version of the flow, as an object, that this is meant for. */
  readonly ifVersion: ExpectedVersion;
  readonly by: Actor;
}

/**
 * What a version says, as a document for what there is now. What was called otherwise then is renamed first, so that it is
 * the same object; groups, people and other flows keep their names. Refuses where something of it is there no longer, or
 * somebody else has its name.
 */
export async function documentOfVersion(
  { flowId, record, ifVersion }: RollBackRequest,
  stageKinds: readonly StageKindDefinition[],
  editor: DefinitionEditor,
  scene: EditScene,
): Promise<ParsedDocument> {
  const catalogue = await scene.catalogue();
  const flow = catalogue.flow(flowId);
  if (!flow) throw Refusal.notFound('flow');
  if (ifVersion != null && ifVersion !== flow.version) throw Refusal.outdated('flow', flow.version);
  await renameBack(flow, record, catalogue, editor, scene);
  const { groups, users } = subjectsOf(record.document, stageKinds);
  const names = new Map([
    ...(await scene.named.groupNames([...groups])),
    ...(await scene.named.usernames([...users])),
  ]);
  const document = withSubjects(record.document, stageKinds, {
    group: (id) => names.get(id) ?? gone(`The group ${nameThen('group', id, record)}`),
    user: (id) => names.get(id) ?? gone('An account'),
    flow: (slug) => catalogue.flow(record.objects.get(`flow:${slug}`) ?? '')?.slug ?? slug,
  });
  return parseEntries(document, {});
}

/** Renames what the flow consisted of, and is called otherwise by now. */
async function renameBack(
  flow: FlowDefinition,
  { objects }: FlowRecord,
  catalogue: Catalogue,
  editor: DefinitionEditor,
  scene: EditScene,
): Promise<void> {
  const { superuser, permissions } = await scene.rights();
  for (const [key, id] of objects) {
    const [type, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    const renaming = renamingOf(type, id, flow, catalogue, editor);
    if (!renaming || renaming.name === name) continue;
    const { word, permission, isTaken, rename } = renaming;
    if (isTaken(name)) {
      const message = `The ${word} ${name} of then is called ${renaming.name} by now, and another one is called ${name}. Rename that one first.`;
      throw new Refusal('CONFLICT', message);
    }
    if (!superuser && !permissions.has(permission)) {
      const message = `The ${word} ${renaming.name} would be called ${name} again. This needs the permission ${permission}.`;
      throw new Refusal('FORBIDDEN', message);
    }
    await rename(name);
  }
}

interface Renaming {
  readonly word: string;
  /** What it is called now. */
  readonly name: string;
  readonly permission: string;
  readonly isTaken: (name: string) => boolean;
  readonly rename: (name: string) => Promise<void>;
}

/** How something is called by a version's name again; undefined where it keeps the name that it has, or is gone. */
function renamingOf(
  type: string,
  id: string,
  flow: FlowDefinition,
  catalogue: Catalogue,
  editor: DefinitionEditor,
): Renaming | undefined {
  switch (type) {
    case 'flow':
      if (id !== flow.id) return undefined;
      return {
        ...{ word: 'flow', name: flow.slug, permission: 'FLOW_CHANGE' },
        isTaken: (slug) => catalogue.flowBySlug(slug) !== undefined,
        rename: (slug) => editor.updateFlow(id, { slug }),
      };
    case 'stage':
      return named(catalogue.stage(id), {
        ...{ word: 'stage', permission: 'STAGE_CHANGE' },
        isTaken: (name) => catalogue.stages.some((other) => other.name === name),
        rename: (name) => editor.updateStage(id, { name }),
      });
    case 'policy':
      return named(catalogue.policy(id), {
        ...{ word: 'policy', permission: 'POLICY_CHANGE' },
        isTaken: (name) => catalogue.policyByName(name) !== undefined,
        rename: (name) => editor.updatePolicy(id, { name }),
      });
    case 'promptField':
      return named(catalogue.promptField(id), {
        ...{ word: 'prompt field', permission: 'PROMPT_FIELD_CHANGE' },
        isTaken: (name) => catalogue.promptFields.some((other) => other.name === name),
        rename: (name) => editor.updatePromptField(id, { name }),
      });
    default:
      return undefined;
  }
}

function named(
  object: { readonly name: string } | undefined,
  how: Omit<Renaming, 'name'>,
): Renaming | undefined {
  return object && { ...how, name: object.name };
}

function gone(what: string): never {
  throw new Refusal('CONFLICT', `${what} that stood in this version is there no longer.`);
}
