import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import pg from 'pg';
import { v7 } from 'uuid';
import { createEventLog } from '../../src/adapters/db/event-log.ts';
import { createEventRelayStore } from '../../src/adapters/db/event-relay-store.ts';
import { createLeaderLock } from '../../src/adapters/db/leader-lock.ts';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import type { Event } from '../../src/domain/event/event.ts';
import { createEventRelay } from '../../src/workers/event-relay/event-relay.ts';
import { relayBatch, type RelayDeps } from '../../src/workers/event-relay/relay-batch.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import {
  newEvent,
  NEVER_POLLS,
  recordingLogger,
  startFeed,
  systemClock,
  until,
  uuids,
  writeEvents,
} from './bus-fixture.ts';
import { addChat, addMerchant, addPerson } from './merchant-fixture.ts';
import { addEndpoint } from './webhook-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await migrateJobs(db.url, recordingLogger());
});
afterAll(() => db.drop());
beforeEach(() => clear());

/** The events themselves are never deleted: the relay is put behind them. */
async function clear(): Promise<void> {
  const log = createEventLog(db.pool);
  await until(async () => !(await log.tail({ txid: 0n, seq: 0n }, 1)).heldBack);
  const { txid, seq } = await log.end();
  await db.pool.query(
    `TRUNCATE event_cursor, notification, delivery, delivery_attempt, digest_window, graphile_worker._private_jobs`,
  );
  await db.pool.query(`INSERT INTO event_cursor (reader, txid, seq) VALUES ('relay', $1, $2)`, [txid, seq]);
}
/** Until no older transaction keeps a reader from the relay's next events. */
async function untilReadable(count: number): Promise<void> {
  const { log, store } = depsOf();
  await until(async () => (await log.tail(await store.cursor(), count)).events.length === count);
}

const depsOf = (changes: Partial<RelayDeps> = {}) => {
  const logger = recordingLogger();
  const log = createEventLog(db.pool);
  return { log, store: createEventRelayStore(db.pool), clock: systemClock, ids: uuids, logger, ...changes };
};

/** Runs batches until every event was relayed. */
async function relayAll(deps: RelayDeps): Promise<void> {
  await until(async () => {
    const { more, heldBack } = await relayBatch(deps, 200);
    return !more && !heldBack;
  });
}

async function rows(text: string): Promise<unknown[]> {
  const result = await db.pool.query<Record<string, unknown>>(text);
  return result.rows;
}
const deliveries = () =>
  rows(
    'SELECT event_id, channel, target, user_id, status, attempts FROM delivery ORDER BY event_id, channel, target',
  );
const jobs = () =>
  rows(`SELECT task_identifier AS task, payload->>'deliveryId' AS delivery, key
        FROM graphile_worker.jobs JOIN graphile_worker._private_jobs USING (id, key) ORDER BY id`);

test('a paid invoice tells the members who may see it, each once, where they are reached', async () => {
  const merchantId = await addMerchant(db.pool);
  const owner = await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
  const viewer = await addPerson(db.pool, { confirmed: false, member: { merchantId, role: 'VIEWER' } });
  await addPerson(db.pool);
  const chat = await addChat(db.pool, 'MERCHANT', owner.id, merchantId);
  await addChat(db.pool, 'MERCHANT', owner.id, await addMerchant(db.pool));
  await addChat(db.pool, 'INFO', owner.id);
  const [paid] = await writeEvents(
    db.pool,
    newEvent({ type: 'invoice.paid', merchantId, data: { amount: '5' } }),
    newEvent({ type: 'invoice.created', merchantId }),
  );
  await relayAll(depsOf());

  const common = { event_id: paid, status: 'PENDING', attempts: 0, user_id: owner.id };
  expect(await deliveries()).toEqual([
    { ...common, channel: 'EMAIL', target: owner.email },
    { ...common, channel: 'MERCHANT_BOT', target: chat },
  ]);
  expect(
    await rows(
      'SELECT event_id, user_id, merchant_id, event_type, category, severity, data FROM notification ORDER BY user_id',
    ),
  ).toEqual(
    [owner.id, viewer.id].map((userId) => ({
      event_id: paid,
      user_id: userId,
      merchant_id: merchantId,
      event_type: 'invoice.paid',
      category: 'PAYMENTS',
      severity: 'SUCCESS',
      data: { amount: '5' },
    })),
  );
  const ids = (await rows('SELECT id, channel, target FROM delivery ORDER BY id')) as {
    id: string;
    channel: string;
    target: string;
  }[];
  expect(new Set(await jobs())).toEqual(
    new Set(
      ids.map(({ id, channel, target }) => ({
        task: channel === 'EMAIL' ? 'delivery_send' : 'chat_send',
        delivery: id,
        key: channel === 'EMAIL' ? id : `${channel}:${target}`,
      })),
    ),
  );
});

