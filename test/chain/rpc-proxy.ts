import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** An answer in the place of the node's. */
export type OwnAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** What to do before a call goes on to the node; an answer given here takes the place of the node's. */
export type Intercept = (method: string, params: readonly unknown[]) => Promise<OwnAnswer | undefined>;

/** Changes what the node answered. */
export type Rewrite = (method: string, result: unknown, params: readonly unknown[]) => unknown;

export interface RpcProxy {
  readonly url: string;
  /** The methods asked for, in order. */
  readonly calls: string[];
  intercept(intercept: Intercept): void;
  rewrite(rewrite: Rewrite): void;
  /** Nobody listens any more. */
  down(): Promise<void>;
  /** Listens again, at the same address. */
  up(): Promise<void>;
}

/** Stands between a reader and a node: counts, changes and cuts. */
export async function startRpcProxy(nodeUrl: string): Promise<RpcProxy> {
  const calls: string[] = [];
  let intercept: Intercept = () => Promise.resolve(undefined);
  let rewrite: Rewrite | null = null;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const call: { id: number; method: string; params: unknown[] } = JSON.parse(body);
    calls.push(call.method);
    const own = await intercept(call.method, call.params);
    response.setHeader('content-type', 'application/json');
    if (own && 'status' in own) {
      response.writeHead(own.status, own.headers).end(own.body);
      return;
    }
    if (own) {
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, ...own }));
      return;
    }
    const answered = await forward(nodeUrl, body);
    response.end(
      rewrite ? rewritten(answered, (result) => rewrite?.(call.method, result, call.params)) : answered,
    );
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    intercept: (next) => {
      intercept = next;
    },
    rewrite: (next) => {
      rewrite = next;
    },
    async down() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    up: async () => void (await listen(server, port)),
  };
}

function rewritten(answer: string, change: (result: unknown) => unknown): string {
  const parsed: { result?: unknown } = JSON.parse(answer);
  return JSON.stringify('result' in parsed ? { ...parsed, result: change(parsed.result) } : parsed);
}

async function forward(nodeUrl: string, body: string): Promise<string> {
  const response = await fetch(nodeUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return response.text();
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return address.port;
}
