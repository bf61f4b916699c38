import { Secret } from '../kernel/secret.js';

/**
 * Where the frontend runs a flow, with a secret behind the `#`: what is there is sent to no server, and is in no log.
 */
export function flowAddress(
  publicUrl: string,
  slug: string,
  name: 'flowToken' | 'invitationToken',
  secret: Secret,
): Secret {
  return new Secret(new URL(`/flows/${slug}#${name}=${secret.reveal()}`, publicUrl).href);
}
