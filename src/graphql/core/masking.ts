import { GraphQLError } from 'graphql';
import { Overloaded } from '../../domain/access/overloaded.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import { RefusalError } from './errors.ts';

/** How an error looks outside. */
export interface MaskingScope {
  readonly requestId: string;
  readonly log: Logger;
  /** Takes "Did you mean" out of messages. */
  readonly hideSuggestions: boolean;
}

const SUGGESTION = / ?Did you mean .*\?$/s;

/**
 * What the caller may see of an error. Errors that were made for callers pass; anything else is logged with its
 * cause and becomes a text that tells nothing but the request id (DESIGN §7).
 */
export function maskError(error: unknown, scope: MaskingScope): GraphQLError {
  const original = originalOf(error);
  if (original instanceof RefusalError) return asTopLevel(original, error);
  if (original instanceof Overloaded) return asBusy(original, error);
  if (error instanceof GraphQLError && original === undefined) return forCallers(error, scope);
  const { requestId, log } = scope;
  log.error({ err: original ?? error }, 'request failed unexpectedly');
  return new GraphQLError('Internal server error', {
    ...placeOf(error),
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  });
}

/** The first cause that is no GraphQLError: a GraphQLError thrown in a resolver is wrapped in another to be placed. */
function originalOf(error: unknown): unknown {
  let current = error;
  while (current instanceof GraphQLError) current = current.originalError;
  return current;
}

const placeOf = (error: unknown) =>
  error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};

function asTopLevel(refusal: RefusalError, located: unknown): GraphQLError {
  const { code, inputPath } = refusal;
  return new GraphQLError(refusal.message, {
    ...placeOf(located),
    extensions: inputPath ? { code, path: inputPath } : { code },
  });
}

/** What is turned away because too many wait says when to come again, as what was tried too often does. */
const asBusy = ({ retryAfterSeconds }: Overloaded, located: unknown): GraphQLError =>
  new GraphQLError('Too many ask for this at once; try again in a moment.', {
    ...placeOf(located),
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds },
  });

function forCallers(error: GraphQLError, { hideSuggestions }: MaskingScope): GraphQLError {
  const message = hideSuggestions ? error.message.replace(SUGGESTION, '') : error.message;
  if (message === error.message && 'code' in error.extensions) return error;
  return new GraphQLError(message, {
    ...placeOf(error),
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code: 'BAD_REQUEST', ...error.extensions },
  });
}
