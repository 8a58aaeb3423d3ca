import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWebhookRepeats } from '../../src/adapters/db/webhook-repeats.ts';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import { createSealer } from '../../src/adapters/secrets/sealer.ts';
import { webhookSend } from '../../src/usecases/webhook/webhook-send.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { newEvent, recordingLogger, uuids } from './bus-fixture.ts';
import {
  addDelivery,
  addEndpoint,
  attemptRows,
  deliveryRow,
  endpointEvents,
  endpointRow,
  jobRunsAt,
  openWebhookKit,
  type TestEndpoint,
  type WebhookKit,
} from './webhook-fixture.ts';

let db: TestDatabase;
let kit: WebhookKit;
let receiver: WebhookKit['receiver'];
let clock: WebhookKit['clock'];
let send: WebhookKit['send'];
let endpoint: TestEndpoint;

beforeAll(async () => {
  db = await createTestDatabase();
  await migrateJobs(db.url, recordingLogger());
});
afterAll(() => db.drop());
beforeEach(async () => {
  kit = await openWebhookKit(db.pool);
  ({ receiver, clock, send, endpoint } = kit);
});
afterEach(() => kit.close());

/** Seconds until then, by the clock of the test. */
const until = (to: Date | null): number => ((to?.getTime() ?? 0) - clock.now().getTime()) / 1000;
const eventsOf = (endpointId: string) => endpointEvents(db.pool, endpointId);

