import { hasAdministrator } from '../../persistence/administrators.js';
import { isBootstrapped } from '../../persistence/bootstrap-store.js';
import type { Database } from '../../persistence/database.js';
import { fine, problem, warning } from './finding.js';
import type { Finding } from './finding.js';

/** Whether anybody can administrate. */
export async function examinePeople({ sql }: Database): Promise<Finding> {
  if (await hasAdministrator(sql)) return fine('people', 'There is an active administrator.');
  const advice = 'Make one: `stagedoor user create NAME --group administrators`';
  return (await isBootstrapped(sql))
    ? problem('people', 'No active person may do everything any more.', `${advice}.`)
    : warning(
        'people',
        'There is no administrator yet.',
        `${advice}, or by the secret that the service prints at its start.`,
      );
}
