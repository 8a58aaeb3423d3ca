import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from '../usecases/ports/logger.ts';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { clientOf } from './http-callers.ts';
import type { Metrics } from './metrics.ts';
import { createSocketOperations } from './websocket-operations.ts';
import type { SocketOperationsDeps } from './websocket-operations.ts';
import { sendBounded } from './websocket-send.ts';

export interface WebSocketDeps extends SocketOperationsDeps {
  readonly metrics: Pick<Metrics, 'socketOpened' | 'socketClosed'>;
  readonly log: Logger;
  /** Milliseconds a new socket has to send connection_init. */
  readonly initTimeoutMs?: number;
  /** Milliseconds between pings; a socket that answers none in that time is dropped. */
  readonly keepAliveMs?: number;
}

export interface WebSockets {
  /** Tells every socket to go away (1001) and waits for them until the deadline in milliseconds. */
  close(deadlineMs: number): Promise<void>;
}

const PATH = '/graphql';
const GOING_AWAY = 1001;
/** Bounds of what a client may send (QUALITY, security 18). */
const BOUNDS = {
  maxPayload: 64 * 1024,
  maxFragments: 64,
  maxBufferedChunks: 1024,
  closeTimeout: 5_000,
} as const;

/** GraphQL over WebSocket, protocol graphql-transport-ws only, on the HTTP server's /graphql. */
export function attachWebSockets(server: Server, deps: WebSocketDeps): WebSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols,
    ...BOUNDS,
  });
  const protocol = makeServer({
    connectionInitWaitTimeout: deps.initTimeoutMs ?? 3_000,
    ...createSocketOperations(deps),
  });
  let closing = false;
  server.on('upgrade', (request, stream, head) => {
    const refusal = closing ? '503 Service Unavailable' : upgradeRefusal(request, deps);
    if (refusal) return refuseUpgrade(stream, refusal);
    const release = deps.connections.openFrom(deps.clientIpOf(request));
    if (!release) return refuseUpgrade(stream, '429 Too Many Requests');
    stream.once('close', release);
    sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, request));
  });

  function serve(socket: WebSocket, request: IncomingMessage): void {
    deps.metrics.socketOpened();
    const stopPings = keepAlive(socket, deps.keepAliveMs ?? 12_000);
    socket.on('error', (error) => deps.log.info({ err: error }, 'websocket error'));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => sendBounded(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', (data) => void handleMessage(socket, handle, textOf(data))),
      },
      { socket, request, client: clientOf(request, deps) },
    );
    socket.once('close', (code, reason) => {
      deps.metrics.socketClosed();
      stopPings();
      closed(code, String(reason)).catch((error: unknown) =>
        deps.log.error({ err: error }, 'websocket close failed'),
      );
    });
  }

  async function handleMessage(socket: WebSocket, handle: (data: string) => Promise<void>, data: string) {
    try {
      await handle(data);
    } catch (error) {
      deps.log.error({ err: error }, 'websocket message failed');
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    }
  }

  return {
    close(deadlineMs) {
      closing = true;
      return closeAll(sockets, deadlineMs);
    },
  };
}

/** Browsers send cookies with any page's sockets, so a foreign Origin is refused before the upgrade. */
function upgradeRefusal(request: IncomingMessage, { origins }: WebSocketDeps): string | null {
  if ((request.url ?? '').split('?', 1)[0] !== PATH) return '404 Not Found';
  const { origin } = request.headers;
  return origin === undefined || origins.allows(origin) ? null : '403 Forbidden';
}

const refuseUpgrade = (stream: Duplex, status: string): void => {
  stream.once('error', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** ws hands messages over as one Buffer unless it is told otherwise. */
const textOf = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString('utf8') : '');

function keepAlive(socket: WebSocket, intervalMs: number): () => void {
  let alive = true;
  socket.on('pong', () => (alive = true));
  const timer = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, intervalMs);
  return () => clearInterval(timer);
}

async function closeAll(sockets: WebSocketServer, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => sockets.close(() => resolve()));
  const gone = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Going away');
  const deadline = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, deadlineMs);
  await Promise.all([closed, ...gone]);
  clearTimeout(deadline);
}