test('an endpoint of a closed merchant is told of what happened until then', async () => {
  const endpoint = await addEndpoint(db.pool, { url: 'https://shop.example/hooks' });
  const { merchantId, projectId } = endpoint;
  const closedAt = new Date();
  const at = (milliseconds: number) => ({
    ...newEvent({ type: 'invoice.paid', merchantId, projectId, mode: 'TEST' }),
    occurredAt: new Date(closedAt.getTime() + milliseconds),
  });
  await db.pool.query('UPDATE merchant SET closed_at = $2 WHERE id = $1', [merchantId, closedAt]);
  const [before] = await writeEvents(db.pool, at(0), at(1));
  await relayAll(depsOf());
  expect(await deliveries()).toMatchObject([{ event_id: before, channel: 'WEBHOOK', target: endpoint.id }]);
});

test('the first start of all begins before the first event', async () => {
  await db.pool.query('TRUNCATE event_cursor');
  expect(await createEventRelayStore(db.pool).cursor()).toEqual({ txid: 0n, seq: 0n });
});

test('two relays at once make one set of rows', async () => {
  const merchantId = await addMerchant(db.pool);
  await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
  for (let i = 0; i < 30; i += 1) await writeEvents(db.pool, newEvent({ type: 'invoice.paid', merchantId }));
  // As if the lock had failed: many at one cursor, with small batches, again and again.
  const relay = async (): Promise<void> => {
    await until(async () => {
      const { more, heldBack } = await relayBatch(depsOf(), 3);
      return !more && !heldBack;
    });
  };
  await Promise.all([relay(), relay(), relay(), relay()]);
  expect(await deliveries()).toHaveLength(30);
  expect(await rows('SELECT 1 FROM notification')).toHaveLength(30);
  expect(await jobs()).toHaveLength(30);
});

test('a relay that reads late is fenced off by the cursor', async () => {
  const merchantId = await addMerchant(db.pool);
  const { id: userId } = await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
  const [eventId = ''] = await writeEvents(db.pool, newEvent({ type: 'invoice.paid', merchantId }));
  const deps = depsOf();
  const from = await deps.store.cursor();
  await relayAll(deps);
  const target = 'late@example.com';
  const timing = { sendAt: new Date(), digestKey: null };
  const delivery = { id: v7(), eventId, channel: 'EMAIL', target, userId, ...timing } as const;
  const moved = await deps.store.advance({
    from,
    to: { txid: 1n, seq: 1n },
    notifications: [],
    deliveries: [delivery],
    windows: [],
    audited: [],
    at: new Date(),
  });
  expect(moved).toBe(false);
  expect(await deliveries()).toHaveLength(1);
});

