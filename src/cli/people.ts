import type { ClientFacts, ClientKind } from '../flow/stage-kind.js';
import type { FlowUser } from '../flow/services/users.js';
import type { Service } from '../app/service.js';
import { CommandFailure } from './failure.js';

/** The person with this username or e-mail address, whatever its case. */
export async function personNamed({ users }: Service, identifier: string): Promise<FlowUser> {
  const user = await users.byIdentifier(identifier, ['USERNAME', 'EMAIL']);
  if (user) return user;
  throw new CommandFailure(
    'REFUSED',
    `Nobody has the username or e-mail address ${identifier}.`,
    'Whoever is meant has to have an account: `stagedoor user create` makes one.',
  );
}

/** What flows see of the client, where a command takes its place. */
export function commandLineClient(kind: ClientKind): ClientFacts {
  const userAgent = 'stagedoor (command line)';
  return { kind, address: '127.0.0.1', userAgent, languages: [], browser: null, location: null };
}
