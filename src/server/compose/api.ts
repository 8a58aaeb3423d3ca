import type { Server } from 'node:http';
import { createInvoiceReads } from '../../adapters/db/invoice-reads.ts';
import type { Config } from '../../config/config.ts';
import { ANONYMOUS } from '../../domain/access/actor.ts';
import type { Authenticate, GraphQLContext } from '../../graphql/core/context.ts';
import { createGraphQLEngine } from '../../graphql/core/engine.ts';
import { buildSchema } from '../../graphql/core/schema.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventFeed } from '../../usecases/ports/event-log.ts';
import { createClientIpOf } from '../http-client.ts';
import { createGraphQLHandler } from '../http-graphql.ts';
import { createOriginPolicy } from '../http-headers.ts';
import { createConfirmRoute } from '../http-pages.ts';
import type { Route } from '../http.ts';
import type { AppLogger } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import { attachWebSockets, type WebSockets } from '../websocket.ts';
import type { Database } from './database.ts';
import type { ComposedUseCases } from './use-cases.ts';

export interface ApiDeps {
  readonly config: Config;
  readonly database: Database;
  readonly useCases: ComposedUseCases;
  readonly feed: EventFeed;
  readonly clock: Clock;
  readonly logger: AppLogger;
  readonly metrics: Metrics;
}

export interface Api {
  readonly routes: Readonly<Record<string, Route>>;
  attachSockets(server: Server): WebSockets;
}

/** Role `api`: GraphQL over HTTP, WebSocket and SSE, and the hosted pages. */
export function composeApi({ config, database, useCases, feed, clock, logger, metrics }: ApiDeps): Api {
  const { http } = config;
  const { prisma } = database;
  const reads = { invoices: createInvoiceReads(database.pool) };
  const engine = createGraphQLEngine({
    schema: buildSchema(),
    makeContext: (facts): GraphQLContext => ({
      ...facts,
      prisma,
      reads,
      usecases: useCases.api,
      feed,
      clock,
    }),
    log: logger,
    introspection: http.introspection,
    graphiql: http.graphiql,
    plugins: [metrics.graphqlPlugin],
  });
  const authenticate: Authenticate = async ({ bearer, cookie }) => {
    const secret = bearer ?? cookie;
    return secret === undefined ? ANONYMOUS : ((await useCases.authenticate(secret)) ?? 'invalid');
  };
  const callers = {
    engine,
    authenticate,
    currentActor: useCases.reauthenticate,
    clientIpOf: createClientIpOf(http.trustedProxies),
    origins: createOriginPolicy(http.publicUrl, http.allowedOrigins),
    logFor: (requestId: string) => logger.with({ requestId }),
    secureCookies: http.publicUrl.startsWith('https:'),
  };
  return {
    routes: { '/graphql': createGraphQLHandler(callers), '/confirm': createConfirmRoute(useCases.api) },
    attachSockets: (server) =>
      attachWebSockets(server, { ...callers, introspection: http.introspection, metrics, log: logger }),
  };
}
