import type { GraphQLSchema } from 'graphql';
import type { Actor } from '../../../src/domain/access/actor.ts';
import { ANONYMOUS } from '../../../src/domain/access/actor.ts';
import type { Authenticate } from '../../../src/graphql/core/context.ts';
import { createGraphQLEngine } from '../../../src/graphql/core/engine.ts';
import type { Limits } from '../../../src/graphql/core/limits.ts';
import { createHealth } from '../../../src/server/health.ts';
import type { ReadinessCheck } from '../../../src/server/health.ts';
import { createConnectionCounts } from '../../../src/server/connection-counts.ts';
import type { ConnectionLimits } from '../../../src/server/connection-counts.ts';
import { createClientIpOf } from '../../../src/server/http-client.ts';
import { createOriginPolicy } from '../../../src/server/http-headers.ts';
import { createGraphQLHandler } from '../../../src/server/http-graphql.ts';
import { createHttpServer, type Route } from '../../../src/server/http.ts';
import { createLogger } from '../../../src/server/logging.ts';
import { createMetrics } from '../../../src/server/metrics.ts';
import { attachWebSockets } from '../../../src/server/websocket.ts';
import type { WebSocketDeps } from '../../../src/server/websocket.ts';
import { userActor } from '../../testkit/actors.ts';
import { tinySchema } from './tiny-schema.ts';

const ALICE = userActor('alice');

/** Knows one secret, `good`, as bearer or cookie. */
const authenticate: Authenticate = async ({ bearer, cookie }) => {
  const secret = bearer ?? cookie;
  if (secret === undefined) return ANONYMOUS;
  return secret === 'good' ? ALICE : 'invalid';
};

export interface CoreServerOptions {
  readonly schema?: GraphQLSchema;
  readonly introspection?: boolean;
  readonly graphiql?: boolean;
  readonly trustedProxies?: readonly string[];
  /** Whether the public address is https. */
  readonly https?: boolean;
  /** Instead of knowing one secret, `good`. */
  readonly authenticate?: Authenticate;
  readonly connections?: Partial<ConnectionLimits>;
  readonly checks?: Readonly<Record<string, ReadinessCheck>>;
  readonly limits?: Limits;
  /** Beside that of the API. */
  readonly routes?: Readonly<Record<string, Route>>;
  /** Milliseconds that an event stream waits for its reader. */
  readonly stallMs?: number;
  readonly sockets?: Pick<WebSocketDeps, 'initTimeoutMs' | 'keepAliveMs' | 'maxOperations'>;
}

export type CoreServer = Awaited<ReturnType<typeof startCoreServer>>;

/** The real HTTP and WebSocket servers on a small schema and a free port of 127.0.0.1. */
export async function startCoreServer(options: CoreServerOptions = {}) {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line: string) => void lines.push(line) });
  const metrics = createMetrics();
  const health = createHealth(options.checks ?? {});
  const rights = { held: true };
  /** The user agents that were put into words. */
  const described: string[] = [];
  /** What closes each open connection. */
  const watched = new Set<() => void>();
  const introspection = options.introspection ?? true;
  const engine = createGraphQLEngine({
    schema: options.schema ?? tinySchema(),
    makeContext: (facts) => facts,
    log,
    introspection,
    graphiql: options.graphiql ?? false,
    plugins: [metrics.graphqlPlugin],
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const callers = {
    engine,
    authenticate: options.authenticate ?? authenticate,
    currentActor: async (actor: Actor) => (rights.held ? actor : null),
    describeDevice: (userAgent: string) => {
      described.push(userAgent);
      return userAgent;
    },
    clientIpOf: createClientIpOf(options.trustedProxies ?? []),
    live: {
      mark: () => 0,
      open: (_actor: Actor, _mark: number, close: () => void) => {
        watched.add(close);
        return () => void watched.delete(close);
      },
    },
    connections: createConnectionCounts({ perAddress: 0, perAccount: 0, ...options.connections }),
    origins: createOriginPolicy('http://shop.test', ['https://app.test']),
    logFor: (requestId: string) => log.with({ requestId }),
    secureCookies: options.https ?? false,
  };
  const http = createHttpServer({
    ...callers,
    routes: {
      '/graphql': createGraphQLHandler({
        ...callers,
        ...(options.stallMs === undefined ? {} : { stallMs: options.stallMs }),
      }),
      ...options.routes,
    },
    health,
    metrics,
  });
  const sockets = attachWebSockets(http.server, {
    ...callers,
    introspection,
    metrics,
    log,
    ...options.sockets,
  });
  const port = await http.listen('127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    port,
    url,
    wsUrl: url.replace('http', 'ws'),
    base: `http://127.0.0.1:${port}`,
    lines,
    health,
    rights,
    described,
    watched,
    http,
    sockets,
    /** POSTs a query; the answer with its parsed body. */
    async query(query: string, headers: Record<string, string> = {}, variables?: object) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return { response, status: response.status, body: (await response.json()) as Answer };
    },
    async close() {
      await sockets.close(1_000);
      await http.close(1_000);
    },
  };
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}
