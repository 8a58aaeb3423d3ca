import { print } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { EventsDocument, type EventsSubscription } from '../generated/documents.ts';
import type { Platform } from './platform.ts';
import { say } from './say.ts';

/** Follows the live events of a key's project and mode over a WebSocket. Gives the function that ends it. */
export async function watchEvents({ url }: Pick<Platform, 'url'>, key: string): Promise<() => void> {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${key}` },
    lazy: false,
    on: { connected: () => resolve() },
  });
  await connected;
  void tellEvents(client);
  return () => void client.dispose();
}

async function tellEvents(client: Client): Promise<void> {
  const events = client.iterate<EventsSubscription>({ query: print(EventsDocument) });
  for await (const { data } of events) {
    if (data) say('WebSocket', `${data.events.name}  (event ${data.events.id})`);
  }
}
