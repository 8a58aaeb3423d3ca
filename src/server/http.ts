import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from './health.ts';
import { newRequestId } from './http-callers.ts';
import { refuse } from './http-graphql.ts';
import { setSecurityHeaders } from './http-headers.ts';
import type { Logger } from '../usecases/ports/logger.ts';
import type { Metrics } from './metrics.ts';

export interface HttpServerDeps {
  /** By path, or by the folder of a path with its last slash; health and metrics are always there. */
  readonly routes: Readonly<Record<string, Route>>;
  readonly health: Health;
  readonly metrics: Metrics;
  /** The log with a request id bound. */
  readonly logFor: (requestId: string) => Logger;
  /** Whether the public address is https. */
  readonly secureCookies: boolean;
}

export interface HttpServer {
  readonly server: Server;
  /** Starts to listen; gives the port, which matters for port 0. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no more requests, ends event streams, and waits for the rest until the deadline in milliseconds. */
  close(deadlineMs: number): Promise<void>;
}

/** Against clients that send their request a byte at a time, and floods of headers (QUALITY, security 22). */
const BOUNDS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
} as const;
const MAX_HEADERS = 100;

export type Route = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<void> | void;

export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const routes = createRoutes(deps);
  const open = new Set<ServerResponse>();
  const server = createServer(BOUNDS, (request, response) => {
    open.add(response);
    if (!server.listening) closeAfter(response);
    response.once('close', () => open.delete(response));
    void answer(request, response, routes, deps);
  });
  server.maxHeadersCount = MAX_HEADERS;
  return {
    server,
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
      }),
    close: (deadlineMs) => drain(server, open, deadlineMs),
  };
}

function createRoutes(deps: HttpServerDeps): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ...Object.entries(deps.routes),
    ['/healthz', (_request, response) => sendJson(response, 200, { status: 'ok' })],
    [
      '/readyz',
      async (_request, response) => {
        const { ready, reasons } = await deps.health.ready();
        sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', reasons });
      },
    ],
    [
      '/metrics',
      async (_request, response) => {
        response.setHeader('content-type', deps.metrics.registry.contentType);
        response.end(await deps.metrics.registry.metrics());
      },
    ],
  ]);
}

/** Runs the route of a request. A fault is logged and told as 500 with the request id. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: ReadonlyMap<string, Route>,
  deps: HttpServerDeps,
): Promise<void> {
  const requestId = newRequestId();
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const place = routes.has(path) ? path : path.slice(0, path.lastIndexOf('/') + 1);
  const route = routes.get(place);
  const routeName = route ? place : 'other';
  deps.metrics.timeRequest(request, response, routeName);
  setSecurityHeaders(request, response, deps.secureCookies);
  response.setHeader('x-request-id', requestId);
  try {
    if (route) await route(request, response, requestId);
    else
      refuse(request, response, {
        status: 404,
        code: 'NOT_FOUND',
        message: 'There is nothing at this path.',
      });
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    // Never the path: that of a claim page is a credential.
    deps.logFor(requestId).error({ err: error, route: routeName }, 'request failed unexpectedly');
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, internalError(requestId));
  }
}

const internalError = (requestId: string) => ({
  errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }],
});

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}

const isEventStream = ({ req }: ServerResponse): boolean =>
  (req.headers.accept ?? '').includes('text/event-stream');

/** Without it a kept-alive connection that answers its last request outlives the server until the deadline. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}

async function drain(server: Server, open: ReadonlySet<ServerResponse>, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const response of open) {
    if (isEventStream(response) && response.headersSent) response.end();
    else closeAfter(response);
  }
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(deadline);
}
