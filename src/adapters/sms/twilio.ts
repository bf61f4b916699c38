import type { OutgoingText, TextSender } from '../../flow/services/text-messages.js';
import { basicAuthorization } from './basic.js';
import type { HandInRequest } from './hand-in.js';

type TwilioSender = Extract<TextSender, { provider: 'TWILIO' }>;

const API = 'https://api.twilio.com';

/** Twilio's Programmable Messaging, the resource Message (API version 2010-04-01). */
export function twilioRequest(
  { to, text }: OutgoingText,
  { accountSid, fromNumber, apiUrl, secret }: TwilioSender,
): HandInRequest {
  const base = (apiUrl ?? API).replace(/\/+$/, '');
  return {
    url: new URL(`${base}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`),
    authorization: basicAuthorization(accountSid, secret),
    headers: {},
    body: new URLSearchParams({ To: to, From: fromNumber, Body: text }),
  };
}
