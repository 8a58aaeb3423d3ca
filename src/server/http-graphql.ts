import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLEngine } from '../graphql/core/engine.ts';
import { BodyTooLarge, readBody } from './http-body.ts';
import { callerOfRequest } from './http-callers.ts';
import type { CallerDeps } from './http-callers.ts';
import { setCorsHeaders } from './http-headers.ts';
import { answerLean } from './http-lean.ts';

/** Bytes of a request body. */
const MAX_BODY = 1024 * 1024;

export interface GraphQLHandlerDeps extends CallerDeps {
  readonly engine: GraphQLEngine;
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
    const facts = await callerOfRequest(request, response, requestId, deps);
    if (facts === 'invalid') {
      response.setHeader('www-authenticate', 'Bearer');
      refuse(request, response, INVALID_CREDENTIALS);
      return;
    }
    if (body.params === null) {
      await deps.engine(request, response, { facts });
      return;
    }
    if (await answerLean(deps.engine, body.params, facts, request, response)) return;
    // Yoga takes a parsed body from here and reads no stream.
    await deps.engine(Object.assign(request, { body: body.params }), response, { facts });
  };
}

const INVALID_CREDENTIALS: EarlyRefusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message: 'The credentials are not valid.',
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
