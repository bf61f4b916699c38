import { openLocations } from '../../adapters/geoip/locations.js';
import { openMailTexts } from '../../adapters/mail/texts.js';
import { readOperatorsFolder } from '../../app/blueprint-folder.js';
import { openDocuments } from '../../app/documents.js';
import { projectRoot } from '../../app/project-root.js';
import { reasonOf } from '../../app/reason.js';
import { documentsToApply } from '../../blueprints/shipped.js';
import type { Environment } from '../../environment.js';
import { buildApi } from '../../graphql/schema.js';
import { policyKinds } from '../../policies/list.js';
import { stageKinds } from '../../stages/list.js';
import { fine, problem } from './finding.js';
import type { Finding } from './finding.js';

/** Looks at the files that the environment names, as a start would. */
export async function examineFiles(environment: Environment): Promise<Finding[]> {
  const { geoip, mailTemplatesDirectory: own, documents, examples, production } = environment;
  const { directory } = environment.blueprints;
  const looks = [
    ...((geoip.city ?? geoip.asn) === null ? [] : [() => openLocations(geoip)]),
    () => openMailTexts({ shipped: new URL('mail/', projectRoot()), own }),
    () => documentsToApply(new URL('blueprints/', projectRoot()), examples),
    ...(directory === null ? [] : [() => readOperatorsFolder(directory)]),
    ...(documents === null
      ? []
      : [() => openDocuments(documents, { schema: buildApi(stageKinds, policyKinds), production })]),
  ];
  const problems: Finding[] = [];
  for (const look of looks) {
    try {
      await look();
    } catch (error) {
      problems.push(problem('files', reasonOf(error), 'Mend the file, or the variable that names it.'));
    }
  }
  return problems.length > 0 ? problems : [fine('files', 'What the variables name can be read and used.')];
}
