import type { Config } from '../../config/config.ts';
import { createGraphQLEngine } from '../../graphql/core/engine.ts';
import { buildSchema } from '../../graphql/core/schema.ts';
import type { Authenticate, GraphQLContext } from '../../graphql/core/context.ts';
import { ANONYMOUS } from '../../domain/access/actor.ts';
import type { RunningEventFeed } from '../../adapters/bus/event-feed.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { ChainWatcher } from '../../workers/chain-watcher/chain-watcher.ts';
import { createHealth } from '../health.ts';
import { createHttpServer } from '../http.ts';
import { createClientIpOf } from '../http-client.ts';
import { createOriginPolicy } from '../http-headers.ts';
import type { AppLogger } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import type { Shutdown } from '../shutdown.ts';
import { attachWebSockets } from '../websocket.ts';
import type { Database } from './database.ts';
import type { ComposedUseCases } from './use-cases.ts';

export interface ApiDeps {
  readonly config: Config;
  readonly database: Database;
  readonly useCases: ComposedUseCases;
  readonly feed: RunningEventFeed;
  readonly clock: Clock;
  readonly logger: AppLogger;
  readonly metrics: Metrics;
  /** The watchers of this process, if it has any: a stopped one makes it unready. */
  readonly watchers: readonly ChainWatcher[];
  readonly shutdown: Shutdown;
}

/** Role `api`: GraphQL over HTTP, WebSocket and SSE, with health and metrics. Gives the base URL. */
export async function startApi(deps: ApiDeps): Promise<string> {
  const { config, database, useCases, feed, clock, logger, metrics, shutdown } = deps;
  const { http } = config;
  const engine = createGraphQLEngine({
    schema: buildSchema(),
    makeContext: (facts): GraphQLContext => ({
      ...facts,
      prisma: database.prisma,
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
    authenticate,
    stillAllowed: async (actor: Parameters<typeof useCases.reauthenticate>[0]) =>
      (await useCases.reauthenticate(actor)) !== null,
    clientIpOf: createClientIpOf(http.trustedProxies),
    origins: createOriginPolicy(http.publicUrl, http.allowedOrigins),
    logFor: (requestId: string) => logger.with({ requestId }),
    secureCookies: http.publicUrl.startsWith('https:'),
  };
  const health = createHealth({
    database: async () => {
      await database.pool.query('SELECT 1');
      return null;
    },
    ...Object.fromEntries(
      deps.watchers.map((watcher) => [
        `network ${watcher.network}`,
        async () => (watcher.state().stopped ? 'stopped: needs an operator' : null),
      ]),
    ),
  });
  const server = createHttpServer({ engine, health, metrics, ...callers });
  const sockets = attachWebSockets(server.server, {
    engine,
    introspection: http.introspection,
    metrics,
    log: logger,
    ...callers,
  });
  shutdown.add('HTTP server', (remainingMs) => server.close(remainingMs));
  shutdown.add('WebSockets', (remainingMs) => sockets.close(remainingMs));
  shutdown.add('readiness', async () => health.drain());
  const port = await server.listen(http.host, http.port);
  return `http://${http.host.includes(':') ? `[${http.host}]` : http.host}:${port}`;
}
