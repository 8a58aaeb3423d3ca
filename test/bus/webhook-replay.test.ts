import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { createWebhookRepeats } from '../../src/adapters/db/webhook-repeats.ts';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import type { NewEvent } from '../../src/domain/event/event.ts';
import { eventTypesTaken } from '../../src/domain/webhook/webhook-endpoint.ts';
import type { ReplayJob } from '../../src/usecases/ports/webhook-repeats.ts';
import { webhookReplayPage } from '../../src/usecases/webhook/webhook-replay-page.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { newEvent, othersEnded, recordingLogger, systemClock, uuids, writeEvents } from './bus-fixture.ts';
import { addEndpoint, webhookParts, type TestEndpoint } from './webhook-fixture.ts';

let db: TestDatabase;
let endpoint: TestEndpoint;
beforeAll(async () => {
  db = await createTestDatabase();
  await migrateJobs(db.url, recordingLogger());
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.pool.query('DELETE FROM graphile_worker._private_jobs');
  endpoint = await addEndpoint(db.pool, { url: 'https://shop.example/', types: ['payment.*'] });
});

const HOUR = 3_600_000;
const SINCE = new Date(Date.now() - 24 * HOUR);
const repeats = () => createWebhookRepeats(db.pool, uuids);
const page = () => {
  const { endpoints } = webhookParts(db.pool, systemClock, recordingLogger());
  return webhookReplayPage({ endpoints, repeats: repeats(), clock: systemClock });
};
const invoiceEvent = (changes: Partial<NewEvent> = {}): NewEvent => {
  const { merchantId, projectId } = endpoint;
  return newEvent({ type: 'invoice.paid', merchantId, projectId, ...changes });
};
const events = () => {
  const { merchantId, projectId } = endpoint;
  return {
    merchantId,
    projectId,
    mode: 'TEST',
    types: eventTypesTaken(['payment.*']),
    since: SINCE,
  } as const;
};

/** What waits for the endpoint, in the order in which it is sent. */
const waiting = async (): Promise<{ event_id: string; attempts: number; payload: string | null }[]> => {
  const { rows } = await db.pool.query<{ event_id: string; attempts: number; payload: string | null }>(
    `SELECT d.event_id, d.attempts, d.payload FROM delivery d JOIN event e ON e.id = d.event_id
     WHERE d.endpoint_id = $1 AND d.status = 'PENDING' AND EXISTS (
       SELECT FROM graphile_worker.jobs j WHERE j.key = d.id::text)
     ORDER BY e.txid, e.seq`,
    [endpoint.id],
  );
  return rows;
};

/** The job of the next page, as the runner reads it. */
async function nextJob(): Promise<ReplayJob | null> {
  const { rows } = await db.pool.query<{ payload: Record<string, never> }>(
    `SELECT payload FROM graphile_worker._private_jobs WHERE key LIKE 'replay:%' AND locked_at IS NULL`,
  );
  const [job] = rows;
  if (!job) return null;
  const { from, to, since, ...ids } = job.payload as unknown as {
    readonly [key in 'from' | 'to']: { readonly txid: string; readonly seq: string };
  } & { readonly since: string; readonly replayId: string; readonly endpointId: string };
  const place = (one: typeof from) => ({ txid: BigInt(one.txid), seq: BigInt(one.seq) });
  return { ...ids, since: new Date(since), from: place(from), to: place(to) };
}
const forgetJobs = () => db.pool.query(`DELETE FROM graphile_worker._private_jobs WHERE key LIKE 'replay:%'`);

async function begin(): Promise<number> {
  await othersEnded(db);
  const found = await repeats().survey(events(), 10_000);
  if (found === null || found === 'too_many') throw new Error(`the survey gave ${found}`);
  const { count, ...range } = found;
  const event = newEvent({ type: 'webhook_endpoint.replayed', ...endpoint, id: v7() });
  const job = { replayId: event.id, endpointId: endpoint.id, since: SINCE, ...range };
  expect(await repeats().begin(job, event)).toBe(true);
  return count;
}

