import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { v7 } from 'uuid';
import {
  createEventFeed,
  type EventFeedOptions,
  type RunningEventFeed,
} from '../../src/adapters/bus/event-feed.ts';
import { eventRows, insertEvents } from '../../src/adapters/db/event-insert.ts';
import { createEventLog } from '../../src/adapters/db/event-log.ts';
import type { Event, NewEvent } from '../../src/domain/event/event.ts';
import type { EventFilter } from '../../src/usecases/ports/event-log.ts';
import type { Logger } from '../../src/usecases/ports/logger.ts';
import type { TestDatabase } from '../testkit/database.ts';

export interface RecordedLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** A log that tests can look into. */
export function recordingLogger(): Logger & { readonly lines: RecordedLine[] } {
  const lines: RecordedLine[] = [];
  const record = (level: RecordedLine['level']) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return { lines, info: record('info'), warn: record('warn'), error: record('error') };
}

export const systemClock = { now: () => new Date() };
export const uuids = { next: () => v7() };

export function newEvent(changes: Partial<NewEvent> = {}): NewEvent {
  return {
    id: v7(),
    type: 'invoice.created',
    merchantId: null,
    projectId: null,
    mode: 'TEST',
    subject: { type: 'INVOICE', id: v7() },
    actor: { type: 'SYSTEM', id: null },
    data: {},
    occurredAt: new Date(),
    ...changes,
  };
}

/** Writes events in one statement; within the client's transaction when it has one. Returns their ids. */
export async function writeEvents(client: Pool | PoolClient, ...events: NewEvent[]): Promise<string[]> {
  await client.query(insertEvents('$1'), [eventRows(events)]);
  return events.map((event) => event.id);
}

/** A feed of its own, as another process would have it. */
export async function startFeed(
  db: TestDatabase,
  changes: Partial<EventFeedOptions> = {},
): Promise<RunningEventFeed> {
  const log = changes.log ?? createEventLog(db.pool);
  const feed = createEventFeed({
    log,
    connectionString: db.url,
    clock: systemClock,
    logger: recordingLogger(),
    ...changes,
  });
  await feed.start();
  return feed;
}

/** Pauses so long that a test that passes was woken, not polled. */
export const NEVER_POLLS = { idleMilliseconds: 600_000, heldBackMilliseconds: { first: 5, longest: 50 } };

/** A subscriber that keeps the ids of what it got. */
export interface Listener {
  readonly events: Event[];
  ids(): string[];
  has(count: number): Promise<void>;
  stop(): Promise<void>;
  /** Rejects with what ended the subscription. */
  readonly ended: Promise<void>;
}

export function listen(
  feed: RunningEventFeed,
  filter: EventFilter = {},
  after?: Event['position'],
): Listener {
  const abort = new AbortController();
  const events: Event[] = [];
  const stream = feed.subscribe({ filter, signal: abort.signal, ...(after === undefined ? {} : { after }) });
  const ended = (async () => {
    for await (const event of stream) events.push(event);
  })();
  ended.catch(() => undefined);
  return {
    events,
    ended,
    ids: () => events.map((event) => event.id),
    has: (count) =>
      until(
        () => events.length >= count,
        () => `${count} events, got ${events.length}`,
      ),
    stop: async () => {
      abort.abort();
      await ended;
    },
  };
}

/** Waits for a condition; fails after 15 seconds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: () => string = () => 'the condition',
): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what()}`);
    await delay(5);
  }
}

/** Ends the server's sessions of that application in this database; returns how many there were. */
export async function cutConnections(db: TestDatabase, application: string): Promise<number> {
  const result = await db.pool.query<{ cut: number }>(
    `SELECT count(pg_terminate_backend(pid))::int AS cut FROM pg_stat_activity
     WHERE application_name = $1 AND datname = current_database()`,
    [application],
  );
  return result.rows[0]?.cut ?? 0;
}

const BEGUN_ELSEWHERE = `
  SELECT count(*)::int AS n FROM pg_stat_activity
  WHERE datname <> current_database() AND backend_xid IS NOT NULL AND age(backend_xid) >= age($1::xid)`;

/**
 * Waits for the transactions that run in other databases of the server by now: the files of tests share it, and readers
 * of events stop below the oldest transaction of all databases.
 */
export async function othersEnded({ pool }: Pick<TestDatabase, 'pool'>): Promise<void> {
  const { rows } = await pool.query<{ xid: string }>('SELECT pg_current_xact_id()::xid::text AS xid');
  const begun = async () =>
    (await pool.query<{ n: number }>(BEGUN_ELSEWHERE, [rows[0]?.xid])).rows[0]?.n ?? 0;
  await until(
    async () => (await begun()) === 0,
    () => 'the end of transactions in other databases',
  );
}
