/** How a command can end: the number for scripts, and what it means. The README's table is made of it. */
export const exitCodes = {
  DONE: { code: 0, meaning: 'It is done; with `--check`: there is nothing to do.' },
  FAILED: {
    code: 1,
    meaning: 'It has failed for a reason that has no number of its own; the message says which.',
  },
  USAGE: {
    code: 2,
    meaning: 'The command, an option or an argument is not known, is missing, or cannot be used.',
  },
  CONFIGURATION: {
    code: 3,
    meaning: 'The environment cannot be used: a variable, or a file that one names.',
  },
  DATABASE: {
    code: 4,
    meaning:
      'The database cannot be reached, is in use by another process, is not there yet, or is not up to date.',
  },
  REFUSED: {
    code: 5,
    meaning:
      'What was asked for cannot be done: what it names is not there, a name is taken, a rule forbids it.',
  },
  PROBLEMS: {
    code: 6,
    meaning: 'The document has problems and was not applied; or the doctor has found some.',
  },
  PENDING: { code: 7, meaning: 'With `--check`: there is something to do.' },
} as const;

export type Outcome = keyof typeof exitCodes;
