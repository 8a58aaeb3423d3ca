import type { Pool } from 'pg';
import { v7 } from 'uuid';
import { createWebhookDeliveries } from '../../src/adapters/db/webhook-deliveries.ts';
import { createWebhookEndpointStore } from '../../src/adapters/db/webhook-endpoint-store.ts';
import { createWebhookPayloads } from '../../src/adapters/db/webhook-payloads.ts';
import { createSealer } from '../../src/adapters/secrets/sealer.ts';
import { createWebhookSender } from '../../src/adapters/webhook/webhook-sender.ts';
import { createWebhookSigner } from '../../src/adapters/webhook/webhook-signer.ts';
import { createWebhookUrls } from '../../src/adapters/webhook/webhook-urls.ts';
import type { Clock } from '../../src/usecases/ports/clock.ts';
import type { Logger } from '../../src/usecases/ports/logger.ts';
import type { WebhookSettings } from '../../src/usecases/ports/webhook-endpoint-store.ts';
import { createEndpointPlaces } from '../../src/usecases/webhook/endpoint-places.ts';
import { issueWebhookSecret } from '../../src/usecases/webhook/webhook-endpoint-writing.ts';
import {
  webhookSend,
  type WebhookSend,
  type WebhookSendDeps,
} from '../../src/usecases/webhook/webhook-send.ts';
import type { MovableClock } from '../testkit/movable-clock.ts';
import { createStillClock } from '../testkit/still-clock.ts';
import { startReceiver, type WebhookReceiver } from '../testkit/webhook-receiver.ts';
import { newEvent, recordingLogger, uuids, writeEvents } from './bus-fixture.ts';
import { addMerchant } from './merchant-fixture.ts';

const RULES = { allowHttp: true, allowPrivate: true };
/** How long an endpoint may be silent in these tests. */
const TIMEOUT_MS = 250;

export const sealer = createSealer(new Uint8Array(32).fill(7));
const signer = createWebhookSigner();

/** The parts of webhooks as a gateway has them, with a clock of the test's and little patience. */
export const webhookParts = (pool: Pool, clock: Clock, logger: Logger) =>
  ({
    webhooks: createWebhookDeliveries(pool),
    endpoints: createWebhookEndpointStore(pool),
    payloads: createWebhookPayloads(pool, { publicUrl: 'https://pay.example' }),
    urls: createWebhookUrls(RULES),
    signer,
    sender: createWebhookSender({ ...RULES, timeoutMilliseconds: TIMEOUT_MS }),
    places: createEndpointPlaces(),
    sealer,
    ids: uuids,
    clock,
    feed: { poke: () => undefined },
    logger,
  }) satisfies WebhookSendDeps & Record<string, unknown>;

export interface TestEndpoint {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly secret: string;
}

async function addProject(pool: Pool, merchantId: string): Promise<string> {
  const id = v7();
  await pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Corner Shop', 'ACTIVE', 900, now())`,
    [id, merchantId],
  );
  return id;
}

/** An endpoint of a merchant of its own. */
export async function addEndpoint(
  pool: Pool,
  settings: Partial<WebhookSettings> & Pick<WebhookSettings, 'url'>,
): Promise<TestEndpoint> {
  const merchantId = await addMerchant(pool);
  const projectId = await addProject(pool, merchantId);
  const { secret, kept } = issueWebhookSecret({ ids: uuids, signer, sealer });
  const id = v7();
  const endpoint = {
    id,
    merchantId,
    projectId,
    mode: 'TEST',
    description: null,
    types: [],
    schedule: 'LONG',
    payloadVersion: '2026-11-21',
    secret: kept,
    at: new Date(),
    ...settings,
  } as const;
  const event = newEvent({ type: 'webhook_endpoint.created', merchantId, projectId });
  await createWebhookEndpointStore(pool).create(endpoint, 20, event);
  return { id, merchantId, projectId, secret };
}

