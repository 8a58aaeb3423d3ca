import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { v7 } from 'uuid';
import type { EventFeedOptions, RunningEventFeed } from '../../src/adapters/bus/event-feed.ts';
import { createEventLog } from '../../src/adapters/db/event-log.ts';
import type { EventPosition } from '../../src/domain/event/event.ts';
import { FeedOverflow } from '../../src/usecases/ports/event-log.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import {
  cutConnections,
  listen,
  NEVER_POLLS,
  newEvent,
  recordingLogger,
  startFeed,
  until,
  writeEvents,
} from './bus-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const feeds: RunningEventFeed[] = [];
const open = async (changes: Partial<EventFeedOptions> = {}): Promise<RunningEventFeed> => {
  const feed = await startFeed(db, { pauses: NEVER_POLLS, ...changes });
  feeds.push(feed);
  return feed;
};
afterEach(async () => {
  await Promise.all(feeds.splice(0).map((feed) => feed.close()));
});

/** mulberry32: random cuts that can be made again from the seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test.each([1, 2, 3, 4])(
  'a subscriber cut at random places and resumed sees each event once, in order (seed %i)',
  async (seed) => {
    const random = randomFrom(seed);
    const merchantId = v7();
    const feed = await open();
    const other = await open();
    const log = createEventLog(db.pool);
    let position: EventPosition = await log.end();
    const written: string[] = [];
    const seen: string[] = [];
    const progress = { writing: true };
    const write = async (): Promise<void> => {
      for (let i = 0; i < 60; i += 1) {
        const events = Array.from({ length: 1 + Math.floor(random() * 4) }, () => newEvent({ merchantId }));
        written.push(...(await writeEvents(db.pool, ...events)));
        feed.poke();
      }
      progress.writing = false;
    };
    const read = async (): Promise<void> => {
      while (progress.writing || seen.length < written.length) {
        const abort = new AbortController();
        const cutAfter = 1 + Math.floor(random() * 12);
        let count = 0;
        // Now and then by way of the other process, whose tail may be behind this one's.
        const through = random() < 0.3 ? other : feed;
        for await (const event of through.subscribe({
          after: position,
          filter: { merchantId },
          signal: abort.signal,
        })) {
          seen.push(event.id);
          position = event.position;
          count += 1;
          if (count === cutAfter || (!progress.writing && seen.length === written.length)) abort.abort();
        }
      }
    };
    await Promise.all([write(), read()]);
    expect(seen).toEqual(written);
  },
);

test('a replay over many pages goes live without gap or double', async () => {
  const merchantId = v7();
  const feed = await open();
  const start = await createEventLog(db.pool).end();
  const ids = await writeEvents(db.pool, ...Array.from({ length: 1700 }, () => newEvent({ merchantId })));
  const whole = listen(feed, { merchantId });
  feed.poke();
  await whole.has(1700);
  const resumed = listen(feed, { merchantId }, start);
  ids.push(...(await writeEvents(db.pool, ...Array.from({ length: 300 }, () => newEvent({ merchantId })))));
  feed.poke();
  await resumed.has(2000);
  expect(resumed.ids()).toEqual(ids);
  expect(whole.ids()).toEqual(ids);
});

test('a commit here wakes the readers of another process by NOTIFY', async () => {
  const merchantId = v7();
  const here = await open();
  const there = await open();
  const listener = listen(there, { merchantId });
  await until(async () => (await countOf('paybell-bus', 'LISTEN paybell_event')) >= 2);
  const ids = await writeEvents(db.pool, newEvent({ merchantId }));
  here.poke();
  await listener.has(1);
  expect(listener.ids()).toEqual(ids);
});

test('pokes of one tick are one NOTIFY', async () => {
  const feed = await open();
  await until(async () => (await countOf('paybell-bus', 'LISTEN paybell_event')) >= 1);
  const watcher = await db.pool.connect();
  let notices = 0;
  watcher.on('notification', () => (notices += 1));
  await watcher.query('LISTEN paybell_event');
  for (let i = 0; i < 1000; i += 1) feed.poke();
  await until(() => notices > 0);
  // The watcher's own round trip comes after all notices that were sent before it.
  await watcher.query('NOTIFY paybell_event');
  await until(() => notices >= 2);
  expect(notices).toBe(2);
  watcher.release(true);
});

test('a reader whose LISTEN connection is cut comes back and has missed nothing', async () => {
  const merchantId = v7();
  const logger = recordingLogger();
  const feed = await open({ logger });
  const listener = listen(feed, { merchantId });
  await until(async () => (await countOf('paybell-bus', 'LISTEN paybell_event')) === 1);
  expect(await cutConnections(db, 'paybell-bus')).toBe(1);
  // Written by a process that tells nobody: only the look after the reconnection can find it.
  const ids = await writeEvents(db.pool, newEvent({ merchantId }));
  await listener.has(1);
  await until(async () => (await countOf('paybell-bus', 'LISTEN paybell_event')) === 1);
  const other = await open();
  await until(async () => (await countOf('paybell-bus', 'LISTEN paybell_event')) === 2);
  ids.push(...(await writeEvents(db.pool, newEvent({ merchantId }))));
  other.poke();
  await listener.has(2);
  expect(listener.ids()).toEqual(ids);
  expect(logger.lines.map((line) => line.message)).toContain(
    'the connection that listens for events was cut',
  );
});

test('an event that nobody announced is found by the safety poll', async () => {
  const merchantId = v7();
  const feed = await open({ pauses: { ...NEVER_POLLS, idleMilliseconds: 50 } });
  const listener = listen(feed, { merchantId });
  const ids = await writeEvents(db.pool, newEvent({ merchantId }));
  await listener.has(1);
  expect(listener.ids()).toEqual(ids);
});

test('each filter gets its events and no others', async () => {
  const [merchantId, projectId, otherProject] = [v7(), v7(), v7()];
  const subject = { type: 'INVOICE', id: v7() } as const;
  const feed = await open();
  const all = listen(feed, { merchantId });
  const byProject = listen(feed, { merchantId, projectId });
  const live = listen(feed, { merchantId, projectId, mode: 'LIVE' });
  const bySubject = listen(feed, { subjectId: subject.id });
  const stranger = listen(feed, { merchantId: v7() });
  const strangersSubject = listen(feed, { merchantId: v7(), subjectId: subject.id });
  const [a, b, c] = await writeEvents(
    db.pool,
    newEvent({ merchantId, projectId, subject }),
    newEvent({ merchantId, projectId, mode: 'LIVE' }),
    newEvent({ merchantId, projectId: otherProject, mode: 'LIVE' }),
  );
  feed.poke();
  await all.has(3);
  expect(all.ids()).toEqual([a, b, c]);
  expect(byProject.ids()).toEqual([a, b]);
  expect(live.ids()).toEqual([b]);
  expect(bySubject.ids()).toEqual([a]);
  expect(stranger.ids()).toEqual([]);
  expect(strangersSubject.ids()).toEqual([]);
  expect(feed.stats()).toMatchObject({ events: 3, handed: 7, subscribers: 6 });
  await Promise.all([all, byProject, live, bySubject, stranger, strangersSubject].map((each) => each.stop()));
  expect(feed.stats().subscribers).toBe(0);
});

test('a subscriber that does not keep up is dropped; the others are not', async () => {
  const merchantId = v7();
  const feed = await open({ capacity: 10 });
  const abort = new AbortController();
  const slow = feed.subscribe({ filter: { merchantId }, signal: abort.signal });
  const quick = listen(feed, { merchantId });
  for (let i = 0; i < 3; i += 1) {
    await writeEvents(db.pool, ...Array.from({ length: 5 }, () => newEvent({ merchantId })));
    feed.poke();
    await quick.has(5 * (i + 1));
  }
  await expect(slow[Symbol.asyncIterator]().next()).rejects.toThrow(FeedOverflow);
  expect(feed.stats().subscribers).toBe(1);
  await writeEvents(db.pool, newEvent({ merchantId }));
  feed.poke();
  await quick.has(16);
});

test('abort, return and close end a subscription that waits', async () => {
  const feed = await open();
  const abort = new AbortController();
  const aborted = feed.subscribe({ filter: {}, signal: abort.signal })[Symbol.asyncIterator]();
  const waiting = aborted.next();
  abort.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });

  const returned = feed
    .subscribe({ filter: {}, signal: new AbortController().signal })
    [Symbol.asyncIterator]();
  const pending = returned.next();
  await returned.return?.();
  expect(await pending).toEqual({ done: true, value: undefined });

  const closed = feed.subscribe({ filter: {}, signal: new AbortController().signal })[Symbol.asyncIterator]();
  const last = closed.next();
  await feed.close();
  expect(await last).toEqual({ done: true, value: undefined });
  expect(feed.stats().subscribers).toBe(0);
});

async function countOf(application: string, lastQuery: string): Promise<number> {
  const result = await db.pool.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity
     WHERE application_name = $1 AND query = $2 AND state = 'idle' AND datname = current_database()`,
    [application, lastQuery],
  );
  return result.rows[0]?.count ?? 0;
}
