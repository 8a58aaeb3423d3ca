import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

export interface ReceivedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A status with headers and body, nothing at all, or a connection that is cut when the request has come. */
export type ReceiverAnswer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'SILENCE'
  | 'CUT';

export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  /** From now on: always the same, or what is decided for each request. */
  answerWith(answer: ReceiverAnswer | ((request: ReceivedWebhook) => ReceiverAnswer)): void;
  /** Waits until it has got so many. */
  has(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** The server of a shop, on loopback. It answers 200 until told otherwise. */
export async function startReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  let decide: (request: ReceivedWebhook) => ReceiverAnswer = () => ({ status: 200 });
  const server = createServer((request, response) => {
    void take(request, response);
  });
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const webhook = { headers: plainHeaders(request), body: await textOf(request) };
    received.push(webhook);
    answer(response, decide(webhook));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    answerWith: (next) => (decide = typeof next === 'function' ? next : () => next),
    has: (count) => vi.waitUntil(() => received.length >= count, { timeout: 15_000 }).then(() => undefined),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, decided: ReceiverAnswer): void {
  if (decided === 'SILENCE') return;
  if (decided === 'CUT') return void response.socket?.destroy();
  response.writeHead(decided.status, decided.headers).end(decided.body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const plainHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
