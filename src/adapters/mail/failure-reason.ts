import { z } from 'zod';

/** What nodemailer tells besides its message. */
const failure = z.object({
  code: z.string().optional(),
  responseCode: z.number().optional(),
  command: z.string().optional(),
});

/**
 * Why a mail could not be sent, in words that hold nothing of it: what a server answers may quote what it refuses, and
 * so only its number is told.
 */
export function failureReason(error: unknown): string {
  const { code, responseCode, command } = failure.safeParse(error).data ?? {};
  const where = command === undefined ? '' : ` to ${command}`;
  if (responseCode !== undefined) return `The mail server answered ${responseCode}${where}.`;
  const reason = code ?? 'for no reason that it gives';
  return `The mail server was not reached, did not answer, or cannot be trusted: ${reason}${where}.`;
}
