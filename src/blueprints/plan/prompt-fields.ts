import { changedFields } from '../../flow/changed-fields.js';
import { promptFieldFields } from '../../flow/definition-rules.js';
import { promptFieldProblems } from '../../flow/prompt-field-problems.js';
import type { Entry } from '../entries.js';
import type { Draft } from './draft.js';
import { checkedFields, given, pathWithin } from './fields.js';
import type { Symbols } from './symbols.js';

type PromptFieldStanding = Extract<Entry, { type: 'promptField' }>;

/** A field of forms. */
export function planPromptField(
  draft: Draft,
  symbols: Symbols,
  { name, state, path, value }: PromptFieldStanding,
): void {
  const { catalogue, parts } = draft.scene;
  const wanted = { area: 'PROMPT_FIELD', object: `promptField:${name}`, state, path } as const;
  const present = catalogue.promptFields.find((field) => field.name === name);
  const action = draft.decide(wanted, present !== undefined);
  if (!action) return;
  const id = symbols.idOf('promptField', name);
  if (action === 'DELETE') {
    draft.change('DELETE', wanted, [], {
      phase: 'deletingPromptFields',
      perform: (editor) => editor.deletePromptField(id),
    });
    return;
  }
  const { promptField: _name, state: _state, when: _when, ...rest } = value;
  const mentioned = given(rest);
  const { id: _id, version: _version, ...before } = present ?? {};
  const fields = checkedFields(draft, promptFieldFields, { ...before, name, ...mentioned }, path);
  if (!fields) return;
  const problems = promptFieldProblems(fields, parts.policyServices.expressions);
  for (const problem of problems) draft.refuse(pathWithin(path, problem.path), problem.code, problem.message);
  if (problems.length > 0) return;
  if (!present) {
    draft.change('CREATE', wanted, ['name', ...Object.keys(mentioned)], {
      phase: 'promptFields',
      perform: (editor) => editor.createPromptField(fields, id),
    });
    return;
  }
  const changed = changedFields(present, fields);
  if (changed.length === 0) return draft.unchanged(wanted);
  draft.change('UPDATE', wanted, changed, {
    phase: 'promptFields',
    perform: (editor) => editor.updatePromptField(id, fields),
  });
}
