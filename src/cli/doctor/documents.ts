import type { FileOutcomes } from '../../blueprints/file-outcome.js';
import type { Environment } from '../../environment.js';
import { fine, problem } from './finding.js';
import type { Finding } from './finding.js';

/** Says which documents of the operator's folder the service could not apply when it looked at them last. */
export async function examineDocuments(
  { blueprints: { directory } }: Environment,
  outcomes: FileOutcomes,
): Promise<Finding[]> {
  if (directory === null) return [];
  const present = (await outcomes.all()).filter(({ isPresent }) => isPresent);
  const failed = present.filter(({ applied }) => !applied);
  if (failed.length === 0) {
    return [fine('documents', `Every document that the service has seen is applied: ${present.length}.`)];
  }
  return failed.map(({ file, problemCount, problems }) => {
    const [first] = problems.filter(({ severity }) => severity === 'ERROR');
    const what = first ? `${first.path === '' ? '' : `${first.path}: `}${first.message}` : '';
    const more = problemCount > 1 ? ` (the first of ${problemCount} problems)` : '';
    return problem(
      'documents',
      `${file} is not applied. ${what}${more}`,
      'Until it is mended, what was applied before stands. `stagedoor blueprint plan` tells all that is wrong with a document.',
    );
  });
}
