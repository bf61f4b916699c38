import type { Readable } from 'node:stream';

import type { Clock } from '../kernel/clock.js';
import { serviceItself } from '../flow/change.js';
import type { Actor } from '../flow/change.js';
import type { Outcome } from './exit-codes.js';
import type { Output } from './output.js';

/** What commands work with: how they were called, and whom they talk to. */
export class Cli {
  /** How the command ends, unless it fails. */
  outcome: Outcome = 'DONE';

  constructor(
    readonly variables: Readonly<Record<string, string | undefined>>,
    readonly input: Readable & { readonly isTTY?: boolean },
    readonly output: Output,
    readonly clock: Clock,
  ) {}

  /** Whom the event log names: nobody but the operator of the machine can run commands. */
  actor(): Actor {
    return { ...serviceItself(this.clock.now()), userAgent: 'stagedoor (command line)' };
  }
}