/** A delivery that is due, of an event `endpoint.test`; gives its id and the event's. */
export async function addDelivery(
  pool: Pool,
  { id: endpointId, merchantId, projectId }: TestEndpoint,
  at = new Date(),
): Promise<{ id: string; eventId: string }> {
  const id = v7();
  const subject = { type: 'WEBHOOK_ENDPOINT', id: endpointId } as const;
  const event = newEvent({ type: 'webhook_endpoint.tested', merchantId, projectId, mode: 'TEST', subject });
  await writeEvents(pool, event);
  await pool.query(
    `INSERT INTO delivery (id, event_id, channel, target, merchant_id, project_id, mode, event_type, endpoint_id,
       next_attempt_at, created_at)
     VALUES ($1, $2, 'WEBHOOK', $3::uuid::text, $4, $5, 'TEST', $6, $3::uuid, $7, $7)`,
    [id, event.id, endpointId, merchantId, projectId, event.type, at],
  );
  return { id, eventId: event.id };
}

export interface DeliveryRow {
  readonly status: string;
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly last_error: string | null;
  readonly response_status: number | null;
  readonly payload: string | null;
  readonly sent_at: Date | null;
}

export async function deliveryRow(pool: Pool, id: string): Promise<DeliveryRow> {
  const { rows } = await pool.query<DeliveryRow>(
    `SELECT status, attempts, next_attempt_at, last_error, response_status, payload, sent_at FROM delivery WHERE id = $1`,
    [id],
  );
  if (!rows[0]) throw new Error(`there is no delivery ${id}`);
  return rows[0];
}

export interface AttemptRow {
  readonly at: Date;
  readonly outcome: string;
  readonly error: string | null;
  readonly request_headers: Readonly<Record<string, string>>;
  readonly response_status: number | null;
  readonly response_headers: Readonly<Record<string, string>> | null;
  readonly response_body: string | null;
}

/** The log of a delivery, oldest first. */
export async function attemptRows(pool: Pool, deliveryId: string): Promise<AttemptRow[]> {
  const { rows } = await pool.query<AttemptRow>(
    'SELECT * FROM delivery_attempt WHERE delivery_id = $1 ORDER BY at, id',
    [deliveryId],
  );
  return rows;
}

/** When the free job of a delivery runs, or null when it has none. */
export async function jobRunsAt(pool: Pool, deliveryId: string): Promise<Date | null> {
  const { rows } = await pool.query<{ run_at: Date }>(
    'SELECT run_at FROM graphile_worker.jobs WHERE key = $1 AND locked_at IS NULL',
    [deliveryId],
  );
  return rows[0]?.run_at ?? null;
}

export interface EndpointRow {
  readonly status: string;
  readonly disabled_reason: string | null;
  readonly failing_since: Date | null;
  readonly warned_at: Date | null;
  readonly silences: number;
  readonly paused_until: Date | null;
}

export async function endpointRow(pool: Pool, id: string): Promise<EndpointRow> {
  const { rows } = await pool.query<EndpointRow>(
    `SELECT status, disabled_reason, failing_since, warned_at, silences, paused_until FROM webhook_endpoint
     WHERE id = $1`,
    [id],
  );
  if (!rows[0]) throw new Error(`there is no endpoint ${id}`);
  return rows[0];
}

export interface WebhookKit {
  readonly receiver: WebhookReceiver;
  readonly clock: MovableClock;
  readonly logger: ReturnType<typeof recordingLogger>;
  readonly parts: ReturnType<typeof webhookParts>;
  readonly send: WebhookSend;
  /** At the receiver, with the long schedule. */
  readonly endpoint: TestEndpoint;
  close(): Promise<void>;
}

/** A receiver with an endpoint of its own, and what sends to it; the clock stands still. */
export async function openWebhookKit(pool: Pool): Promise<WebhookKit> {
  const receiver = await startReceiver();
  const clock = createStillClock();
  const logger = recordingLogger();
  const parts = webhookParts(pool, clock, logger);
  return {
    receiver,
    clock,
    logger,
    parts,
    send: webhookSend(parts),
    endpoint: await addEndpoint(pool, { url: receiver.url }),
    close: async () => {
      parts.sender.close();
      await receiver.stop();
    },
  };
}

/** What was told of an endpoint, but tests. */
export async function endpointEvents(
  pool: Pool,
  endpointId: string,
): Promise<{ type: string; data: Readonly<Record<string, unknown>> }[]> {
  const { rows } = await pool.query<{ type: string; data: Readonly<Record<string, unknown>> }>(
    `SELECT type, data FROM event WHERE subject_id = $1 AND type <> 'webhook_endpoint.tested' ORDER BY txid, seq`,
    [endpointId],
  );
  return rows;
}
