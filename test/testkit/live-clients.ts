import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print, type ExecutionResult } from 'graphql';
import { createClient as createSseClient, NetworkError } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** One connection of an official client, which never reconnects by itself. */
export interface LiveConnection {
  iterate<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): AsyncIterableIterator<ExecutionResult<Data>>;
  /** Cuts the connection as a lost network does: nobody says goodbye. */
  kill(): void;
  dispose(): void;
}

export interface WebSocketConnection extends LiveConnection {
  /** Resolves with the code with which the socket was closed. */
  readonly closed: Promise<number>;
}

export function connectWebSocket(url: string, secret: string): WebSocketConnection {
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  const sockets = new Set<WebSocket>();
  const client = createWsClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${secret}` },
    retryAttempts: 0,
    webSocketImpl: WebSocket,
    on: {
      opened: (socket) => void (socket instanceof WebSocket && sockets.add(socket)),
      closed: (event) => resolve(codeOf(event)),
    },
  });
  return {
    closed,
    iterate: <Data, Variables extends Record<string, unknown>>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
    ) =>
      client.iterate<Data>({ query: print(document), variables }) as AsyncIterableIterator<
        ExecutionResult<Data>
      >,
    kill: () => sockets.forEach((socket) => socket.terminate()),
    dispose: () => void client.dispose(),
  };
}

const codeOf = (event: unknown): number =>
  typeof event === 'object' && event !== null && 'code' in event ? Number(event.code) : 0;

/** Server-sent events, one HTTP request an operation ("distinct connections mode"). */
export function connectSse(url: string, secret: string): LiveConnection {
  const cut = new AbortController();
  const client = createSseClient({
    url: `${url}/graphql`,
    headers: { authorization: `Bearer ${secret}` },
    retryAttempts: 0,
    singleConnection: false,
    fetchFn: (input: string, init: RequestInit) =>
      fetch(input, { ...init, signal: AbortSignal.any([cut.signal, ...(init.signal ? [init.signal] : [])]) }),
  });
  return {
    iterate: <Data, Variables extends Record<string, unknown>>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
    ) =>
      client.iterate<Data>({ query: print(document), variables }) as AsyncIterableIterator<
        ExecutionResult<Data>
      >,
    kill: () => cut.abort(new Error('cut')),
    dispose: () => client.dispose(),
  };
}

/** The error codes with which a subscription ends, whatever it gave before. Throws when it ends without any. */
export async function endingCodes(events: AsyncIterable<ExecutionResult<unknown>>): Promise<unknown[]> {
  try {
    for await (const { errors } of events) if (errors) return errors.map((e) => e.extensions?.['code']);
  } catch (error) {
    return codesOf(await errorsIn(error));
  }
  throw new Error('the subscription ended without an error');
}

/** graphql-ws throws the errors of an operation that never began as they are; graphql-sse the HTTP response of one. */
async function errorsIn(thrown: unknown): Promise<unknown> {
  if (Array.isArray(thrown)) return thrown;
  if (!(thrown instanceof NetworkError)) throw thrown;
  // Still an event stream, though its status is 400: one event, then the end.
  const [, data = '{}'] = /^data: (.+)$/m.exec(await thrown.response.text()) ?? [];
  const body: { errors?: unknown } = JSON.parse(data);
  return body.errors;
}

const codesOf = (errors: unknown): unknown[] =>
  (errors as { extensions?: { code?: unknown } }[]).map(({ extensions }) => extensions?.code);

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
