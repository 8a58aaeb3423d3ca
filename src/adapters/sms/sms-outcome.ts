import type { SendOutcome } from '../../usecases/ports/senders.ts';

const MAX_ERROR_LENGTH = 500;
const DIGITS = /^\d{1,9}$/;

/** A proxy passed the SMS on and got no answer (RFC 9110, 15.6.5): it may have gone out, as when nobody answers. */
const GATEWAY_TIMEOUT = 504;

/** What an answer means: 2xx is taken, 429 and 5xx are for now, as is a refused account, which the operator mends. */
export async function answerOutcome(response: Response): Promise<SendOutcome> {
  if (response.ok) {
    await response.body?.cancel();
    return { kind: 'sent' };
  }
  const { status } = response;
  const error = `${status}: ${await reasonOf(response)}`.slice(0, MAX_ERROR_LENGTH);
  if (status === GATEWAY_TIMEOUT) return { kind: 'unknown', error };
  if (status !== 429 && status !== 401 && status < 500) return { kind: 'rejected', error };
  const retryAfter = response.headers.get('retry-after') ?? '';
  return DIGITS.test(retryAfter)
    ? { kind: 'retry', error, retryAfterSeconds: Number(retryAfter) }
    : { kind: 'retry', error };
}

/** The `message` of the service's error; the page of a proxy in front of it says nothing worth keeping. */
async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const message =
    typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
      ? body.message
      : 'no reason given';
  return message.replace(/\p{Cc}+/gu, ' ');
}

/** Failures from before the request was sent: name, connection, certificate. */
const NOT_SENT =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_SSL_.+|ERR_TLS_.+|CERT_.+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.+)$/;

/**
 * What a failure without an answer means. After the request was sent the SMS may have gone out, and nothing in it tells
 * a second copy (RULES 15), so it is `unknown`; the person asks for another code.
 */
export function networkOutcome(fault: unknown): SendOutcome {
  const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const error = (cause instanceof Error ? cause.message : 'network failure').slice(0, MAX_ERROR_LENGTH);
  return { kind: NOT_SENT.test(code) ? 'retry' : 'unknown', error };
}