describe('an attempt', () => {
  test('that is taken is sent once, signed in both forms, and stands in the log', async () => {
    receiver.answerWith({ status: 200, headers: { 'x-shop': 'corner' }, body: 'thanks' });
    const { id, eventId } = await addDelivery(db.pool, endpoint);
    await send(id);
    await send(id);
    expect(receiver.received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': eventId });
    expect(new Webhook(endpoint.secret).verify(body, headers)).toMatchObject({
      id: eventId,
      type: 'endpoint.test',
    });
    const stripe = new Stripe('sk_test_none');
    const seen = stripe.webhooks.constructEvent(body, headers['pay-signature'] ?? '', endpoint.secret);
    expect(seen.id).toBe(eventId);

    expect(await deliveryRow(db.pool, id)).toMatchObject({
      status: 'SENT',
      attempts: 1,
      next_attempt_at: null,
      last_error: null,
      response_status: 200,
      payload: body,
    });
    const [attempt, ...others] = await attemptRows(db.pool, id);
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({
      outcome: 'SENT',
      error: null,
      response_status: 200,
      response_body: 'thanks',
      request_headers: { 'webhook-id': eventId },
    });
    expect(attempt?.response_headers).toMatchObject({ 'x-shop': 'corner' });
    expect(JSON.stringify(attempt)).not.toContain(endpoint.secret.slice(6));
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({ failing_since: null, silences: 0 });
  });

  test.each([201, 204, 299])('that is answered with %i is taken', async (status) => {
    receiver.answerWith({ status });
    const { id } = await addDelivery(db.pool, endpoint);
    await send(id);
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'SENT', response_status: status });
  });

  test.each([
    [301, 'answered 301: redirects are not followed'],
    [400, 'answered 400'],
    [500, 'answered 500'],
  ])('that is answered with %i is made again, with the same bytes and id', async (status, error) => {
    receiver.answerWith({ status, headers: { location: `${receiver.url}/elsewhere` } });
    const { id, eventId } = await addDelivery(db.pool, endpoint);
    await send(id);
    const row = await deliveryRow(db.pool, id);
    expect(row).toMatchObject({
      status: 'PENDING',
      attempts: 1,
      last_error: error,
      response_status: status,
    });
    expect(until(row.next_attempt_at)).toBeGreaterThanOrEqual(5);
    expect(until(row.next_attempt_at)).toBeLessThanOrEqual(6);
    expect(await jobRunsAt(db.pool, id)).toEqual(row.next_attempt_at);
    expect((await endpointRow(db.pool, endpoint.id)).failing_since).not.toBeNull();

    receiver.answerWith({ status: 200 });
    clock.advance({ seconds: 6 });
    await send(id);
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'SENT', attempts: 2, last_error: null });
    const [first, second] = receiver.received;
    expect(receiver.received).toHaveLength(2);
    expect(second?.body).toBe(first?.body);
    expect([first, second].map((one) => one?.headers['webhook-id'])).toEqual([eventId, eventId]);
    const [signed, again] = [first, second].map((one) => Number(one?.headers['webhook-timestamp']));
    expect(Number(again) - Number(signed)).toBe(6);
    expect((await endpointRow(db.pool, endpoint.id)).failing_since).toBeNull();
  });

  test('is made six times by the short schedule and eight by the long one, then the delivery has failed', async () => {
    receiver.answerWith({ status: 503 });
    const short = await addEndpoint(db.pool, { url: receiver.url, schedule: 'SHORT' });
    for (const [target, attempts] of [
      [short, 6],
      [endpoint, 8],
    ] as const) {
      const { id } = await addDelivery(db.pool, target);
      for (let made = 1; made <= attempts; made += 1) {
        expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'PENDING', attempts: made - 1 });
        await send(id);
      }
      expect(await deliveryRow(db.pool, id)).toMatchObject({
        status: 'FAILED',
        attempts,
        last_error: 'answered 503',
        next_attempt_at: null,
      });
    }
  });

  test.each([
    ['429', 429, '120', 120],
    ['503', 503, '120', 120],
    ['an hour at most', 429, '86400', 3600],
    ['no less than the schedule', 429, '1', 10],
    ['of 500 not', 500, '120', 10],
  ])('waits as Retry-After asks: %s', async (_name, status, retryAfter, expected) => {
    receiver.answerWith({ status, headers: { 'retry-after': retryAfter } });
    const short = await addEndpoint(db.pool, { url: receiver.url, schedule: 'SHORT' });
    const { id } = await addDelivery(db.pool, short);
    await send(id);
    expect(until((await deliveryRow(db.pool, id)).next_attempt_at)).toBe(expected);
  });

  test('that is answered with 410 disables the endpoint, and all that waits ends', async () => {
    receiver.answerWith({ status: 410 });
    const first = await addDelivery(db.pool, endpoint);
    const second = await addDelivery(db.pool, endpoint);
    const elsewhere = await addDelivery(db.pool, await addEndpoint(db.pool, { url: receiver.url }));
    await send(first.id);
    expect(await deliveryRow(db.pool, first.id)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      last_error: 'the endpoint is gone (410)',
    });
    expect(await deliveryRow(db.pool, second.id)).toMatchObject({
      status: 'FAILED',
      attempts: 0,
      last_error: 'the endpoint is disabled',
      next_attempt_at: null,
    });
    expect((await deliveryRow(db.pool, elsewhere.id)).status).toBe('PENDING');
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({
      status: 'DISABLED',
      disabled_reason: 'GONE',
    });
    expect(await eventsOf(endpoint.id)).toMatchObject([
      { type: 'webhook_endpoint.disabled', data: { reason: 'GONE', host: new URL(receiver.url).host } },
    ]);
    await send(second.id);
    expect(receiver.received).toHaveLength(1);
  });

  test('that disables the endpoint ends some thousands that wait at once, and the rest by its own jobs', async () => {
    await db.pool.query(
      `INSERT INTO delivery (id, event_id, channel, target, event_type, endpoint_id, next_attempt_at, created_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'WEBHOOK', $1::uuid::text, 'invoice.paid', $1::uuid, now(), now()
       FROM generate_series(1, 5200) n`,
      [endpoint.id],
    );
    receiver.answerWith({ status: 410 });
    await send((await addDelivery(db.pool, endpoint)).id);
    const { rows } = await db.pool.query<{ status: string; count: number }>(
      'SELECT status, count(*)::int AS count FROM delivery WHERE endpoint_id = $1 GROUP BY status ORDER BY status',
      [endpoint.id],
    );
    expect(rows).toEqual([
      { status: 'PENDING', count: 200 },
      { status: 'FAILED', count: 5001 },
    ]);
  });

  test('to an address that must not be spoken to fails for good, with the reason', async () => {
    for (const url of ['http://127.0.0.1:6379/', 'http://127.0.0.1:22/']) {
      const refused = await addEndpoint(db.pool, { url });
      const { id } = await addDelivery(db.pool, refused);
      await send(id);
      const row = await deliveryRow(db.pool, id);
      expect(row).toMatchObject({ status: 'FAILED', attempts: 1, response_status: null });
      expect(row.last_error).toMatch(/port/);
      expect(await attemptRows(db.pool, id)).toMatchObject([{ outcome: 'FAILED', response_status: null }]);
      expect(await endpointRow(db.pool, refused.id)).toMatchObject({ silences: 0, status: 'ENABLED' });
    }
  });

  test.each(['SILENCE', 'CUT'] as const)('that gets no answer (%s) is made again', async (how) => {
    receiver.answerWith(how);
    const { id } = await addDelivery(db.pool, endpoint);
    await send(id);
    expect(await deliveryRow(db.pool, id)).toMatchObject({
      status: 'PENDING',
      attempts: 1,
      response_status: null,
    });
    expect(await attemptRows(db.pool, id)).toMatchObject([{ outcome: 'PENDING', response_status: null }]);
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({ silences: 1, paused_until: null });
  });

  test('keeps of the answer its beginning, whatever stands in it', async () => {
    receiver.answerWith({ status: 500, body: `\u0000\ud800 ${'ж'.repeat(50_000)}` });
    const { id } = await addDelivery(db.pool, endpoint);
    await send(id);
    const [attempt] = await attemptRows(db.pool, id);
    expect(Buffer.byteLength(attempt?.response_body ?? '')).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(attempt?.response_body ?? '')).toBeGreaterThan(4000);
  });

  test('of a message that cannot be written or signed is made later, and says nothing of the endpoint', async () => {
    const { id } = await addDelivery(db.pool, endpoint);
    const faulty = webhookSend({
      ...kit.parts,
      payloads: { body: () => Promise.reject(new Error('no such thing')) },
    });
    const otherKey = webhookSend({ ...kit.parts, sealer: createSealer(new Uint8Array(32).fill(1)) });
    await faulty(id);
    await otherKey(id);
    expect(await deliveryRow(db.pool, id)).toMatchObject({
      status: 'PENDING',
      attempts: 2,
      last_error: 'the message cannot be written or signed',
    });
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({ failing_since: null, silences: 0 });
    expect(kit.logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'a webhook cannot be written'],
      ['error', 'a signing secret cannot be opened'],
    ]);
    expect(JSON.stringify(kit.logger.lines)).not.toContain(endpoint.secret);
    await send(id);
    expect((await deliveryRow(db.pool, id)).status).toBe('SENT');
  });
});

