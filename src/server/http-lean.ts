import type { IncomingMessage, ServerResponse } from 'node:http';
import { getOperationAST, GraphQLError, OperationTypeNode } from 'graphql';
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import type { RequestFacts } from '../graphql/core/context.ts';
import type { GraphQLEngine } from '../graphql/core/engine.ts';

/** A well-formed request of GraphQL over HTTP. */
interface Params {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

const KNOWN = new Set(['query', 'operationName', 'variables', 'extensions']);

const isOptionalObject = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && !Array.isArray(value));

/** Whether Yoga would have nothing to complain about. */
const isWellFormed = (params: object): params is Params => {
  const { query, operationName, variables, extensions } = params as Partial<Record<string, unknown>>;
  return (
    typeof query === 'string' &&
    (operationName === undefined || operationName === null || typeof operationName === 'string') &&
    isOptionalObject(variables) &&
    isOptionalObject(extensions) &&
    Object.keys(params).every((key) => KNOWN.has(key))
  );
};

const SPEC_TYPE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

/** The first type that the client names and that is plain JSON; null where Yoga should negotiate. */
function negotiated(accept: string | undefined): string | null {
  if (accept === undefined) return JSON_TYPE;
  for (const range of accept.split(',')) {
    const type = range.split(';', 1)[0]?.trim().toLowerCase();
    if (type === SPEC_TYPE) return SPEC_TYPE;
    if (type === JSON_TYPE || type === '*/*' || type === 'application/*') return JSON_TYPE;
    if (type === 'text/event-stream' || type === 'multipart/mixed') return null;
  }
  return null;
}

/**
 * Answers a query or mutation that came as plain JSON through the engine's own parse, validate and execute, without
 * the Request and Response objects that cost Yoga most of its time (QUALITY, Speed). Gives false, with nothing sent,
 * for everything else: event streams, subscriptions, odd media types, malformed parameters. The same audits run on
 * both ways.
 */
export async function answerLean(
  engine: GraphQLEngine,
  params: object,
  facts: RequestFacts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const type = negotiated(request.headers.accept);
  if (type === null || !isWellFormed(params)) return false;
  const result = await run(engine, params, facts);
  if (result === 'subscription') return false;
  response.statusCode = statusOf(result, type);
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.end(JSON.stringify(result.errors ? { ...result, errors: result.errors.map(formatted) } : result));
  return true;
}

async function run(
  engine: GraphQLEngine,
  { query, operationName, variables }: Params,
  facts: RequestFacts,
): Promise<ExecutionResult | 'subscription'> {
  const params = { query, operationName, variables };
  const { parse, validate, execute, contextFactory, schema } = engine.getEnveloped({ facts, params });
  try {
    const document = parse(query);
    if (getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION)
      return 'subscription';
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    const contextValue = await contextFactory();
    return await execute({ schema, document, contextValue, variableValues: variables, operationName });
  } catch (error) {
    // Syntax errors and masked faults are made for callers; anything else is the HTTP server's 500.
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

/** GraphQL over HTTP: with the older media type a well-formed request is 200 even where its document is refused. */
function statusOf({ data, errors }: ExecutionResult, type: string): number {
  if (data !== undefined || !errors) return 200;
  const isFault = errors.some(({ extensions }) => extensions['code'] === 'INTERNAL_SERVER_ERROR');
  if (isFault) return 500;
  return type === SPEC_TYPE ? 400 : 200;
}

/** `extensions.http` is a note between Yoga's plugins. */
function formatted(error: GraphQLError): GraphQLFormattedError {
  const json = error.toJSON();
  if (!json.extensions || !('http' in json.extensions)) return json;
  const { http: _http, ...extensions } = json.extensions;
  return { ...json, extensions };
}
