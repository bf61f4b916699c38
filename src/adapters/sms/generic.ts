import type { OutgoingText, TextSender } from '../../flow/services/text-messages.js';
import { basicAuthorization } from './basic.js';
import type { HandInRequest } from './hand-in.js';

type GenericSender = Extract<TextSender, { provider: 'GENERIC' }>;

/** Ours, for whoever puts a provider of their own behind it: a repeat has the same `Idempotency-Key`. */
export function genericRequest(
  { id, to, text }: OutgoingText,
  { url, fromNumber, authType, username, secret }: GenericSender,
): HandInRequest {
  const isBasic = authType === 'BASIC';
  return {
    url: new URL(url),
    authorization: isBasic ? basicAuthorization(username, secret) : `Bearer ${secret.reveal()}`,
    headers: { 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify({ from: fromNumber, to, text }),
  };
}
