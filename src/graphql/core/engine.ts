import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Plugin, YogaServerInstance } from 'graphql-yoga';
import type { Logger } from '../../usecases/ports/logger.ts';
import { useActivity } from './activity.plugin.ts';
import type { RequestFacts } from './context.ts';
import { useCost } from './cost.plugin.ts';
import { createTextCache } from './document-cache.ts';
import { LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import { useLimits } from './limits.plugin.ts';
import { useLocked } from './locked.plugin.ts';
import { maskError } from './masking.ts';
import { useMasking } from './masking.plugin.ts';
import { useRevocation } from './revocation.plugin.ts';

/** What a transport hands over with each request. */
export interface TransportContext extends Record<string, unknown> {
  readonly facts: RequestFacts;
}

export interface EngineOptions {
  readonly schema: GraphQLSchema;
  /** Completes the facts of a request to the resolvers' context. */
  readonly makeContext: (facts: RequestFacts) => RequestFacts | Promise<RequestFacts>;
  readonly log: Logger;
  readonly introspection: boolean;
  readonly graphiql: boolean;
  readonly limits?: Limits;
  /** Notes that the person behind a session did something. */
  readonly noteActivity?: (actor: RequestFacts['actor']) => Promise<void>;
  /** More plugins, such as metrics. */
  readonly plugins?: readonly Plugin[];
}

export type GraphQLEngine = YogaServerInstance<TransportContext, RequestFacts>;

/**
 * Parses, checks and executes GraphQL for every transport, so that limits and masking cannot differ between them.
 * Bodies are bounded and parsed by the transport: Yoga's own bound pipes each one through a stream (QUALITY, Speed).
 */
export function createGraphQLEngine(options: EngineOptions): GraphQLEngine {
  const { schema, log, introspection, limits = LIMITS } = options;
  const hideSuggestions = !introspection;
  return createYoga<TransportContext, RequestFacts>({
    schema,
    context: ({ facts }) => contextOf(facts, options),
    graphqlEndpoint: '/graphql',
    graphiql: options.graphiql && {
      title: 'Paybell',
      subscriptionsProtocol: 'WS',
      credentials: 'same-origin',
      headers: JSON.stringify({ 'x-paybell-csrf': '1' }),
    },
    // Nine megabytes, which only who opens the page needs in memory.
    renderGraphiQL: async (page) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(page),
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    maxRequestBodySize: false,
    logging: false,
    parserAndValidationCache: { documentCache: createTextCache(), errorCache: createTextCache() },
    // What escapes the masking plugin came from no request that is known here.
    maskedErrors: {
      maskError: (error) => maskError(error, { requestId: randomUUID(), log, hideSuggestions }),
    },
    plugins: [
      useLimits({ limits, introspection }),
      useLocked(),
      useRevocation(),
      ...(options.noteActivity ? [useActivity(options.noteActivity)] : []),
      ...(options.plugins ?? []),
      useMasking(hideSuggestions),
      useCost(limits.cost),
    ],
  });
}

async function contextOf(
  facts: RequestFacts,
  { makeContext, introspection }: EngineOptions,
): Promise<RequestFacts> {
  try {
    return await makeContext(facts);
  } catch (error) {
    throw maskError(error, { requestId: facts.requestId, log: facts.log, hideSuggestions: !introspection });
  }
}
