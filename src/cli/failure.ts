import { CommanderError } from 'commander';

import { Refusal } from '../kernel/refusal.js';
import { FolderInUse } from '../adapters/data-folder/lock.js';
import { reasonOf } from '../app/reason.js';
import { EnvironmentProblems } from '../environment.js';
import { isDatabaseUnavailable } from '../persistence/unavailable.js';
import type { Outcome } from './exit-codes.js';

/** A command cannot do what it was asked for. The message says why, and the advice what to do. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    readonly outcome: Outcome,
    message: string,
    readonly advice?: string,
  ) {
    super(message);
  }
}

/** Why a command has ended, for whoever typed it. */
export interface Explanation {
  readonly outcome: Outcome;
  /** Empty where all was said already. */
  readonly message: string;
  readonly advice?: string | undefined;
}

/** Puts into words, and into an exit code, why a command has failed. No stack, and nothing that was typed in secret. */
export function explain(error: unknown): Explanation {
  if (error instanceof CommandFailure) return error;
  if (error instanceof CommanderError) return explainUsage(error);
  if (error instanceof EnvironmentProblems) {
    return {
      outcome: 'CONFIGURATION',
      message: error.message,
      advice: 'README.md lists the variables; `stagedoor doctor` checks what they name as well.',
    };
  }
  if (error instanceof FolderInUse) {
    return {
      outcome: 'DATABASE',
      message: capitalised(error.message),
      advice: 'Stop the service first; or, while it runs, do over its GraphQL API what can be done there.',
    };
  }
  // Paths begin with what the API calls its argument.
  if (error instanceof Refusal)
    return { outcome: 'REFUSED', message: error.message.replaceAll(/\binput\./g, '') };
  if (isDatabaseUnavailable(error)) {
    return {
      outcome: 'DATABASE',
      message: `The database that DATABASE_URL names cannot be reached: ${reasonOf(error)}`,
    };
  }
  return { outcome: 'FAILED', message: capitalised(reasonOf(error)) };
}

/** Help and versions that were asked for are no failure. */
function explainUsage(error: CommanderError): Explanation {
  if (error.exitCode === 0) return { outcome: 'DONE', message: '' };
  if (error.code === 'commander.help') return { outcome: 'USAGE', message: '' };
  return { outcome: 'USAGE', message: capitalised(error.message.replace(/^error: /, '')) };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
