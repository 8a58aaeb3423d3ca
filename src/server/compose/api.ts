import type { Server } from 'node:http';
import { describeDevice } from '../../adapters/system/describe-device.ts';
import { createNotificationFeed } from '../../adapters/bus/notification-feed.ts';
import { createDeliveryReads } from '../../adapters/db/delivery-reads.ts';
import { NOTIFICATION_CHANNEL } from '../../adapters/db/notification-signal.ts';
import { createInvoiceReads } from '../../adapters/db/invoice-reads.ts';
import { createPaymentReads } from '../../adapters/db/payment-reads.ts';
import { createPayoutConsents } from '../../adapters/db/payout-consents.ts';
import { createStatementReads } from '../../adapters/db/statement-reads.ts';
import { createStatisticsReads } from '../../adapters/db/statistics-reads.ts';
import type { Config } from '../../config/config.ts';
import { ANONYMOUS } from '../../domain/access/actor.ts';
import type { Authenticate, GraphQLContext } from '../../graphql/core/context.ts';
import { createGraphQLEngine } from '../../graphql/core/engine.ts';
import { buildSchema } from '../../graphql/core/schema.ts';
import { createSharedPoll } from '../../graphql/event/shared-poll.ts';
import { readNetworkStatuses } from '../../graphql/network/network-status.types.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventFeed } from '../../usecases/ports/event-log.ts';
import type { NotificationFeed } from '../../usecases/ports/notification-feed.ts';
import { createConnectionCounts } from '../connection-counts.ts';
import { createExportRoute, EXPORT_PATH } from '../export/export-route.ts';
import { createExportTurns } from '../export/export-turns.ts';
import { createClientIpOf } from '../http-client.ts';
import { createGraphQLHandler } from '../http-graphql.ts';
import { createOriginPolicy } from '../http-headers.ts';
import { LOGO_PATH, LOGO_UPLOAD_PATH } from '../../domain/project/logo.ts';
import { createLogoRoute, createLogoUploadRoute } from '../http-logos.ts';
import type { Route } from '../http.ts';
import { createLiveConnections } from '../live-connections.ts';
import type { AppLogger } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import { shareLookups } from '../shared-lookups.ts';
import type { Shutdown } from '../shutdown.ts';
import { attachWebSockets, type WebSockets } from '../websocket.ts';
import type { Database } from './database.ts';
import { pageRoutes } from './pages.ts';
import type { ComposedUseCases } from './use-cases.ts';

export interface ApiDeps {
  readonly config: Config;
  readonly database: Database;
  readonly useCases: ComposedUseCases;
  readonly feed: EventFeed;
  readonly clock: Clock;
  readonly logger: AppLogger;
  readonly metrics: Metrics;
  readonly shutdown: Shutdown;
}

export interface Api {
  readonly routes: Readonly<Record<string, Route>>;
  attachSockets(server: Server): WebSockets;
  /** Takes no new exports, waits for those that run, and cuts what is left after so many milliseconds. */
  closeExports(graceMs: number): Promise<void>;
}

/** A page of each is in memory, and a statement of each may run. */
const EXPORT_BOUNDS = { ofAccount: 3, inAll: 24 } as const;

/** Milliseconds from one look at the networks to the next, while an operator follows them. */
const NETWORK_STATUS_MS = 1_000;

/** The reads that are asked most, as prepared statements. */
const composeReads = ({ pool }: ApiDeps['database']): GraphQLContext['reads'] => ({
  invoices: createInvoiceReads(pool),
  payments: createPaymentReads(pool),
  payoutConsents: createPayoutConsents(pool),
  statement: createStatementReads(pool),
  statistics: createStatisticsReads(pool),
  deliveries: createDeliveryReads(pool),
});

function openNotificationFeed({ database, logger, shutdown }: ApiDeps): NotificationFeed {
  const connectionString = database.url;
  const feed = createNotificationFeed({ connectionString, channel: NOTIFICATION_CHANNEL, logger });
  shutdown.add('notification feed', () => feed.close());
  return feed;
}

/** Role `api`: GraphQL over HTTP, WebSocket and SSE, and the hosted pages. */
export function composeApi(deps: ApiDeps): Api {
  const { config, database, useCases, feed, clock, logger, metrics, shutdown } = deps;
  const { http } = config;
  const { prisma } = database;
  const reads = composeReads(database);
  const schema = buildSchema();
  const notificationFeed = openNotificationFeed(deps);
  const networks = config.networks.map(({ network }) => network);
  const networkStatuses = createSharedPoll(() => readNetworkStatuses({ prisma, networks }), {
    gapMs: NETWORK_STATUS_MS,
    log: logger,
  });
  const engine = createGraphQLEngine({
    schema,
    makeContext: (facts): GraphQLContext => ({
      ...facts,
      prisma,
      reads,
      usecases: useCases.api,
      feed,
      notificationFeed,
      clock,
      publicUrl: http.publicUrl,
      networks,
      networkStatuses,
    }),
    log: logger,
    introspection: http.introspection,
    graphiql: http.graphiql,
    noteActivity: useCases.sessionTouch,
    plugins: [metrics.graphqlPlugin],
  });
  const authenticate: Authenticate = async ({ bearer, cookie }, client) => {
    const secret = bearer ?? cookie;
    if (secret === undefined) return ANONYMOUS;
    const found = (await useCases.authenticate(secret, client)) ?? 'invalid';
    if (found !== 'invalid' && 'code' in found && found.apiKeyId)
      logger.warn({ apiKeyId: found.apiKeyId, ip: client.ip }, 'API key refused: not from this address');
    return found;
  };
  const currentActor = shareLookups(useCases.reauthenticate);
  const live = createLiveConnections({ feed, currentActor, clock, logger });
  shutdown.add('watch over open connections', () => live.stop());
  const callers = {
    engine,
    authenticate,
    currentActor,
    live,
    connections: createConnectionCounts(http.connections),
    describeDevice,
    clientIpOf: createClientIpOf(http.trustedProxies),
    origins: createOriginPolicy(http.publicUrl, http.allowedOrigins),
    logFor: (requestId: string) => logger.with({ requestId }),
    secureCookies: http.publicUrl.startsWith('https:'),
  };
  const turns = createExportTurns(EXPORT_BOUNDS);
  return {
    routes: {
      '/graphql': createGraphQLHandler(callers),
      ...pageRoutes(useCases, callers),
      [LOGO_UPLOAD_PATH]: createLogoUploadRoute({ ...callers, ...useCases, publicUrl: http.publicUrl }),
      [LOGO_PATH]: createLogoRoute(useCases),
      [EXPORT_PATH]: createExportRoute({ callers, schema, reads: { prisma, reads, clock }, turns, clock }),
    },
    attachSockets: (server) =>
      attachWebSockets(server, { ...callers, introspection: http.introspection, metrics, log: logger }),
    closeExports: (graceMs) => turns.close(graceMs),
  };
}
