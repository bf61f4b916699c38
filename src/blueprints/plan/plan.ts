import type { Entry, ParsedDocument } from '../entries.js';
import type { BlueprintProblem } from '../problem.js';
import type { BlueprintChange } from '../result.js';
import { problemsOfOthers } from '../unsound.js';
import { Draft } from './draft.js';
import type { Step } from './draft.js';
import { planFlow } from './flows.js';
import { planGroup } from './groups.js';
import { planInvitation } from './invitations.js';
import { planPolicies } from './policies.js';
import { planPromptField } from './prompt-fields.js';
import type { Scene } from './scene.js';
import { planStages } from './stages.js';
import { Symbols } from './symbols.js';

export interface Plan {
  /** In the order in which the document names the objects. */
  readonly changes: readonly BlueprintChange[];
  /** In the order in which they can be done; nothing is to be done where there are problems. */
  readonly steps: readonly Step[];
  readonly problems: readonly BlueprintProblem[];
}

/**
 * What is to be done so that everything is as the document says, or everything that stands against it: what is wrong with
 * entries by themselves, and what is wrong with the others among what there is.
 */
export async function plan(scene: Scene, document: Omit<ParsedDocument, 'name'>): Promise<Plan> {
  const draft = new Draft(scene);
  const symbols = new Symbols(draft, document);
  const entries = byType(document.entries);
  for (const entry of entries.group) planGroup(draft, symbols, entry);
  for (const entry of entries.promptField) planPromptField(draft, symbols, entry);
  planPolicies(draft, symbols, entries.policy);
  await planStages(draft, symbols, entries.stage);
  for (const entry of entries.flow) planFlow(draft, symbols, entry);
  for (const entry of entries.invitation) planInvitation(draft, symbols, entry);
  const found = problemsOfOthers(document.unsound ?? [], document.entries, draft.problems);
  const problems = [...document.problems, ...found];
  return { changes: draft.changes(), steps: draft.orderedSteps(), problems };
}

type ByType = { readonly [Type in Entry['type']]: Extract<Entry, { type: Type }>[] };

function byType(entries: readonly Entry[]): ByType {
  const sorted: ByType = { group: [], promptField: [], policy: [], stage: [], flow: [], invitation: [] };
  for (const entry of entries) {
    switch (entry.type) {
      case 'group':
        sorted.group.push(entry);
        break;
      case 'promptField':
        sorted.promptField.push(entry);
        break;
      case 'policy':
        sorted.policy.push(entry);
        break;
      case 'stage':
        sorted.stage.push(entry);
        break;
      case 'flow':
        sorted.flow.push(entry);
        break;
      case 'invitation':
        sorted.invitation.push(entry);
        break;
    }
  }
  return sorted;
}
