import { afterAll, beforeAll, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { createDeliveryStore } from '../../src/adapters/db/delivery-store.ts';
import { createEventLog } from '../../src/adapters/db/event-log.ts';
import { createEventRelayStore } from '../../src/adapters/db/event-relay-store.ts';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import type { NewEvent } from '../../src/domain/event/event.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { newEvent, recordingLogger, until, writeEvents } from './bus-fixture.ts';
import { addChat, addMerchant, addPerson } from './merchant-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await migrateJobs(db.url, recordingLogger());
});
afterAll(() => db.drop());

/** A pending delivery with its job, as the relay makes it. */
async function pending(): Promise<{
  id: string;
  event: NewEvent;
  email: string;
  chat: string;
  userId: string;
}> {
  const merchantId = await addMerchant(db.pool);
  const person = await addPerson(db.pool, { locale: 'lt', member: { merchantId, role: 'OWNER' } });
  const chat = await addChat(db.pool, 'MERCHANT', person.id, merchantId);
  const event = newEvent({ type: 'invoice.paid', merchantId, data: { amount: '5' } });
  await writeEvents(db.pool, event);
  const log = createEventLog(db.pool);
  const relay = createEventRelayStore(db.pool);
  const from = await relay.cursor();
  await until(async () => (await log.tail(from, 1)).events.length === 1);
  const id = v7();
  const delivery = {
    id,
    eventId: event.id,
    channel: 'EMAIL',
    target: person.email,
    userId: person.id,
    sendAt: new Date(),
    digestKey: null,
  } as const;
  const to = (await log.tail(from, 1)).events[0]?.position ?? from;
  expect(
    await relay.advance({
      from,
      to,
      notifications: [],
      audited: [],
      deliveries: [delivery],
      windows: [],
      at: new Date(),
    }),
  ).toBe(true);
  return { id, event, email: person.email, chat, userId: person.id };
}

async function row(id: string): Promise<Record<string, unknown> | undefined> {
  const result = await db.pool.query<Record<string, unknown>>(
    'SELECT status, attempts, next_attempt_at, last_error, sent_at FROM delivery WHERE id = $1',
    [id],
  );
  return result.rows[0];
}

async function jobsOf(id: string): Promise<{ run_at: Date; attempts: number; free: boolean }[]> {
  const result = await db.pool.query<{ run_at: Date; attempts: number; free: boolean }>(
    `SELECT run_at, attempts, locked_at IS NULL AS free FROM graphile_worker.jobs WHERE key = $1`,
    [id],
  );
  return result.rows;
}

test('what the person may see by now comes with it', async () => {
  const store = createDeliveryStore(db.pool);
  const { id, userId } = await pending();
  const projectId = v7();
  await db.pool.query(
    `UPDATE member SET role = 'VIEWER', restricted = true, project_ids = $2 WHERE user_id = $1`,
    [userId, [projectId]],
  );
  expect((await store.due(id, new Date()))?.member).toEqual({
    role: 'VIEWER',
    projectIds: [projectId],
    closedAt: null,
  });
  await db.pool.query('UPDATE member SET disabled_at = now() WHERE user_id = $1', [userId]);
  expect(await store.due(id, new Date())).toMatchObject({ userId, member: null });
  await db.pool.query('DELETE FROM member WHERE user_id = $1', [userId]);
  expect(await store.due(id, new Date())).toMatchObject({ userId, member: null });
});

test('a delivery is due with its event and the language of its person until it was sent', async () => {
  const store = createDeliveryStore(db.pool);
  const { id, event, email, userId } = await pending();
  expect(await store.due(id, new Date())).toEqual({
    id,
    channel: 'EMAIL',
    target: email,
    locale: 'lt',
    attempts: 0,
    event: { ...event, version: 1, position: expect.anything() },
    userId,
    isDisconnected: false,
    isCollecting: false,
    dueAt: expect.any(Date),
    member: { role: 'OWNER', projectIds: null, closedAt: null },
    operator: null,
  });
  const at = new Date('2026-01-02T03:04:05.678Z');
  await store.sent(id, at);
  expect(await store.due(id, new Date())).toBeNull();
  expect(await row(id)).toEqual({
    status: 'SENT',
    attempts: 1,
    next_attempt_at: null,
    last_error: null,
    sent_at: at,
  });
  expect(await store.due(v7(), new Date())).toBeNull();
});

test('a retry moves the row and its job together; while the job runs it gets a follower', async () => {
  const store = createDeliveryStore(db.pool);
  const { id } = await pending();
  expect(await jobsOf(id)).toHaveLength(1);
  const first = new Date('2035-01-01T00:00:00Z');
  await store.retryAt(id, first, 'busy');
  expect(await jobsOf(id)).toEqual([{ run_at: first, attempts: 0, free: true }]);

  await db.pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_by = 'me', locked_at = now(), attempts = 1 WHERE key = $1`,
    [id],
  );
  const second = new Date('2035-01-01T00:05:00Z');
  await store.retryAt(id, second, 'busy again');
  expect(await jobsOf(id)).toEqual([{ run_at: second, attempts: 0, free: true }]);
  expect(await row(id)).toMatchObject({
    status: 'PENDING',
    attempts: 2,
    next_attempt_at: second,
    last_error: 'busy again',
  });
  expect((await store.due(id, new Date()))?.attempts).toBe(2);
});

test('a wait that was asked for counts one attempt, however often', async () => {
  const store = createDeliveryStore(db.pool);
  const { id } = await pending();
  const until = new Date('2035-01-01T00:00:00Z');
  await store.waitUntil(id, new Date('2034-01-01T00:00:00Z'), 'too many');
  await store.waitUntil(id, until, 'too many');
  expect(await row(id)).toMatchObject({ attempts: 1, next_attempt_at: until, last_error: 'too many' });
  expect(await jobsOf(id)).toEqual([{ run_at: until, attempts: 0, free: true }]);
});

test('what was decided stays: a late attempt changes nothing and queues nothing', async () => {
  const store = createDeliveryStore(db.pool);
  const { id } = await pending();
  await store.ended(id, 'FAILED', 'no such mailbox');
  await db.pool.query('DELETE FROM graphile_worker._private_jobs');
  await store.retryAt(id, new Date(), 'busy');
  await store.sent(id, new Date());
  await store.ended(id, 'UNKNOWN', 'cut');
  expect(await row(id)).toMatchObject({
    status: 'FAILED',
    attempts: 1,
    last_error: 'no such mailbox',
    sent_at: null,
  });
  expect(await jobsOf(id)).toEqual([]);
});
