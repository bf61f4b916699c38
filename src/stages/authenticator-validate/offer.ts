import type { Authenticator, AuthenticatorKind, PasskeyDemands } from '../../flow/authenticator-kind.js';
import { ownership } from '../../flow/ownership.js';
import type { FlowUser } from '../../flow/services/users.js';
import type { ValidateRun } from './run.js';

/** An authenticator that may be used, with its kind. */
export interface Usable {
  readonly authenticator: Authenticator;
  readonly kind: AuthenticatorKind;
}

/** What a stage has to offer: somebody's authenticators, or, where it is not known who they are, any passkey. */
export type Offer =
  | {
      readonly type: 'person';
      readonly person: FlowUser;
      readonly usable: readonly Usable[];
      /** Whether there would be others, had they not been wrong too often. */
      readonly someDisabled: boolean;
    }
  | { readonly type: 'anybody' };

/**
 * What somebody has set up is told to nobody who has but named them: as long as nothing is proved, everybody, and nobody
 * too, is asked for a passkey that says itself whose it is.
 */
export async function offerOf(run: ValidateRun): Promise<Offer> {
  const { config, services } = run;
  const person = await run.user();
  if (!person || ownership(run, person) === 'NONE') return { type: 'anybody' };
  const demands = demandsOf(run);
  const counting = (await run.authenticators()).flatMap((authenticator): Usable[] => {
    const kind = config.kinds.includes(authenticator.kind)
      ? services.authenticators.kind(authenticator.kind)
      : undefined;
    return kind?.meets(authenticator, demands, services.authenticators.tools) === true
      ? [{ authenticator, kind }]
      : [];
  });
  const usable = counting.filter(({ authenticator }) => authenticator.disabledAt === null);
  return { type: 'person', person, usable, someDisabled: usable.length < counting.length };
}

export function demandsOf({ config }: ValidateRun): PasskeyDemands {
  const { userVerification, passkeyHints: hints, allowedModels } = config;
  return { userVerification, hints, allowedModels };
}

/** What is asked for where nobody has chosen: what was used last, but neither the last resort nor what has to be sent. */
export function usualChoice(usable: readonly Usable[]): Usable | undefined {
  const [only, another] = usable;
  if (only && !another) return only.kind.answeredBy === 'PASSKEY' ? undefined : only;
  const codes = usable.filter(
    ({ authenticator, kind }) => kind.answeredBy === 'CODE' && authenticator.kind !== 'STATIC',
  );
  return codes.toSorted((one, other) => usedAt(other) - usedAt(one))[0];
}

function usedAt({ authenticator: { lastUsedAt } }: Usable): number {
  return lastUsedAt?.getTime() ?? 0;
}
