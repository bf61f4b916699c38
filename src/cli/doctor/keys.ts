import type { KeyRing } from '../../identity/key-ring.js';
import type { Database } from '../../persistence/database.js';
import { surveyKeys, talliesText } from '../key-survey.js';
import type { KeyTally } from '../key-survey.js';
import type { Output } from '../output.js';
import { fine, problem, warning } from './finding.js';
import type { Finding } from './finding.js';

/** Opens everything that is sealed, and looks for what was made with a key that is gone. */
export async function examineKeys(database: Database, keys: KeyRing, output: Output): Promise<Finding[]> {
  const { sealed, unopenable, uses } = await surveyKeys(database, keys, output, false);
  const lost = [...unopenable, ...uses.filter(({ keyId }) => !keys.has(keyId))];
  const older = sealed.filter(({ keyId }) => keyId !== keys.writingKeyId);
  const findings = [...[...byKey(lost)].map(lostUnder), ...[...byKey(older)].map(kept)];
  return findings.length > 0 ? findings : [fine('keys', allIsWell(sealed))];
}

function byKey(tallies: readonly KeyTally[]): Map<string, KeyTally[]> {
  return Map.groupBy(tallies, ({ keyId }) => keyId);
}

function lostUnder([keyId, tallies]: readonly [string, readonly KeyTally[]]): Finding {
  return problem(
    'keys',
    `Of no use without the right key ${keyId}: ${talliesText(tallies)}.`,
    'Put that key back into the list (STAGEDOOR_SECRET_KEYS, or secret-keys in the data folder). If it is lost for good: secrets ' +
      'of stages have to be given anew, people need recovery links, and their second factors have to be removed.',
  );
}

function kept([keyId, tallies]: readonly [string, readonly KeyTally[]]): Finding {
  return warning(
    'keys',
    `Sealed with the older key ${keyId}: ${talliesText(tallies)}.`,
    'Run `stagedoor keys rotate` before that key is taken away.',
  );
}

function allIsWell(sealed: readonly KeyTally[]): string {
  return sealed.length === 0
    ? 'Nothing is sealed so far.'
    : `Everything that is sealed can be opened: ${talliesText(sealed)}.`;
}
