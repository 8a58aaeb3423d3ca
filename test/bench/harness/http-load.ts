import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { sharedNow } from '../children/answer-parent.ts';
import { quantile } from './rounds.ts';

/** A request and what its answer must be. */
export interface Exchange {
  readonly path: string;
  readonly key: string;
  readonly body: string;
  /** Throws when the answer is not the one that was asked for. */
  check(body: string): void;
}

export interface Load {
  readonly url: string;
  readonly milliseconds: number;
  readonly next: () => Exchange;
}

export interface LoadResult {
  readonly answers: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

export const CONNECTIONS = 32;

/** Keeps 32 keep-alive connections busy, one request at a time each. Throws at the first wrong answer. */
export async function runLoad({ url, milliseconds, next }: Load): Promise<LoadResult> {
  const { hostname, port } = new URL(url);
  const sockets = Array.from({ length: CONNECTIONS }, () =>
    connect({ host: hostname, port: Number(port), noDelay: true }),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const times: number[] = [];
  const begun = sharedNow();
  try {
    await Promise.all(sockets.map((socket) => keepBusy(socket, next, begun + milliseconds, times)));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const seconds = (sharedNow() - begun) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    answers: times.length,
    perSecond: times.length / seconds,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
}

/** Raw bytes both ways: a client library would cost more than some of the servers. */
function keepBusy(socket: Socket, next: () => Exchange, until: number, times: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let exchange = next();
    let begun = sharedNow();
    let received: Buffer = NOTHING;
    socket.on('data', (chunk: Buffer) => {
      try {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const body = wholeBody(received);
        if (body === null) return;
        received = NOTHING;
        const now = sharedNow();
        times.push(now - begun);
        exchange.check(body);
        if (now >= until) return resolve();
        exchange = next();
        begun = sharedNow();
        socket.write(requestText(exchange));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed a connection')));
    socket.write(requestText(exchange));
  });
}

const requestText = ({ path, key, body }: Exchange): string =>
  `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\n` +
  `Accept: application/graphql-response+json\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const NOTHING = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');

/** The body when all of it came; null until then. Every server here tells its length. */
function wholeBody(received: Buffer): string | null {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = received.toString('latin1', 0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without length: ${head}`);
  const total = end + HEAD_END.length + Number(length);
  if (received.length < total) return null;
  const body = received.toString('utf8', end + HEAD_END.length, total);
  if (received.length > total) throw new Error('an answer that nobody asked for');
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`${head.split('\r\n', 1)[0]}: ${body}`);
  return body;
}
