import type { Server } from 'node:http';
import { describeDevice } from '../../adapters/system/describe-device.ts';
import { createInvoiceReads } from '../../adapters/db/invoice-reads.ts';
import type { Config } from '../../config/config.ts';
import { ANONYMOUS } from '../../domain/access/actor.ts';
import type { Authenticate, GraphQLContext } from '../../graphql/core/context.ts';
import { createGraphQLEngine } from '../../graphql/core/engine.ts';
import { buildSchema } from '../../graphql/core/schema.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventFeed } from '../../usecases/ports/event-log.ts';
import { createConnectionCounts } from '../connection-counts.ts';
import { createClientIpOf } from '../http-client.ts';
import { createGraphQLHandler } from '../http-graphql.ts';
import { createOriginPolicy } from '../http-headers.ts';
import { createInvitationRoute } from '../http-invitation.ts';
import { confirmPage } from '../../pages/confirm-page.ts';
import type { TokenPage } from '../../pages/secret-form.ts';
import { passwordResetPage } from '../../pages/password-reset-page.ts';
import { clientOf } from '../http-callers.ts';
import { createTokenPageRoute } from '../http-pages.ts';
import { twoFactorResetPage } from '../../pages/two-factor-reset-page.ts';
import { LOGO_PATH, LOGO_UPLOAD_PATH } from '../../domain/project/logo.ts';
import { createLogoRoute, createLogoUploadRoute } from '../http-logos.ts';
import type { Route } from '../http.ts';
import { createLiveConnections } from '../live-connections.ts';
import type { AppLogger } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import type { Shutdown } from '../shutdown.ts';
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
  readonly shutdown: Shutdown;
}

export interface Api {
  readonly routes: Readonly<Record<string, Route>>;
  attachSockets(server: Server): WebSockets;
}

/** Role `api`: GraphQL over HTTP, WebSocket and SSE, and the hosted pages. */
export function composeApi(deps: ApiDeps): Api {
  const { config, database, useCases, feed, clock, logger, metrics, shutdown } = deps;
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
      publicUrl: http.publicUrl,
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
  const currentActor = useCases.reauthenticate;
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
  const tokenPage = (page: TokenPage): Route =>
    createTokenPageRoute(page, (request) => clientOf(request, callers));
  return {
    routes: {
      '/graphql': createGraphQLHandler(callers),
      '/invitation': createInvitationRoute({ ...useCases.api, callers }),
      '/confirm': tokenPage(confirmPage(useCases.api.emailConfirm)),
      '/password-reset': tokenPage(passwordResetPage(useCases.api.passwordReset)),
      '/two-factor-reset': tokenPage(twoFactorResetPage(useCases.api.twoFactorResetFile)),
      [LOGO_UPLOAD_PATH]: createLogoUploadRoute({ ...callers, ...useCases, publicUrl: http.publicUrl }),
      [LOGO_PATH]: createLogoRoute(useCases),
    },
    attachSockets: (server) =>
      attachWebSockets(server, { ...callers, introspection: http.introspection, metrics, log: logger }),
  };
}
