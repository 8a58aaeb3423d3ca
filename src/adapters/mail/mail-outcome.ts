import type { SendOutcome } from '../../usecases/ports/senders.ts';

const MAX_ERROR_LENGTH = 500;

/** What nodemailer adds to its errors. */
const isSmtpError = (error: unknown): error is Error & { code?: string; responseCode?: number } =>
  error instanceof Error;

/** The faults of this message; any other (connection, greeting, login) is the server's or the gateway's. */
const MESSAGE_FAULTS: ReadonlySet<string | undefined> = new Set(['EENVELOPE', 'EMESSAGE']);

/**
 * What a failed attempt means (RFC 5321, 4.2.1): a 4xx answer is for now, a 5xx answer to the envelope or the data
 * is for good. A connection that died, even after DATA, is tried again and not `unknown`: the Message-ID is the
 * same, so the worst case is a second copy that mail stores can fold, and a lost mail would be worse.
 */
export function mailOutcome(error: unknown): SendOutcome {
  if (!isSmtpError(error)) throw error;
  const text = error.message.slice(0, MAX_ERROR_LENGTH);
  const answer = error.responseCode;
  const refusedForGood = answer === undefined || (answer >= 500 && answer < 600);
  return MESSAGE_FAULTS.has(error.code) && refusedForGood
    ? { kind: 'rejected', error: text }
    : { kind: 'retry', error: text };
}