test('goes over all events since the time, page by page, and may be killed and repeated anywhere', async () => {
  const old = invoiceEvent({ occurredAt: new Date(SINCE.getTime() - 1) });
  const wanted = Array.from({ length: 450 }, () => invoiceEvent());
  const others = [
    invoiceEvent({ type: 'deposit.credited' }),
    invoiceEvent({ mode: 'LIVE' }),
    invoiceEvent({ projectId: v7() }),
    invoiceEvent({ merchantId: v7() }),
    invoiceEvent({ type: 'webhook_endpoint.tested', subject: { type: 'WEBHOOK_ENDPOINT', id: endpoint.id } }),
  ];
  await writeEvents(db.pool, old, ...wanted.slice(0, 100), ...others, ...wanted.slice(100));
  // One was sent, with its payload; another one waits for its third attempt.
  await db.pool.query(
    `INSERT INTO delivery (id, event_id, channel, target, merchant_id, project_id, mode, event_type, endpoint_id, payload,
       status, attempts, next_attempt_at, created_at)
     SELECT gen_random_uuid(), e, 'WEBHOOK', $2::uuid::text, $3, $4, 'TEST', 'invoice.paid', $2::uuid, 'the bytes',
       (CASE WHEN place = 1 THEN 'SENT' ELSE 'PENDING' END)::"DeliveryStatus", 2, now() + interval '10 hours', now()
     FROM unnest($1::uuid[]) WITH ORDINALITY AS w (e, place)`,
    [[wanted[0]?.id, wanted[449]?.id], endpoint.id, endpoint.merchantId, endpoint.projectId],
  );
  expect(await begin()).toBe(450);

  const seen: number[] = [];
  for (let job = await nextJob(); job; job = await nextJob()) {
    await page()(job);
    seen.push((await waiting()).length);
    const next = await nextJob();
    if (next && next.from.seq !== job.from.seq) {
      // Killed before the job was taken off the queue: it runs again, and queues the same next page.
      await page()(job);
      expect(await nextJob()).toEqual(next);
    } else await forgetJobs();
  }
  expect(seen).toEqual([200, 400, 450]);
  const sent = await waiting();
  expect(sent.map(({ event_id }) => event_id)).toEqual(wanted.map(({ id }) => id));
  expect(new Set(sent.map(({ attempts }) => attempts))).toEqual(new Set([0]));
  expect(sent.filter(({ payload }) => payload === 'the bytes')).toHaveLength(2);
});

test('is refused when it would be too many, and there may be none', async () => {
  await writeEvents(db.pool, invoiceEvent(), invoiceEvent(), invoiceEvent());
  await othersEnded(db);
  expect(await repeats().survey(events(), 3)).toMatchObject({ count: 3 });
  expect(await repeats().survey(events(), 2)).toBe('too_many');
  const later = { ...events(), since: new Date(Date.now() + HOUR) };
  expect(await repeats().survey(later, 3)).toBeNull();
});

test('ends when the endpoint is disabled meanwhile, and goes by the filter that it has by then', async () => {
  const wanted = Array.from({ length: 250 }, (_, n) =>
    invoiceEvent({ type: n % 2 === 0 ? 'invoice.paid' : 'invoice.created' }),
  );
  await writeEvents(db.pool, ...wanted);
  expect(await begin()).toBe(250);
  await db.pool.query(`UPDATE webhook_endpoint SET types = '{payment.created}' WHERE id = $1`, [endpoint.id]);
  const job = await nextJob();
  if (!job) throw new Error('there is no job');
  await page()(job);
  expect(await waiting()).toHaveLength(125);

  await db.pool.query(
    `UPDATE webhook_endpoint SET status = 'DISABLED', disabled_reason = 'BY_HAND', disabled_at = now(), types = '{}'
     WHERE id = $1`,
    [endpoint.id],
  );
  await forgetJobs();
  await page()(job);
  expect([await nextJob(), (await waiting()).length]).toEqual([null, 125]);
  const event = newEvent({ type: 'webhook_endpoint.replayed' });
  expect(await repeats().begin({ ...job, replayId: event.id }, event)).toBe(false);
  expect((await db.pool.query('SELECT FROM event WHERE id = $1', [event.id])).rows).toEqual([]);
});
