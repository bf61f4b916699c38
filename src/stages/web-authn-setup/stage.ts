import { z } from 'zod';

import {
  ALREADY_SET_UP,
  answerSetup,
  presentSetup,
  setupFacts,
  setupResponse,
  setupServices,
} from '../authenticator-setup.js';
import { defineStage } from '../define.js';
import { webAuthnSetupConfig } from './config.js';
import type { WebAuthnSetupConfig } from './config.js';

const KIND = 'WEBAUTHN';

const jsonObject = z.record(z.string(), z.json()).meta({ typeName: 'JSONObject' });

const challenge = z.strictObject({
  options: jsonObject.describe(
    'WebAuthn creation options, as `PublicKeyCredential.parseCreationOptionsFromJSON` takes them. Good for one answer.',
  ),
});

export const webAuthnSetupStage = defineStage({
  name: 'web-authn-setup',
  description: 'Lets the person set up a passkey or a security key.',
  config: webAuthnSetupConfig,
  challenge,
  response: z.strictObject({
    passkey: jsonObject.describe('What the browser has made, as `PublicKeyCredential.toJSON` gives it.'),
    ...setupResponse,
  }),
  errors: {
    INVALID_PASSKEY: 'This passkey could not be set up here.',
    USER_NOT_VERIFIED: 'The passkey has to be unlocked: with a PIN, a finger or a face.',
    MODEL_NOT_ALLOWED: 'Passkeys of this model cannot be used here. Please ask an administrator which can.',
    ALREADY_SET_UP,
  },
  facts: setupFacts,
  services: setupServices,

  async present(run) {
    const outcome = await presentSetup(run, KIND, optionsOf(run.config));
    return outcome.type === 'ask' ? { ...outcome, challenge: challenge.parse(outcome.challenge) } : outcome;
  },

  answer(run, response) {
    return answerSetup(run, KIND, optionsOf(run.config), response);
  },
});

function optionsOf({ endOtherSessions: _, ...options }: WebAuthnSetupConfig) {
  return options;
}
