import { Secret } from '../kernel/secret.js';
import type { ClientKind } from '../flow/stage-kind.js';
import type { BrowserCookies } from './context.js';

/** Who asks for an execution, and by what secret. */
export interface ExecutionCaller {
  readonly client: ClientKind;
  readonly owner: Secret;
}

/** A native client says so by sending the execution's token; of a browser the cookie says it. Undefined for neither. */
export function callerOf(
  { cookies }: { readonly cookies: Pick<BrowserCookies, 'executionSecret'> },
  executionId: string,
  token: string | null | undefined,
): ExecutionCaller | undefined {
  if (token != null) return { client: 'NATIVE', owner: new Secret(token) };
  const owner = cookies.executionSecret(executionId);
  return owner && { client: 'BROWSER', owner };
}