describe('a crash', () => {
  test('between sending and recording leads to the same message again', async () => {
    const { id } = await addDelivery(db.pool, endpoint);
    const killed = webhookSend({
      ...kit.parts,
      webhooks: { ...kit.parts.webhooks, record: () => Promise.reject(new Error('killed')) },
    });
    await expect(killed(id)).rejects.toThrow('killed');
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    // What it is about changes meanwhile: the bytes do not.
    await db.pool.query(`UPDATE webhook_endpoint SET description = 'renamed' WHERE id = $1`, [endpoint.id]);
    await send(id);
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect((await deliveryRow(db.pool, id)).status).toBe('SENT');
  });

  test('leaves a schedule that stands in the database, with its job', async () => {
    receiver.answerWith({ status: 500 });
    const { id } = await addDelivery(db.pool, endpoint);
    for (let made = 0; made < 3; made += 1) await send(id);
    const { next_attempt_at } = await deliveryRow(db.pool, id);
    expect(until(next_attempt_at)).toBeGreaterThanOrEqual(1800);
    expect(until(next_attempt_at)).toBeLessThanOrEqual(2160);
    expect(await jobRunsAt(db.pool, id)).toEqual(next_attempt_at);
  });
});

describe('what happens while an attempt is on its way', () => {
  /** Makes an attempt; `meanwhile` happens once the request is out. */
  const sendWith = (deliveryId: string, meanwhile: () => Promise<unknown>): Promise<void> =>
    webhookSend({
      ...kit.parts,
      sender: {
        send: async (request) => {
          await meanwhile();
          return await kit.parts.sender.send(request);
        },
      },
    })(deliveryId);
  const disabled = () => newEvent({ type: 'webhook_endpoint.updated', merchantId: endpoint.merchantId });

  test('the last failure does not end what was sent again by hand', async () => {
    receiver.answerWith({ status: 500 });
    const { id } = await addDelivery(db.pool, endpoint);
    await db.pool.query('UPDATE delivery SET attempts = 7 WHERE id = $1', [id]);
    const repeats = createWebhookRepeats(db.pool, uuids);
    await sendWith(id, async () => {
      expect(await repeats.redeliver(id, disabled())).toBe(true);
    });
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    expect(await jobRunsAt(db.pool, id)).not.toBeNull();
    expect(await attemptRows(db.pool, id)).toMatchObject([{ outcome: 'FAILED', response_status: 500 }]);
  });

  test('of two attempts at once the later failure counts for nothing, and a success does', async () => {
    receiver.answerWith({ status: 500 });
    const { id } = await addDelivery(db.pool, endpoint);
    await sendWith(id, () => send(id));
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'PENDING', attempts: 1 });
    await sendWith(id, async () => {
      await send(id);
      receiver.answerWith({ status: 200 });
    });
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'SENT', next_attempt_at: null });
  });

  test('what the endpoint took was taken, also when it is disabled by then', async () => {
    const { id } = await addDelivery(db.pool, endpoint);
    await sendWith(id, () => kit.parts.endpoints.disable(endpoint.id, disabled()));
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'SENT', last_error: null });
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({ status: 'DISABLED' });
  });

  test('a message to an endpoint that is enabled again is not given up', async () => {
    const { id } = await addDelivery(db.pool, endpoint);
    await kit.parts.webhooks.giveUp(id, 'the endpoint is disabled');
    expect((await deliveryRow(db.pool, id)).status).toBe('PENDING');
  });
});
