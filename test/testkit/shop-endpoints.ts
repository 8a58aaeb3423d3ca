import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedWebhook {
  /** The endpoint's own path, such as `shop-3`. */
  readonly endpoint: string;
  /** The id of the event. */
  readonly id: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface ShopEndpoints {
  urlOf(endpoint: string): string;
  /** Every request to an endpoint that works, a second copy too. */
  readonly requests: readonly ReceivedWebhook[];
  /** How many requests are or were left without an answer. */
  unanswered(): number;
  stop(): Promise<void>;
}

/** The servers of all shops in one; those that hang take a request and never answer. */
export async function startShopEndpoints(hangs: (endpoint: string) => boolean): Promise<ShopEndpoints> {
  const requests: ReceivedWebhook[] = [];
  let unanswered = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = Date.now();
    const endpoint = (request.url ?? '').slice(1);
    const body = await text(request);
    if (hangs(endpoint)) {
      unanswered += 1;
      return;
    }
    requests.push({ endpoint, id: String(request.headers['webhook-id']), body, at });
    response.writeHead(204).end();
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    urlOf: (endpoint) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${endpoint}`,
    requests,
    unanswered: () => unanswered,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
