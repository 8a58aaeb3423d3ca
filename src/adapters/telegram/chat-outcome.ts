import { GrammyError, HttpError } from 'grammy';
import type { SendOutcome } from '../../usecases/ports/senders.ts';
import { NOT_CONNECTED } from './connection-watch.ts';
import { withoutTokens } from '../../domain/text/without-tokens.ts';

/** 400 answers that mean the chat and not the message. The Bot API tells them by text only. */
const CHAT_GONE = /chat not found|user not found|peer_id_invalid|group chat was upgraded/i;

/** What a failed call means for the message (RULES 15). Throws what is no answer and no network failure. */
export function chatOutcome(error: unknown): SendOutcome {
  if (error instanceof GrammyError) return answerOutcome(error);
  if (error instanceof HttpError) return networkOutcome(error);
  throw error;
}

function answerOutcome(answer: GrammyError): SendOutcome {
  const error = withoutTokens(`${answer.error_code}: ${answer.description}`);
  const { retry_after: retryAfterSeconds } = answer.parameters;
  switch (answer.error_code) {
    case 429:
      return retryAfterSeconds === undefined
        ? { kind: 'retry', error }
        : { kind: 'retry', error, retryAfterSeconds };
    case 403:
      return { kind: 'target_gone', error };
    // Answers about the bot's token: the operator will mend it, and the message is not at fault.
    case 401:
    case 404:
      return { kind: 'retry', error };
    case 400:
      return { kind: CHAT_GONE.test(answer.description) ? 'target_gone' : 'rejected', error };
    default:
      return { kind: answer.error_code >= 500 ? 'retry' : 'rejected', error };
  }
}

const field = (value: unknown, name: 'code' | 'type'): unknown =>
  typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;

function networkOutcome({ error: cause }: HttpError): SendOutcome {
  const error = withoutTokens(cause instanceof Error ? cause.message : 'network failure');
  // The error page of a proxy in front of the Bot API, such as 502: it answers instead of the Bot API.
  const answeredByProxy = field(cause, 'type') === 'invalid-json';
  const notSent = field(cause, 'code') === NOT_CONNECTED;
  return { kind: answeredByProxy || notSent ? 'retry' : 'unknown', error };
}
