import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestFacts } from '../graphql/core/context.ts';
import type { GraphQLEngine } from '../graphql/core/engine.ts';
import type { TurnedAway } from '../usecases/session/recognise-api-key.ts';
import { BodyTooLarge, readBody } from './http-body.ts';
import { callerOfRequest } from './http-callers.ts';
import type { CallerDeps } from './http-callers.ts';
import { setCorsHeaders } from './http-headers.ts';
import { answerLean } from './http-lean.ts';
import { cutWhenStalled } from './http-stalled.ts';

/** Bytes of a request body. */
const MAX_BODY = 1024 * 1024;

export interface GraphQLHandlerDeps extends CallerDeps {
  readonly engine: GraphQLEngine;
  /** Milliseconds that an event stream waits for its reader. */
  readonly stallMs?: number;
}

type Handler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

/** A request that ends before GraphQL sees it. */
interface EarlyRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Serves /graphql: checks origin, body and caller, and leaves the rest to the engine. */
export function createGraphQLHandler(deps: GraphQLHandlerDeps): Handler {
  return async (request, response, requestId) => {
    setCorsHeaders(request, response, deps.origins);
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    const body = request.method === 'POST' ? await readParams(request) : { params: null };
    if ('status' in body) {
      refuse(request, response, body);
      return;
    }
    const mark = deps.live.mark();
    const facts = await callerOfRequest(request, response, requestId, deps);
    if (facts === 'invalid') {
      response.setHeader('www-authenticate', 'Bearer');
      refuse(request, response, INVALID_CREDENTIALS);
      return;
    }
    if ('code' in facts) {
      refuseCaller(request, response, facts);
      return;
    }
    if (body.params !== null && (await answerLean(deps.engine, body.params, facts, request, response)))
      return;
    // Gone while its caller was looked up: it would be counted and watched for good.
    if (response.closed) return;
    if (!isCounted(facts, response, deps)) {
      refuse(request, response, TOO_MANY_CONNECTIONS);
      return;
    }
    cutWhenStalled(response, deps.stallMs);
    const revoked = revokedWith(response, (close) => deps.live.open(facts.actor, mark, close));
    // Yoga takes a parsed body from here and reads no stream.
    if (body.params !== null) Object.assign(request, { body: body.params });
    await deps.engine(request, response, { facts: { ...facts, revoked } });
  };
}

/** Counts what may be an event stream until it is closed; false when its address or account has too many. */
function isCounted(
  { client, actor }: RequestFacts,
  response: ServerResponse,
  { connections }: Pick<CallerDeps, 'connections'>,
): boolean {
  const ofAddress = connections.openFrom(client.ip);
  const ofAccount = connections.openFor(actor);
  const release = (): void => {
    ofAddress?.();
    ofAccount?.();
  };
  if (ofAddress && ofAccount) response.once('close', release);
  else release();
  return ofAddress !== null && ofAccount !== null;
}

/** Milliseconds that a stream has to tell its end before the connection is cut: its reader may not be reading. */
const FAREWELL_MS = 1_000;

/** Aborts when the caller's rights are gone while the response is open. */
function revokedWith(response: ServerResponse, open: (close: () => void) => () => void): AbortSignal {
  const revoked = new AbortController();
  const release = open(() => {
    revoked.abort();
    setTimeout(() => response.destroy(), FAREWELL_MS).unref();
  });
  response.once('close', release);
  return revoked.signal;
}

/** Answers somebody whose credentials open nothing here. */
export function refuseCaller(request: IncomingMessage, response: ServerResponse, away: TurnedAway): void {
  const { code, message, retryAfterSeconds } = away;
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  const status = code === 'RATE_LIMITED' ? 429 : 401;
  refuse(request, response, { status, code, message });
}

export const INVALID_CREDENTIALS: EarlyRefusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message: 'The credentials are not valid.',
};
const TOO_MANY_CONNECTIONS: EarlyRefusal = {
  status: 429,
  code: 'LIMIT_EXCEEDED',
  message: 'Too many connections are open.',
};
const badRequest = (message: string, status = 400): EarlyRefusal => ({
  status,
  code: 'BAD_REQUEST',
  message,
});

/** The GraphQL parameters of a POST: JSON only, one operation, bounded. */
async function readParams(request: IncomingMessage): Promise<{ params: object } | EarlyRefusal> {
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (contentType !== 'application/json') return badRequest('Content-Type must be application/json.', 415);
  try {
    const params: unknown = JSON.parse(await readBody(request, MAX_BODY));
    if (Array.isArray(params)) return badRequest('Batches are not supported.');
    if (typeof params !== 'object' || params === null) return badRequest('The body must be a JSON object.');
    return 'query' in params ? { params } : badRequest('The body must have a query.');
  } catch (error) {
    if (error instanceof BodyTooLarge)
      return { status: 413, code: 'BODY_TOO_LARGE', message: 'The body is too large.' };
    if (error instanceof SyntaxError) return badRequest('The body must be JSON.');
    throw error;
  }
}

/** Answers in the media type of GraphQL over HTTP. A body that was left unread ends the connection. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: EarlyRefusal): void {
  const { status, code, message } = refusal;
  const type = (request.headers.accept ?? '').includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json';
  response.statusCode = status;
  response.setHeader('content-type', `${type}; charset=utf-8`);
  if (!request.complete) response.setHeader('connection', 'close');
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
