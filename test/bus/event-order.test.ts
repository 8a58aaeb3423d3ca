import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { createEventLog } from '../../src/adapters/db/event-log.ts';
import type { EventLog, EventTail } from '../../src/usecases/ports/event-log.ts';
import { isAfter } from '../../src/domain/event/event.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { listen, NEVER_POLLS, newEvent, startFeed, until, writeEvents } from './bus-fixture.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

describe('a transaction that is held open across later commits', () => {
  test('is missed by no reader, and all see one order', async () => {
    const merchantId = v7();
    const log = createEventLog(db.pool);
    const looks: EventTail[] = [];
    const watched: EventLog = {
      ...log,
      tail: async (position, limit) => {
        const look = await log.tail(position, limit);
        looks.push(look);
        return look;
      },
    };
    const feed = await startFeed(db, { log: watched, pauses: NEVER_POLLS });
    const live = listen(feed, { merchantId });
    const start = await log.end();

    const slow = await db.pool.connect();
    await slow.query('BEGIN');
    const [slowId] = await writeEvents(slow, newEvent({ merchantId }));
    const laterIds: string[] = [];
    for (let i = 0; i < 20; i += 1) laterIds.push(...(await writeEvents(db.pool, newEvent({ merchantId }))));
    feed.poke();

    // Held back, not lost: nothing may be handed out while an older transaction can still put something before it.
    await until(() => looks.at(-1)?.heldBack === true);
    expect(await log.after(start, 100, { merchantId })).toEqual([]);
    const duringHold = await log.end();
    expect(live.ids()).toEqual([]);
    const lateComer = listen(feed, { merchantId });

    await slow.query('COMMIT');
    slow.release();
    // Nobody announces that commit: the feed looks again because it knows that something waits.
    await live.has(21);
    await lateComer.has(21);

    const order = [slowId, ...laterIds];
    expect(live.ids()).toEqual(order);
    expect(lateComer.ids()).toEqual(order);
    expect((await log.after(start, 100, { merchantId })).map((event) => event.id)).toEqual(order);
    // The end as it was during the hold lies before what came out later.
    expect((await log.after(duringHold, 100, { merchantId })).map((event) => event.id)).toEqual(order);
    await live.stop();
    await lateComer.stop();
    await feed.close();
  });

  test('that rolls back leaves the others in order', async () => {
    const merchantId = v7();
    const feed = await startFeed(db, { pauses: NEVER_POLLS });
    const live = listen(feed, { merchantId });
    const slow = await db.pool.connect();
    await slow.query('BEGIN');
    await writeEvents(slow, newEvent({ merchantId }));
    const ids = await writeEvents(db.pool, newEvent({ merchantId }), newEvent({ merchantId }));
    feed.poke();
    await slow.query('ROLLBACK');
    slow.release();
    await live.has(2);
    expect(live.ids()).toEqual(ids);
    await live.stop();
    await feed.close();
  });
});

test('the end of the log lies between what can be read and what comes later', async () => {
  const merchantId = v7();
  const log = createEventLog(db.pool);
  await writeEvents(db.pool, newEvent({ merchantId }));
  await until(async () => (await log.after({ txid: 0n, seq: 0n }, 10, { merchantId })).length === 1);
  const end = await log.end();
  const [before] = await log.after({ txid: 0n, seq: 0n }, 10, { merchantId });
  const [laterId] = await writeEvents(db.pool, newEvent({ merchantId }));
  await until(async () => (await log.after(end, 10, { merchantId })).length === 1);
  const [later] = await log.after(end, 10, { merchantId });
  expect(later?.id).toBe(laterId);
  expect(before !== undefined && isAfter(end, before.position)).toBe(true);
  expect(later !== undefined && isAfter(later.position, end)).toBe(true);
});

test('an event is read as it was written', async () => {
  const event = newEvent({
    type: 'invoice.paid',
    merchantId: v7(),
    projectId: v7(),
    mode: 'LIVE',
    actor: { type: 'API_KEY', id: v7() },
    data: { amount: '12.50', count: 3, test: false, note: null },
    occurredAt: new Date('2026-03-29T01:02:03.456Z'),
  });
  const log = createEventLog(db.pool);
  await writeEvents(db.pool, event);
  const filter = {
    merchantId: event.merchantId ?? '',
    projectId: event.projectId ?? '',
    mode: 'LIVE',
  } as const;
  const all = { ...filter, subjectId: event.subject.id };
  await until(async () => (await log.after({ txid: 0n, seq: 0n }, 10, all)).length === 1);
  const [read] = await log.after({ txid: 0n, seq: 0n }, 10, all);
  expect(read).toEqual({
    ...event,
    version: 1,
    position: { txid: expect.any(BigInt), seq: expect.any(BigInt) },
  });
  expect(await log.after({ txid: 0n, seq: 0n }, 10, { ...all, mode: 'TEST' })).toEqual([]);
});

test.each([
  ['a merchant', 'merchant_id', 'event_merchant_id_txid_seq_idx'],
  ['a subject', 'subject_id', 'event_subject_id_txid_seq_idx'],
])('the log of %s is read from its index', async (_, column, index) => {
  const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT * FROM event WHERE (txid, seq) > (1, 1) AND txid < 100 AND ${column} = '${v7()}'
     ORDER BY txid, seq LIMIT 10`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
});