test('a relay that dies before, in and after its statement leaves each row once', async () => {
  const merchantId = await addMerchant(db.pool);
  await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
  await writeEvents(db.pool, ...[1, 2, 3].map(() => newEvent({ type: 'invoice.paid', merchantId })));
  await untilReadable(3);
  const store = createEventRelayStore(db.pool);

  const dead = new Error('killed');
  const before = depsOf({ store: { ...store, advance: () => Promise.reject(dead) } });
  await expect(relayBatch(before, 200)).rejects.toBe(dead);
  expect(await deliveries()).toEqual([]);

  // In: its session is killed while the statement waits for the cursor's row.
  const blocker = await db.pool.connect();
  await blocker.query('BEGIN');
  await blocker.query(`SELECT * FROM event_cursor WHERE reader = 'relay' FOR UPDATE`);
  const victims = new pg.Pool({ connectionString: db.url, application_name: 'relay-victim' });
  victims.on('error', () => undefined);
  const killed = relayBatch(depsOf({ store: createEventRelayStore(victims) }), 200);
  const fails = expect(killed).rejects.toThrow(/terminat/);
  await until(async () => {
    const result = await db.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'relay-victim' AND wait_event_type = 'Lock'`,
    );
    return result.rowCount === 1;
  });
  await fails;
  await blocker.query('COMMIT');
  blocker.release();
  await victims.end();
  expect(await deliveries()).toEqual([]);

  const after = depsOf({
    store: { ...store, advance: (step) => store.advance(step).then(() => Promise.reject(dead)) },
  });
  await expect(relayBatch(after, 200)).rejects.toBe(dead);
  expect(await deliveries()).toHaveLength(3);

  await relayAll(depsOf());
  expect(await deliveries()).toHaveLength(3);
  expect(await jobs()).toHaveLength(3);
  expect(await rows('SELECT 1 FROM notification')).toHaveLength(3);
});

test('an event that cannot be routed is set aside and the rest goes on', async () => {
  const merchantId = await addMerchant(db.pool);
  await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
  const [first, poison, last] = await writeEvents(
    db.pool,
    newEvent({ type: 'invoice.paid', merchantId }),
    newEvent({ type: 'invoice.paid', merchantId: null }),
    newEvent({ type: 'invoice.paid', merchantId }),
  );
  const logger = recordingLogger();
  await relayAll(depsOf({ logger }));
  expect(await deliveries()).toMatchObject([{ event_id: first }, { event_id: last }]);
  expect(logger.lines).toMatchObject([
    { level: 'error', fields: { eventId: poison, eventType: 'invoice.paid' } },
  ]);
});

test('an event whose rows the database refuses is set aside and the rest goes on', async () => {
  const merchantId = await addMerchant(db.pool);
  await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
  const events = [1, 2, 3].map(() => newEvent({ type: 'invoice.paid', merchantId }));
  const [first, poison, last] = await writeEvents(db.pool, ...events);
  await untilReadable(3);
  const store = createEventRelayStore(db.pool);
  const stranger = v7();
  const logger = recordingLogger();
  // A notification for a person who is gone by the time it is written.
  const deps = depsOf({
    logger,
    store: {
      ...store,
      advance: (step) =>
        store.advance({
          ...step,
          notifications: step.notifications.map((n) =>
            n.eventId === poison ? { ...n, userId: stranger } : n,
          ),
        }),
    },
  });
  await relayAll(deps);
  expect(await deliveries()).toMatchObject([{ event_id: first }, { event_id: last }]);
  expect(logger.lines).toMatchObject([{ level: 'error', fields: { eventId: poison } }]);
});

test('a delivery that lost its job gets a new one; one with a job, running or waiting, does not', async () => {
  const merchantId = await addMerchant(db.pool);
  for (let i = 0; i < 4; i += 1) await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
  await writeEvents(db.pool, newEvent({ type: 'invoice.paid', merchantId }));
  const deps = depsOf();
  await relayAll(deps);
  const found = (await rows('SELECT id, channel FROM delivery ORDER BY id')) as {
    id: string;
    channel: string;
  }[];
  const [lost, running, waiting, exhausted] = found.map(({ id }) => id);
  const change = (set: string, id: string | undefined) =>
    db.pool.query(`UPDATE graphile_worker._private_jobs SET ${set} WHERE key = $1`, [id]);
  await db.pool.query('DELETE FROM graphile_worker._private_jobs WHERE key = $1', [lost]);
  await change(`locked_by = 'someone', locked_at = now(), attempts = max_attempts`, running);
  await change('attempts = 3', waiting);
  await change('attempts = max_attempts', exhausted);

  expect(await deps.store.requeueLost(new Date(Date.now() - 60_000))).toBe(0);
  expect(await deps.store.requeueLost(new Date(Date.now() + 1000))).toBe(2);
  const attempts = await rows(
    `SELECT key, attempts FROM graphile_worker.jobs WHERE key IN ('${lost}', '${exhausted}') ORDER BY key`,
  );
  expect(attempts).toEqual([
    { key: lost, attempts: 0 },
    { key: exhausted, attempts: 0 },
  ]);
  expect(await deps.store.requeueLost(new Date(Date.now() + 1000))).toBe(0);
});

test('a lost job is found behind thousands of deliveries that wait with theirs', async () => {
  const { store } = depsOf();
  const dueAt = new Date('2021-01-01T00:00:00Z');
  await db.pool.query(
    `WITH due AS (
       INSERT INTO delivery (id, event_id, channel, target, status, next_attempt_at, created_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'EMAIL', 'ada@shop.example', 'PENDING', $1, $1
       FROM generate_series(1, 10001) RETURNING id
     ), lost AS (SELECT id FROM due ORDER BY id DESC LIMIT 1)
     INSERT INTO graphile_worker._private_jobs (task_id, key)
     SELECT (SELECT min(id) FROM graphile_worker._private_tasks), id::text FROM due
     WHERE id NOT IN (SELECT id FROM lost)`,
    [dueAt],
  );
  expect(await store.requeueLost(new Date('2021-01-02T00:00:00Z'))).toBe(1);
  await db.pool.query('DELETE FROM graphile_worker._private_jobs');
  await db.pool.query('DELETE FROM delivery WHERE next_attempt_at = $1', [dueAt]);
});

test('the recipients of a batch are loaded in the same number of statements, however many events', async () => {
  const count = async (events: number): Promise<number> => {
    await clear();
    for (let i = 0; i < events; i += 1) {
      const merchantId = await addMerchant(db.pool);
      await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
      await writeEvents(db.pool, newEvent({ type: 'invoice.paid', merchantId }));
    }
    await untilReadable(events);
    const pool = new pg.Pool({ connectionString: db.url, max: 1 });
    let statements = 0;
    pool.on('acquire', () => (statements += 1));
    await relayBatch(depsOf({ log: createEventLog(pool), store: createEventRelayStore(pool) }), 200);
    await pool.end();
    expect(await deliveries()).toHaveLength(events);
    return statements;
  };
  expect(await count(20)).toBe(await count(1));
});

test('running relays take turns: one leads, woken by the feed, and another follows when it ends', async () => {
  const merchantId = await addMerchant(db.pool);
  await addPerson(db.pool, { member: { merchantId, role: 'OWNER' } });
  const feed = await startFeed(db, { pauses: NEVER_POLLS });
  const logger = recordingLogger();
  const leaderLock = createLeaderLock({ connectionString: db.url, logger, retryMilliseconds: 20 });
  const start = () => {
    const abort = new AbortController();
    const relay = createEventRelay({ ...depsOf(), leaderLock, signals: feed });
    const done = relay.run(abort.signal);
    return { stop: () => (abort.abort(), done) };
  };
  const pay = async (): Promise<Event['id']> => {
    const [id = ''] = await writeEvents(db.pool, newEvent({ type: 'invoice.paid', merchantId }));
    feed.poke();
    return id;
  };
  const first = start();
  const second = start();
  const ids = [await pay()];
  await until(async () => (await deliveries()).length === 1);
  await first.stop();
  ids.push(await pay());
  await until(async () => (await deliveries()).length === 2);
  await second.stop();
  await feed.close();
  expect(await deliveries()).toMatchObject(ids.map((id) => ({ event_id: id })));
});
