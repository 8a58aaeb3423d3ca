import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What becomes of a request: the node never hears of it, its answer is lost, or the node gets it twice. */
export type Cut = 'lost request' | 'lost answer' | 'twice';

export interface Front {
  /** The node's address with the front's host and port. */
  readonly url: string;
  /** The next requests with this method are cut; what was planned before and did not come is forgotten. */
  cut(method: string, how: Cut, times: number): void;
  /** Method and kind of each. */
  readonly cuts: string[];
  down(): Promise<void>;
}

/** Stands between senders and a node, of whatever family, and fails them as networks do. */
export async function startFront(
  nodeUrl: string,
  rewrite: (method: string, result: unknown) => unknown = (_, result) => result,
): Promise<Front> {
  const node = new URL(nodeUrl);
  const cuts: string[] = [];
  let planned = { method: '', how: 'lost request' as Cut, times: 0 };

  const forward = async (body: string, { authorization = '' }: IncomingMessage['headers']) => {
    const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
    const answer = await fetch(`http://${node.host}/`, { method: 'POST', headers, body });
    return { status: answer.status, body: await answer.text() };
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const asked = asArray<{ id: number; method: string }>(JSON.parse(body));
    const cut = planned.times > 0 && asked.some(({ method }) => method === planned.method) ? planned : null;
    if (cut) {
      cut.times -= 1;
      cuts.push(`${cut.method}, ${cut.how}`);
    }
    if (cut?.how === 'lost request') return void response.destroy();
    if (cut?.how === 'twice') await forward(body, request.headers);
    const answer = await forward(body, request.headers);
    if (cut?.how === 'lost answer') return void response.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(rewritten(answer.body, asked, rewrite));
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(nodeUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cuts,
    cut: (method, how, times) => {
      planned = { method, how, times };
    },
    async down() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface RpcAnswer {
  readonly id: number;
  readonly result: unknown;
}

function rewritten(
  body: string,
  asked: readonly { id: number; method: string }[],
  rewrite: (method: string, result: unknown) => unknown,
): string {
  // Numbers stay as the node wrote them wherever nothing is changed.
  if (!asked.some(({ method }) => rewrite(method, UNCHANGED) !== UNCHANGED)) return body;
  const parsed: RpcAnswer | RpcAnswer[] = JSON.parse(body);
  const changed = asArray(parsed).map((answer) => {
    const method = asked.find(({ id }) => id === answer.id)?.method ?? '';
    return { ...answer, result: rewrite(method, answer.result) };
  });
  return JSON.stringify(Array.isArray(parsed) ? changed : changed[0]);
}

const UNCHANGED = Symbol('unchanged');
const asArray = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
