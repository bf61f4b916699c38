import type { FlowStep } from '../flow/execution.js';
import { typeName } from './kind-names.js';

/** A step as GraphQL's types want it; each says itself of what type it is. */
export function stepView(step: FlowStep, sessionToken: string | null): object {
  switch (step.type) {
    case 'challenge': {
      const { kind, data, id, stageName, errors, messages, user } = step;
      const dated = errors.map((error) => ({
        ...error,
        retryAt: error.retryAt === null ? null : new Date(error.retryAt),
      }));
      return { ...data, typeName: typeName(kind, 'Challenge'), id, stageName, errors: dated, messages, user };
    }
    case 'completed': {
      const { redirectTo, messages, session } = step;
      const issued = session && {
        session: {
          ...session,
          createdAt: new Date(session.createdAt),
          expiresAt: new Date(session.expiresAt),
        },
        token: sessionToken,
      };
      return { typeName: 'FlowCompleted', redirectTo, messages, session: issued };
    }
    case 'denied':
      return { ...step, typeName: 'FlowDenied' };
    case 'cancelled':
      return { ...step, typeName: 'FlowCancelled' };
  }
}
