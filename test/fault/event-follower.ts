import { setTimeout as delay } from 'node:timers/promises';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  EventsDocument,
  type EventsSubscription,
  type EventsSubscriptionVariables,
} from '../../src/generated/documents.ts';
import { encodeEventCursor } from '../../src/domain/event/event-cursor.ts';

export type FollowedEvent = EventsSubscription['events'];

export interface EventFollower {
  /** What arrived, in order, over all connections. */
  readonly events: readonly FollowedEvent[];
  /** The codes with which connections were closed. */
  readonly closeCodes: readonly number[];
  /** Waits until as many events of the subject have arrived. */
  has(subjectId: string, count: number): Promise<void>;
  of(subjectId: string): readonly FollowedEvent[];
  stop(): Promise<void>;
}

const RECONNECT_MS = 50;

/**
 * A subscriber as an integrator would write it with the official client: it follows the project's events from the
 * beginning and after each cut goes on behind the last event it got. The client resends its first variables when it
 * reconnects by itself, so its retries are off and the cursor is moved here.
 */
export function followEvents(url: string, secret: string): EventFollower {
  const events: FollowedEvent[] = [];
  const closeCodes: number[] = [];
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${secret}` },
    on: { closed: (event) => closeCodes.push(codeOf(event)) },
    onNonLazyError: () => undefined,
  });
  let after = encodeEventCursor({ txid: 0n, seq: 0n });
  const stopping = new AbortController();

  const readUntilCut = async (): Promise<void> => {
    const request = {
      query: print(EventsDocument),
      variables: { after } satisfies EventsSubscriptionVariables,
    };
    for await (const { data } of client.iterate<EventsSubscription>(request)) {
      if (!data) continue;
      events.push(data.events);
      after = data.events.cursor;
    }
  };
  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await readUntilCut().catch(() => undefined);
      await delay(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const following = follow();
  const of = (subjectId: string) => events.filter((event) => event.subjectId === subjectId);

  return {
    events,
    closeCodes,
    of,
    has: async (subjectId, count) =>
      void (await vi.waitUntil(() => of(subjectId).length >= count, { timeout: 20_000, interval: 10 })),
    stop: async () => {
      stopping.abort();
      await client.dispose();
      await following;
    },
  };
}

const codeOf = (event: unknown): number =>
  typeof event === 'object' && event !== null && 'code' in event ? Number(event.code) : 0;
