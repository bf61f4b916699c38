import type { BlueprintProblem } from '../blueprints/problem.js';
import type { BlueprintAction, BlueprintChange, BlueprintResult } from '../blueprints/result.js';
import type { Output } from './output.js';

/** Whether applying the document would change anything. */
export function isPending({ changes }: BlueprintResult): boolean {
  return changes.some(({ action }) => action !== 'UNCHANGED');
}

/** What a document does, or would do, for people: what stays as it is is only counted. */
export function blueprintText(result: BlueprintResult, dryRun: boolean, output: Output): string {
  const { name, changes, problems } = result;
  return [
    ...(name === null ? [] : [output.paint('bold', name)]),
    ...changes.filter(({ action }) => action !== 'UNCHANGED').map((change) => changeLine(change, output)),
    ...problems.map((problem) => problemLine(problem, output)),
    outcomeLine(result, dryRun),
  ].join('\n');
}

const signs: Readonly<Record<BlueprintAction, { sign: string; style: 'green' | 'yellow' | 'red' | 'dim' }>> =
  {
    CREATE: { sign: '+', style: 'green' },
    UPDATE: { sign: '~', style: 'yellow' },
    DELETE: { sign: '-', style: 'red' },
    UNCHANGED: { sign: ' ', style: 'dim' },
  };

function changeLine({ action, object, fields }: BlueprintChange, output: Output): string {
  const { sign, style } = signs[action];
  const which = action === 'UPDATE' && fields.length > 0 ? `: ${fields.join(', ')}` : '';
  return `  ${output.paint(style, `${sign} ${object}`)}${which}`;
}

function problemLine({ path, code, message, severity }: BlueprintProblem, output: Output): string {
  const word = severity === 'ERROR' ? output.paint('red', 'problem') : output.paint('yellow', 'warning');
  return `  ${word} ${path === '' ? '' : `at ${path} `}(${code}): ${message}`;
}

function outcomeLine({ changes, problems, applied }: BlueprintResult, dryRun: boolean): string {
  const counts = Map.groupBy(changes, ({ action }) => action);
  const count = (action: BlueprintAction): number => counts.get(action)?.length ?? 0;
  const sum = `${count('CREATE')} made, ${count('UPDATE')} changed, ${count('DELETE')} deleted, ${count('UNCHANGED')} as they should be`;
  const errors = problems.filter(({ severity }) => severity === 'ERROR').length;
  if (errors > 0)
    return `Nothing was changed: ${errors === 1 ? 'there is a problem' : `there are ${errors} problems`}.`;
  if (dryRun) return `It can be applied: ${sum}. Nothing was changed.`;
  return applied ? `Applied: ${sum}.` : `Not applied: ${sum}.`;
}
