import type { FlowDefinition, PolicySubject } from './definition.js';
import type { SubjectLabel } from './diagram.js';

/** Looks names up, by id. */
export interface SubjectNames {
  group(id: string): Promise<string>;
  user(id: string): Promise<string>;
}

/** What to call the subject of each binding of a flow and of its stages, by the binding's id. */
export async function subjectLabels(
  flow: FlowDefinition,
  names: SubjectNames,
): Promise<ReadonlyMap<string, SubjectLabel>> {
  const bindings = [flow, ...flow.stageBindings].flatMap((target) => target.policyBindings);
  return new Map(
    await Promise.all(
      bindings.map(
        async ({ id, subject }): Promise<[string, SubjectLabel]> => [id, await subjectLabel(subject, names)],
      ),
    ),
  );
}

async function subjectLabel(subject: PolicySubject, names: SubjectNames): Promise<SubjectLabel> {
  switch (subject.type) {
    case 'policy':
      return { kind: `Policy (${subject.policy.kind})`, name: subject.policy.name };
    case 'group':
      return { kind: 'Group', name: await names.group(subject.groupId) };
    case 'user':
      return { kind: 'User', name: await names.user(subject.userId) };
  }
}
