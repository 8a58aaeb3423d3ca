import type { Pool } from 'pg';
import { v7 } from 'uuid';
import { createDeliveryStore } from '../../src/adapters/db/delivery-store.ts';
import { createEventLog } from '../../src/adapters/db/event-log.ts';
import { createEventRelayStore } from '../../src/adapters/db/event-relay-store.ts';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import type { Event } from '../../src/domain/event/event.ts';
import type { Digest } from '../../src/domain/notification/digest.ts';
import { deliverySend, type DeliverySend } from '../../src/usecases/notification/delivery-send.ts';
import type { SendOutcome } from '../../src/usecases/ports/senders.ts';
import { relayBatch } from '../../src/workers/event-relay/relay-batch.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { createMovableClock, type MovableClock } from '../testkit/movable-clock.ts';
import { newEvent, recordingLogger, until, uuids, writeEvents } from './bus-fixture.ts';

/** A message as its receiver gets it. */
export interface Told {
  /** The delivery whose message it is; unknown of a chat. */
  readonly deliveryId: string | null;
  /** The address or the chat. */
  readonly to: string;
  /** The event of an ordinary message. */
  readonly eventId: string | null;
  readonly digest: Digest | null;
}

type Place = Pick<Event, 'merchantId' | 'projectId' | 'mode'>;

/** The relay and `deliverySend` on a database, with a clock that moves and receivers that answer as they are told. */
export interface Hub {
  readonly db: TestDatabase;
  readonly clock: MovableClock;
  /** What was said to receivers, in order, whatever they answered. */
  readonly told: Told[];
  /** What the receivers answer; a thrown fault is the death of the worker. Default: sent. */
  answer: (message: Told) => SendOutcome | Promise<SendOutcome>;
  readonly send: DeliverySend;
  event(type: Event['type'], place: Place, data: Event['data']): Promise<string>;
  /** Until every event is relayed. */
  relay(): Promise<void>;
  /** Runs the jobs that are due by the clock, some at a time, until none is. */
  work(parallel?: number): Promise<void>;
  close(): Promise<void>;
}

export async function createHub(): Promise<Hub> {
  const db = await createTestDatabase();
  const logger = recordingLogger();
  await migrateJobs(db.url, logger);
  const clock = createMovableClock();
  const told: Told[] = [];
  const tell = async (deliveryId: string | null, to: string, text: string): Promise<SendOutcome> => {
    const message = { deliveryId, to, ...(JSON.parse(text) as Pick<Told, 'eventId' | 'digest'>) };
    told.push(message);
    return await hub.answer(message);
  };
  const one = ({ id }: Event): string => JSON.stringify({ eventId: id, digest: null });
  const several = (digest: Digest): string => JSON.stringify({ eventId: null, digest });
  const mail = (text: string) => ({ subject: '', html: '', text });
  const send = deliverySend({
    deliveries: createDeliveryStore(db.pool),
    messages: {
      mail: (event) => mail(one(event)),
      digestMail: (digest) => mail(several(digest)),
      chat: one,
      digestChat: several,
      sms: one,
    },
    mail: { send: ({ deliveryId, to, text }) => tell(deliveryId, to, text) },
    chat: { send: ({ chatId, html }) => tell(null, chatId, html) },
    sms: { send: ({ to, text }) => tell(null, to, text) },
    chatButtons: () => [],
    chatBlocked: async () => undefined,
    secrets: { derive: () => ({ secret: '', hash: new Uint8Array() }), deriveCode: () => '' },
    ids: uuids,
    feed: { poke: () => undefined },
    clock,
    logger,
    publicUrl: 'https://pay.example',
  });
  const relayDeps = {
    log: createEventLog(db.pool),
    store: createEventRelayStore(db.pool),
    clock,
    ids: uuids,
    logger,
  };
  const hub: Hub = {
    db,
    clock,
    told,
    answer: () => ({ kind: 'sent' }),
    send,
    event: async (type, place, data) => {
      const event = newEvent({ type, ...place, data, occurredAt: clock.now() });
      await writeEvents(db.pool, event);
      return event.id;
    },
    relay: () =>
      until(async () => {
        const { more, heldBack } = await relayBatch(relayDeps, 200);
        return !more && !heldBack;
      }),
    work: (parallel = 1) => runJobs(db.pool, clock, send, parallel),
    close: () => db.drop(),
  };
  return hub;
}

/** As graphile-worker does: whoever takes a job of a queue locks the queue with it. */
const TAKE = `
  WITH due AS (
    SELECT id, job_queue_id FROM graphile_worker._private_jobs
    WHERE locked_at IS NULL AND run_at <= $1 AND (job_queue_id IS NULL OR job_queue_id IN (
      SELECT id FROM graphile_worker._private_job_queues WHERE is_available FOR UPDATE SKIP LOCKED))
    ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED
  ), queue AS (
    UPDATE graphile_worker._private_job_queues SET locked_at = now(), locked_by = 'hub-fixture'
    WHERE id IN (SELECT job_queue_id FROM due)
  )
  UPDATE graphile_worker._private_jobs AS taken SET locked_at = now(), locked_by = 'hub-fixture'
  FROM due WHERE taken.id = due.id
  RETURNING taken.id, taken.payload->>'deliveryId' AS "deliveryId"`;

const DONE = `
  WITH done AS (DELETE FROM graphile_worker._private_jobs WHERE id = $1 RETURNING job_queue_id)
  UPDATE graphile_worker._private_job_queues SET locked_at = NULL, locked_by = NULL
  WHERE id IN (SELECT job_queue_id FROM done)`;

/**
 * What graphile-worker does, by the clock of the test, but in any order: nothing may depend on the order in which jobs
 * are picked up. A job whose worker dies stays locked.
 */
async function runJobs(pool: Pool, clock: MovableClock, send: DeliverySend, parallel: number): Promise<void> {
  const next = async (): Promise<boolean> => {
    const { rows } = await pool.query<{ id: string; deliveryId: string }>(TAKE, [clock.now()]);
    if (!rows[0]) return false;
    await send(rows[0].deliveryId);
    await pool.query(DONE, [rows[0].id]);
    return true;
  };
  const worker = async (): Promise<void> => {
    while (await next());
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

/** Gives back the jobs of workers that died. */
export const giveBackJobs = (pool: Pool): Promise<unknown> =>
  pool.query(`SELECT graphile_worker.force_unlock_workers(ARRAY['hub-fixture'])`);

export async function addProject(pool: Pool, merchantId: string, name = 'Shop'): Promise<string> {
  const id = v7();
  await pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, $3, 'ACTIVE', 3600, now())`,
    [id, merchantId, name],
  );
  return id;
}

/** The events of the messages to a place: of an ordinary one its own, of a digest those of the delivery and its parts. */
export async function eventsTold(hub: Hub, to: string): Promise<string[]> {
  const messages = hub.told.filter((message) => message.to === to);
  const digests = messages.filter(({ digest }) => digest !== null).map(({ deliveryId }) => deliveryId);
  const { rows } = await hub.db.pool.query<{ id: string; event_id: string }>(
    `SELECT coalesce(digest_id, id) AS id, event_id FROM delivery
     WHERE id = ANY($1::uuid[]) OR digest_id = ANY($1::uuid[])`,
    [digests],
  );
  return [
    ...messages.flatMap(({ eventId }) => (eventId === null ? [] : [eventId])),
    ...digests.flatMap((digest) => rows.filter(({ id }) => id === digest).map((row) => row.event_id)),
  ];
}
