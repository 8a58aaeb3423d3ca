import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { createEventLog } from '../../src/adapters/db/event-log.ts';
import { createInvoiceDayStore } from '../../src/adapters/db/invoice-day-store.ts';
import { createLeaderLock } from '../../src/adapters/db/leader-lock.ts';
import { createStatisticsReads } from '../../src/adapters/db/statistics-reads.ts';
import type { InvoiceDayStore } from '../../src/usecases/ports/invoice-day-store.ts';
import type { EventLog } from '../../src/usecases/ports/event-log.ts';
import { createInvoiceDays, markDays } from '../../src/workers/invoice-days.ts';
import { seededRandom } from '../fault/seed.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { newEvent, othersEnded, recordingLogger, until, writeEvents } from './bus-fixture.ts';
import { addMerchant } from './merchant-fixture.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 4, 30);

let db: TestDatabase;
let store: InvoiceDayStore;
let log: EventLog;
let projectId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  store = createInvoiceDayStore(db.pool);
  log = createEventLog(db.pool);
});
afterAll(() => db.drop());

/** A project of each test's own, and nothing left to read from the one before. */
beforeEach(async () => {
  projectId = v7();
  await db.pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Shop', 'ACTIVE', 900, now())`,
    [projectId, await addMerchant(db.pool)],
  );
  await markAll();
  await db.pool.query('DELETE FROM invoice_day_due');
});

type Queryable = Pick<TestDatabase['pool'], 'query'>;

async function create(at: number, amount = 100, client: Queryable = db.pool): Promise<string> {
  const id = v7();
  await client.query(
    `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, created_at, expires_at)
     SELECT $1, merchant_id, id, 'TEST', 'EUR', $3, $4, $4 FROM project WHERE id = $2`,
    [id, projectId, amount, new Date(at)],
  );
  await happened(id, client);
  return id;
}

const happened = (id: string, client: Queryable = db.pool) =>
  writeEvents(client as TestDatabase['pool'], newEvent({ subject: { type: 'INVOICE', id }, projectId }));

async function pay(id: string, amount: number): Promise<void> {
  const client = await db.pool.connect();
  await client.query('BEGIN');
  await client.query(`UPDATE invoice SET status = 'PAID', amount_paid = $2 WHERE id = $1`, [id, amount]);
  await happened(id, client);
  await client.query('COMMIT');
  client.release();
}

const figures = () =>
  createStatisticsReads(db.pool).invoices({
    projectIds: [projectId],
    mode: 'TEST',
    from: '2026-05-01',
    to: '2026-12-31',
    interval: 'DAY',
    groupBy: ['STATUS', 'CURRENCY'],
    limit: 1000,
  });
/** Such as "2026-05-30 CREATED EUR 2 200 0". */
const told = async () =>
  (await figures()).map((f) => [f.from, f.status, f.currency, f.count, f.amount, f.amountPaid].join(' '));

const QUERY = (from: string) =>
  `SELECT concat_ws(' ', day, status, currency, count, amount, paid) AS line FROM (${from}) f ORDER BY line`;
const lines = async (from: string) =>
  (await db.pool.query<{ line: string }>(QUERY(from), [projectId])).rows.map(({ line }) => line);
const inTruth = () =>
  lines(`SELECT (created_at AT TIME ZONE 'UTC')::date AS day, status, currency, count(*), sum(amount) AS amount,
    sum(amount_paid) AS paid FROM invoice WHERE project_id = $1 GROUP BY 1, 2, 3`);
const counted = () =>
  lines(
    'SELECT day, status, currency, count, amount, amount_paid AS paid FROM invoice_day WHERE project_id = $1',
  );

async function mark(limit: number): Promise<boolean> {
  await othersEnded(db);
  return markDays({ log, store }, limit);
}

async function markAll(): Promise<void> {
  while (await mark(1000));
}

const due = async () => (await store.due(1000)).filter((day) => day.projectId === projectId);

async function countAll(): Promise<void> {
  await markAll();
  for (const day of await due()) await store.count(day);
}

