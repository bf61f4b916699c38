import { z } from 'zod';

import { pass } from '../../flow/outcome.js';
import { defineSilentStage } from '../define.js';

export const userLogoutStage = defineSilentStage({
  name: 'user-logout',
  description: 'Ends the session that the client is signed in with.',
  config: z.strictObject({}),
  services: [],
  async run({ viewer }) {
    if (!viewer) return pass();
    return pass({
      effects: [
        { type: 'endSession', sessionId: viewer.sessionId },
        { type: 'recordEvent', action: 'LOGOUT', userId: viewer.user.id, details: {} },
      ],
    });
  },
});
