import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { v7 } from 'uuid';
import {
  createNotificationFeed,
  type RunningNotificationFeed,
} from '../../src/adapters/bus/notification-feed.ts';
import { NOTIFICATION_CHANNEL } from '../../src/adapters/db/notification-signal.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { cutConnections, recordingLogger, until } from './bus-fixture.ts';

let db: TestDatabase;
const feeds: RunningNotificationFeed[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(feeds.splice(0).map((feed) => feed.close()));
});
afterAll(() => db.drop());

const listening = async (count: number) =>
  until(async () => {
    const { rows } = await db.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE application_name = 'paybell-notifications' AND datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    return rows[0]?.n === count;
  });

/** Pauses so long that what is told was announced. */
async function open(pollMilliseconds = 600_000): Promise<RunningNotificationFeed> {
  const feed = createNotificationFeed({
    connectionString: db.url,
    channel: NOTIFICATION_CHANNEL,
    logger: recordingLogger(),
    pollMilliseconds,
  });
  feeds.push(feed);
  return feed;
}

/** Counts how often a person's watch tells of a change. */
function follow(feed: RunningNotificationFeed, userId: string) {
  const ending = new AbortController();
  const watch = feed.watch(userId);
  const counted = { changes: 0 };
  const followed = (async () => {
    for (;;) {
      await watch.changed(ending.signal);
      if (ending.signal.aborted) return;
      counted.changes += 1;
    }
  })();
  return {
    counted,
    told: (count: number) => until(() => counted.changes >= count),
    stop: async () => {
      ending.abort();
      await followed;
      watch.close();
    },
  };
}

const announce = (payload: string) =>
  db.pool.query('SELECT pg_notify($1, $2)', [NOTIFICATION_CHANNEL, payload]);

test('wakes the persons that are named, in every process, and nobody else', async () => {
  const [one, two] = [await open(), await open()];
  await listening(2);
  const [ada, bob, eve] = [v7(), v7(), v7()];
  const woken = [follow(one, ada), follow(two, ada), follow(two, bob)];
  const other = follow(one, eve);
  // Whoever watched before the channel stood is woken by that.
  const before = other.counted.changes;
  const tellAll = async (payload: string) => {
    const counts = woken.map(({ counted }) => counted.changes);
    await announce(payload);
    await Promise.all(woken.map((watch, i) => watch.told((counts[i] ?? 0) + 1)));
  };
  await tellAll(`${ada},${bob}`);
  expect(other.counted.changes).toBe(before);
  await tellAll('*');
  await other.told(before + 1);
  await Promise.all([...woken, other].map((watch) => watch.stop()));
  expect([one.size(), two.size()]).toEqual([0, 0]);
});

test('a change that rolls back is not told, and a burst is told together', async () => {
  const feed = await open();
  await listening(1);
  const ada = v7();
  const watch = follow(feed, ada);
  const client = await db.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_notify($1, $2)', [NOTIFICATION_CHANNEL, ada]);
  await client.query('ROLLBACK');
  for (let i = 0; i < 200; i += 1) {
    await client.query('SELECT pg_notify($1, $2)', [NOTIFICATION_CHANNEL, ada]);
  }
  client.release();
  await watch.told(1);
  await announce(ada);
  await watch.told(2);
  expect(watch.counted.changes).toBeLessThan(200);
  await watch.stop();
});

test('what was announced while the connection was away is told when it is back', async () => {
  const feed = await open();
  await listening(1);
  const watch = follow(feed, v7());
  expect(await cutConnections(db, 'paybell-notifications')).toBe(1);
  await watch.told(1);
  await listening(1);
  await watch.stop();
});

test('what nobody announced is found after a while', async () => {
  const feed = await open(20);
  const watch = follow(feed, v7());
  await watch.told(3);
  await watch.stop();
});

test('closing a watch that waits, and the feed with watches open, leaves nothing behind', async () => {
  const feed = await open();
  await listening(1);
  const watch = follow(feed, v7());
  await watch.stop();
  expect(feed.size()).toBe(0);
  feed.watch(v7());
  await feed.close();
  await listening(0);
});
