import type { AuthenticatorRun } from './authenticator-kind.js';
import { languageFor } from './language.js';
import type { FlowUser } from './services/users.js';
import type { StageRun } from './stage-kind.js';

type AskingRun = Pick<StageRun, 'client' | 'now' | 'stage'> & {
  readonly services: Pick<StageRun['services'], 'authenticators' | 'definitions'>;
};

/** What an authenticator kind is told where a stage asks it. */
export function authenticatorRun<Person extends FlowUser | null>(
  { client, now, stage, services }: AskingRun,
  person: Person,
): Omit<AuthenticatorRun, 'person'> & { readonly person: Person } {
  const { installation } = services.definitions;
  return {
    person,
    clientAddress: client.address,
    language: languageFor(person ?? undefined, client.languages, installation),
    brandName: installation.brandName,
    stageId: stage.id,
    now,
    tools: services.authenticators.tools,
  };
}
