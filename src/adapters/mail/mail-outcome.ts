import type { SendOutcome } from '../../usecases/ports/senders.ts';

const MAX_ERROR_LENGTH = 500;

/** What nodemailer adds to its errors. */
interface SmtpError extends Error {
  readonly code?: string;
  /** The step that was refused. */
  readonly command?: string;
  readonly responseCode?: number;
  /** What the server said, codes included. */
  readonly response?: string;
}

const isSmtpError = (error: unknown): error is SmtpError => error instanceof Error;

/** The faults of this message; any other (connection, greeting, login) is the server's or the gateway's. */
const MESSAGE_FAULTS: ReadonlySet<string | undefined> = new Set(['EENVELOPE', 'EMESSAGE']);

/**
 * What a failed attempt means (RFC 5321, 4.2.1): a 4xx answer is for now, a 5xx answer to the recipient or the data is
 * for good; one to the sender is the gateway's fault, which somebody may mend. A connection that died, even after DATA,
 * is tried again and not `unknown`: the Message-ID is the same, so the worst case is a second copy that mail stores can
 * fold, and a lost mail would be worse.
 */
export function mailOutcome(error: unknown): SendOutcome {
  if (!isSmtpError(error)) throw error;
  const answer = error.responseCode;
  const refusedForGood = answer === undefined || (answer >= 500 && answer < 600);
  const text = error.message.slice(0, MAX_ERROR_LENGTH);
  if (!MESSAGE_FAULTS.has(error.code) || !refusedForGood || isOfSender(error))
    return { kind: 'retry', error: text };
  return { kind: isAddressGone(error) ? 'target_gone' : 'rejected', error: text };
}

/** `552 message too large` to MAIL FROM (RFC 1870, 6.1) speaks of the message; all else there of who sends it. */
const isOfSender = ({ command, responseCode }: SmtpError): boolean =>
  command === 'MAIL FROM' && responseCode !== undefined && responseCode !== 552;

/** Bad mailbox, system or syntax, moved, no mail there at all; a mailbox that was disabled (RFC 3463, 3.2 and 3.3; RFC 7505). */
const ADDRESS_STATUS = /^5\.(?:1\.(?:1|2|3|6|10)|2\.1)$/;

/** What a server says of a recipient without an enhanced status (RFC 5321, 4.2.2; RFC 7504: no mail to that domain). */
const RECIPIENT_CODES: ReadonlySet<number | undefined> = new Set([550, 551, 553, 556]);

/** Servers say 550 of these as well; they are no faults of the address. */
const POLICY_WORDS = /relay|spam|block|black ?list|deny|denied|policy|reputation|authenti|spf|dkim|dmarc/i;

/** Whether the address takes no mail at all. Refused content and policies are no reason to give up a person's address. */
function isAddressGone({ command, responseCode, response = '' }: SmtpError): boolean {
  const status = /^5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  if (status !== undefined) return ADDRESS_STATUS.test(status);
  return command === 'RCPT TO' && RECIPIENT_CODES.has(responseCode) && !POLICY_WORDS.test(response);
}
