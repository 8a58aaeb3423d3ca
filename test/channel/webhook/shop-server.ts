import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Certificate } from './own-certificate.ts';

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Which connection it came over, from 1. */
  readonly connection: number;
}

export interface ShopServer {
  readonly port: number;
  readonly received: readonly Received[];
  /** Connections so far, whatever came over them. */
  readonly connections: () => number;
  stop(): Promise<void>;
}

/** Opens on loopback and cuts everything when stopped. */
async function listening(server: Server, host = '127.0.0.1', port = 0) {
  const open: Socket[] = [];
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    open.push(socket);
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    open,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A shop's web server that answers as told. */
export async function startShop(
  answer: RequestListener,
  options: { readonly tls?: Certificate; readonly host?: string; readonly port?: number } = {},
): Promise<ShopServer> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({ method, url, headers, body, connection: running.open.length });
      answer(request, response);
    });
  };
  const server = options.tls ? createHttpsServer(options.tls, listener) : createHttpServer(listener);
  const running = await listening(server, options.host, options.port);
  return { port: running.port, received, connections: () => running.open.length, stop: running.stop };
}

/** A server that does as told with each connection, once it has heard something. */
export async function startRaw(talk: (socket: Socket) => void): Promise<ShopServer> {
  const server = createTcpServer((socket) => socket.once('data', () => talk(socket)));
  const running = await listening(server);
  return { port: running.port, received: [], connections: () => running.open.length, stop: running.stop };
}