describe('the figures of a day', () => {
  test('are exact at every step: before the event was read, while the day is marked, when it is counted', async () => {
    const id = await create(START);
    await create(START + DAY - 1);
    await create(START + DAY);
    const before = ['2026-05-30 CREATED EUR 2 200 0', '2026-05-31 CREATED EUR 1 100 0'];
    expect([await told(), await counted()]).toEqual([before, []]);
    await mark(1000);
    expect([await told(), await counted(), (await due()).length]).toEqual([before, [], 2]);
    await countAll();
    expect([await told(), await counted(), await due()]).toEqual([before, before, []]);
    await pay(id, 100);
    const after = [
      '2026-05-30 PAID EUR 1 100 100',
      '2026-05-30 CREATED EUR 1 100 0',
      '2026-05-31 CREATED EUR 1 100 0',
    ];
    expect((await told()).toSorted()).toEqual(after.toSorted());
    expect(await counted()).toEqual(before);
    await countAll();
    expect(await counted()).toEqual(after.toSorted());
    await db.pool.query(`UPDATE invoice SET status = 'PAID' WHERE project_id = $1`, [projectId]);
    await happened(id);
    await countAll();
    expect(await counted()).toEqual(['2026-05-30 PAID EUR 2 200 100', '2026-05-31 CREATED EUR 1 100 0']);
  });

  test('are counted again when something happened between counting and writing', async () => {
    const id = await create(START);
    await mark(1000);
    const [marked] = await due();
    if (!marked) throw new Error('no day is marked');
    await pay(id, 100);
    await mark(1000);
    expect(await store.count(marked)).toBe(false);
    expect(await counted()).toEqual([]);
    expect(await told()).toEqual(await inTruth());
    await countAll();
    expect(await counted()).toEqual(['2026-05-30 PAID EUR 1 100 100']);
  });

  test('are not lost when a process dies between marking and counting', async () => {
    await create(START);
    await mark(1000);
    const next = createInvoiceDayStore(db.pool);
    for (const day of (await next.due(1000)).filter((d) => d.projectId === projectId)) {
      expect(await next.count(day)).toBe(true);
    }
    expect(await counted()).toEqual(await inTruth());
  });

  test('are counted once by many at once, and marked by one', async () => {
    for (let n = 0; n < 20; n += 1) await create(START + n * 1000);
    const from = await store.cursor();
    await othersEnded(db);
    const { events } = await log.tail(from, 1000);
    const to = events.at(-1)?.position ?? from;
    const ids = events.map(({ subject }) => subject.id);
    const moved = await Promise.all(Array.from({ length: 10 }, () => store.mark(from, to, ids)));
    expect(moved.filter(Boolean)).toHaveLength(1);
    const [marked] = await due();
    if (!marked) throw new Error('no day is marked');
    const written = await Promise.all(Array.from({ length: 10 }, () => store.count(marked)));
    expect(written.filter(Boolean)).toHaveLength(1);
    expect(await counted()).toEqual(['2026-05-30 CREATED EUR 20 2000 0']);
  });

  test('do not miss a transaction that ends late', async () => {
    const slow = await db.pool.connect();
    await slow.query('BEGIN');
    await create(START, 7, slow);
    await create(START + DAY);
    await countAll();
    await slow.query('COMMIT');
    slow.release();
    expect(await told()).toEqual(await inTruth());
    await countAll();
    expect(await counted()).toEqual(await inTruth());
    expect(await counted()).toHaveLength(2);
  });
});

test('whatever happens in whatever order, the answer is what the invoices say', async () => {
  const random = seededRandom();
  const ids: string[] = [];
  for (let step = 0; step < 200; step += 1) {
    const some = ids[random.below(ids.length)];
    switch (random.below(7)) {
      case 0:
      case 1:
        ids.push(await create(START + random.below(5 * DAY), 1 + random.below(500)));
        break;
      case 2:
        if (some) await pay(some, random.below(500));
        break;
      case 3:
        await mark(1 + random.below(10));
        break;
      case 4: {
        const [day] = await due();
        if (day) await store.count(day);
        break;
      }
      case 5: {
        // Counted from what was marked before, while something happens.
        const [day] = await due();
        if (day && some) await Promise.all([store.count(day), pay(some, 1), markDays({ log, store }, 5)]);
        break;
      }
      default:
        expect((await told()).toSorted()).toEqual(await inTruth());
    }
  }
  await countAll();
  await countAll();
  expect(await counted()).toEqual(await inTruth());
});

test('the worker reads, marks and counts by itself, and takes over', async () => {
  const logger = recordingLogger();
  const start = () => {
    const ending = new AbortController();
    const leader = createLeaderLock({ connectionString: db.url, logger, retryMilliseconds: 20 });
    const running = createInvoiceDays({ log, store, leader, logger }).run(ending.signal);
    return { stop: () => (ending.abort(), running) };
  };
  const [one, two] = [start(), start()];
  await create(START);
  const isCounted = async () => JSON.stringify(await counted()) === JSON.stringify(await inTruth());
  await until(isCounted, () => 'the first count');
  await one.stop();
  await create(START + 3 * DAY);
  await until(isCounted, () => 'the second count');
  await two.stop();
  expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
