import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An answer in the node's place; null lets the call go on to the node. */
export interface OwnAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CoreFront {
  /** With the node's credentials, and the front's own host and port. */
  readonly url: string;
  /** The methods that were asked for, in order. */
  readonly calls: string[];
  /** What comes before a request goes on; it may answer itself, or do something meanwhile. */
  before(listener: (methods: readonly string[]) => Promise<OwnAnswer | null>): void;
  /** Changes results on their way back. */
  rewrite(change: (method: string, result: unknown) => unknown): void;
  /** Nobody listens any more. */
  down(): Promise<void>;
  /** Listens again, at the same address. */
  up(): Promise<void>;
}

/** Stands between a reader and a node of the Bitcoin family: counts, changes and cuts. */
export async function startCoreFront(nodeUrl: string): Promise<CoreFront> {
  const node = new URL(nodeUrl);
  const target = `http://${node.host}/`;
  const calls: string[] = [];
  let before: Parameters<CoreFront['before']>[0] = () => Promise.resolve(null);
  let rewrite: ((method: string, result: unknown) => unknown) | null = null;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const parsed: RpcCall | RpcCall[] = JSON.parse(body);
    const asked = Array.isArray(parsed) ? parsed : [parsed];
    calls.push(...asked.map(({ method }) => method));
    const own = await before(asked.map(({ method }) => method));
    if (own) {
      response.writeHead(own.status, own.headers).end(own.body);
      return;
    }
    const { authorization = '' } = request.headers;
    const answer = await fetch(target, { method: 'POST', headers: { authorization }, body });
    const plain = await answer.text();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(rewrite ? rewritten(plain, asked, rewrite) : plain);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const port = await listen(server, 0);
  return {
    url: `http://${node.username}:${node.password}@127.0.0.1:${port}`,
    calls,
    before: (listener) => {
      before = listener;
    },
    rewrite: (change) => {
      rewrite = change;
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

function rewritten(
  plain: string,
  asked: readonly RpcCall[],
  change: (method: string, result: unknown) => unknown,
): string {
  const parsed: unknown = JSON.parse(plain);
  const answers = (Array.isArray(parsed) ? parsed : [parsed]) as { id: number; result: unknown }[];
  const changed = answers.map((answer) => {
    const call = asked.find(({ id }) => id === answer.id);
    return call ? { ...answer, result: change(call.method, answer.result) } : answer;
  });
  return JSON.stringify(Array.isArray(parsed) ? changed : changed[0]);
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
