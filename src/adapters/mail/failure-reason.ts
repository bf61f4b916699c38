/**
 * Why a mail could not be sent, in words that hold nothing of it: what a server answers may quote what it refuses, and
 * so only its number is told.
 */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return 'It could not be sent.';
  const { code, responseCode, command } = told(error);
  const where = command === undefined ? '' : ` to ${command}`;
  if (responseCode !== undefined) return `The mail server answered ${responseCode}${where}.`;
  const reason = code === undefined ? error.name : code;
  return `The mail server was not reached, did not answer, or cannot be trusted: ${reason}${where}.`;
}

/** What nodemailer tells besides its message. */
function told(error: Error): { code?: string; responseCode?: number; command?: string } {
  return {
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...('responseCode' in error &&
      typeof error.responseCode === 'number' && { responseCode: error.responseCode }),
    ...('command' in error && typeof error.command === 'string' && { command: error.command }),
  };
}
