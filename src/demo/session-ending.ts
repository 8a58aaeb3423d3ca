import { createClient } from 'graphql-ws';
import * as operations from '../generated/documents.ts';
import { accepted } from './api-client.ts';
import type { Platform } from './platform.ts';
import { say } from './say.ts';

/** Ends a session while a socket of it is open, and waits until the gateway has closed the socket (FEATURES A10). */
export async function endSession({ api, url }: Platform, sessionToken: string): Promise<void> {
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<unknown>();
  createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${sessionToken}` },
    lazy: false,
    retryAttempts: 0,
    on: { connected: () => connected.resolve(), closed: (event) => closed.resolve(event) },
    onNonLazyError: () => undefined,
  });
  await connected.promise;
  const { sessionEnd } = await api.as(sessionToken).send(operations.SessionEndDocument, { input: {} });
  accepted(sessionEnd, 'SessionEndPayload');
  const ended = performance.now();
  const event = await closed.promise;
  const code = event instanceof CloseEvent ? event.code : 'no code';
  const waited = Math.max(0, performance.now() - ended).toFixed(0);
  say('session', `signed out: its open WebSocket was closed with ${code} after ${waited} ms`);
}
