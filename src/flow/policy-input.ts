import { Secret } from '../kernel/secret.js';
import type { Context } from './context.js';
import { flowTokenKey } from './context-keys.js';
import type { Visit } from './engine.js';
import type { FlowUser } from './services/users.js';
import type { PolicyInput } from './policy-kind.js';

/** What is known of the execution that policies are asked about. */
interface Known
  extends Pick<PolicyInput, 'flow' | 'user' | 'signedInRecently' | 'proofs' | 'redirectedFrom' | 'mayWrite'> {
  readonly context: Context;
  /** By field key. */
  readonly newPasswords: Readonly<Record<string, string>>;
}

/** Everything that a policy may be told. */
export function policyInput(
  { client, viewer, now }: Pick<Visit, 'client' | 'now'> & { readonly viewer: FlowUser | null },
  { context, newPasswords, ...known }: Known,
): PolicyInput {
  const passwords = Object.entries(newPasswords).map(([key, text]): [string, Secret] => [
    key,
    new Secret(text),
  ]);
  return {
    ...known,
    viewer,
    client,
    now,
    context: context.open,
    newPasswords: Object.fromEntries(passwords),
    restored: context.get(flowTokenKey) !== undefined,
  };
}
