import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import { webhookSend } from '../../src/usecases/webhook/webhook-send.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { recordingLogger } from './bus-fixture.ts';
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

describe('an endpoint that is silent', () => {
  const silenced = async (times: number): Promise<string[]> => {
    receiver.answerWith('CUT');
    const ids: string[] = [];
    for (let made = 0; made < times; made += 1) {
      const { id } = await addDelivery(db.pool, endpoint, clock.now());
      ids.push(id);
      await send(id);
    }
    return ids;
  };

  test('is left alone after three silences; what is due waits, and no attempt is counted', async () => {
    await silenced(3);
    const { paused_until } = await endpointRow(db.pool, endpoint.id);
    expect(until(paused_until)).toBe(10);
    const waiting = [
      await addDelivery(db.pool, endpoint, clock.now()),
      await addDelivery(db.pool, endpoint, clock.now()),
    ];
    const other = await addDelivery(db.pool, await addEndpoint(db.pool, { url: receiver.url }));
    await send(waiting[0]?.id ?? '');
    expect(receiver.received).toHaveLength(3);
    for (const { id } of waiting) {
      expect(await deliveryRow(db.pool, id)).toMatchObject({
        status: 'PENDING',
        attempts: 0,
        next_attempt_at: paused_until,
      });
      expect(await jobRunsAt(db.pool, id)).toEqual(paused_until);
      expect(await attemptRows(db.pool, id)).toEqual([]);
    }
    receiver.answerWith({ status: 200 });
    await send(other.id);
    expect((await deliveryRow(db.pool, other.id)).status).toBe('SENT');
  });

  test('keeps a message whose job comes before its time, as another machine’s clock has it', async () => {
    await silenced(3);
    const { id } = await addDelivery(db.pool, endpoint, clock.now());
    await send(id);
    // The job that was put off is taken, and ends.
    const taken = 'DELETE FROM graphile_worker._private_jobs WHERE key = $1';
    await db.pool.query(taken, [id]);
    await send(id);
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    const again = await jobRunsAt(db.pool, id);
    expect(again?.getTime()).toBeGreaterThan(Date.now());
  });

  test('gets one attempt after the pause, and twice the pause when it is silent still', async () => {
    await silenced(3);
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      clock.advance({ seconds: 301 });
      const deliveries = await Promise.all(
        Array.from({ length: 4 }, () => addDelivery(db.pool, endpoint, clock.now())),
      );
      const before = receiver.received.length;
      await Promise.all(deliveries.map(({ id }) => send(id)));
      expect(receiver.received.length - before).toBe(1);
      const attempts = await Promise.all(
        deliveries.map(async ({ id }) => (await deliveryRow(db.pool, id)).attempts),
      );
      expect(attempts.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
      const { paused_until } = await endpointRow(db.pool, endpoint.id);
      pauses.push(until(paused_until));
    }
    expect(pauses).toEqual([20, 40, 80, 160, 300, 300, 300]);
  });

  test('is free again with any answer, and what waited is sent at once', async () => {
    await silenced(3);
    clock.advance({ seconds: 10 });
    const [probe, waits] = [
      await addDelivery(db.pool, endpoint, clock.now()),
      await addDelivery(db.pool, endpoint, clock.now()),
    ];
    // The other one comes while the probe is on its way.
    receiver.answerWith(() => ({ status: 500 }));
    const slow = webhookSend({
      ...kit.parts,
      sender: {
        send: async (request) => {
          await send(waits.id);
          return await kit.parts.sender.send(request);
        },
      },
    });
    await slow(probe.id);
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({ silences: 0, paused_until: null });
    const row = await deliveryRow(db.pool, waits.id);
    expect(row).toMatchObject({ status: 'PENDING', attempts: 0 });
    expect(row.next_attempt_at).toEqual(clock.now());
    expect(await jobRunsAt(db.pool, waits.id)).toEqual(row.next_attempt_at);
    await send(waits.id);
    expect((await deliveryRow(db.pool, waits.id)).attempts).toBe(1);
  });

  test('counts every silence of several at once', async () => {
    receiver.answerWith('CUT');
    const deliveries = await Promise.all(Array.from({ length: 3 }, () => addDelivery(db.pool, endpoint)));
    await Promise.all(deliveries.map(({ id }) => send(id)));
    const { silences, paused_until } = await endpointRow(db.pool, endpoint.id);
    expect([silences, paused_until !== null]).toEqual([3, true]);
  });
});

describe('an endpoint that lets others wait', () => {
  test('gets one message at a time, the rest later, and holds up no other', async () => {
    const answers: (() => void)[] = [];
    const { send: deliver } = kit.parts.sender;
    const held = webhookSend({
      ...kit.parts,
      sender: {
        send: async (request) => {
          await new Promise<void>((answer) => answers.push(answer));
          return await deliver(request);
        },
      },
    });
    const { id: slow } = await addDelivery(db.pool, endpoint);
    const sending = held(slow);
    await expect.poll(() => answers.length).toBe(1);
    await delay(1_000);
    const { id } = await addDelivery(db.pool, endpoint, clock.now());
    await held(id);
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    expect((await jobRunsAt(db.pool, id))?.getTime()).toBeGreaterThan(Date.now());

    const other = await addEndpoint(db.pool, { url: receiver.url });
    const { id: elsewhere } = await addDelivery(db.pool, other);
    await send(elsewhere);
    expect(await deliveryRow(db.pool, elsewhere)).toMatchObject({ status: 'SENT' });
    answers[0]?.();
    await sending;
    await send(id);
    expect(await deliveryRow(db.pool, id)).toMatchObject({ status: 'SENT', attempts: 1 });
  });

  test('is asked again only as long as the message waits', async () => {
    const { id } = await addDelivery(db.pool, endpoint);
    await send(id);
    await kit.parts.webhooks.putOff(id, 1_000);
    expect(await jobRunsAt(db.pool, id)).toBeNull();
  });
});

describe('an endpoint that fails for days', () => {
  const fail = async (): Promise<string> => {
    const { id } = await addDelivery(db.pool, endpoint, clock.now());
    await send(id);
    return id;
  };

  test('is warned of once at half, and disabled after five days', async () => {
    receiver.answerWith({ status: 500 });
    await fail();
    const { failing_since } = await endpointRow(db.pool, endpoint.id);
    clock.advance({ hours: 59 });
    await fail();
    expect(await eventsOf(endpoint.id)).toEqual([]);
    clock.advance({ hours: 1 });
    await Promise.all([fail(), fail(), fail()]);
    expect(await eventsOf(endpoint.id)).toMatchObject([
      { type: 'webhook_endpoint.failing', data: { failingSince: failing_since?.toISOString() } },
    ]);
    clock.advance({ hours: 59 });
    const waiting = await fail();
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({ status: 'ENABLED', failing_since });
    clock.advance({ hours: 1 });
    const last = await fail();
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({
      status: 'DISABLED',
      disabled_reason: 'FAILING',
    });
    expect(await eventsOf(endpoint.id)).toMatchObject([
      { type: 'webhook_endpoint.failing' },
      {
        type: 'webhook_endpoint.disabled',
        data: { reason: 'FAILING', failingSince: failing_since?.toISOString() },
      },
    ]);
    expect(await deliveryRow(db.pool, waiting)).toMatchObject({
      status: 'FAILED',
      last_error: 'the endpoint is disabled',
    });
    await send(last);
    expect(await deliveryRow(db.pool, last)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      last_error: 'the endpoint is disabled',
    });
  });

  test('is not disabled without a warning, however late a failure tells of it', async () => {
    receiver.answerWith({ status: 500 });
    await fail();
    clock.advance({ hours: 24 * 30 });
    await fail();
    expect((await endpointRow(db.pool, endpoint.id)).status).toBe('ENABLED');
    clock.advance({ hours: 23 });
    await fail();
    expect((await endpointRow(db.pool, endpoint.id)).status).toBe('ENABLED');
    clock.advance({ hours: 1 });
    await fail();
    expect((await endpointRow(db.pool, endpoint.id)).status).toBe('DISABLED');
    expect((await eventsOf(endpoint.id)).map(({ type }) => type)).toEqual([
      'webhook_endpoint.failing',
      'webhook_endpoint.disabled',
    ]);
  });

  test('begins anew with any success', async () => {
    receiver.answerWith({ status: 500 });
    await fail();
    clock.advance({ hours: 119 });
    await fail();
    receiver.answerWith({ status: 200 });
    await fail();
    receiver.answerWith({ status: 500 });
    clock.advance({ hours: 2 });
    await fail();
    expect(await endpointRow(db.pool, endpoint.id)).toMatchObject({ status: 'ENABLED', warned_at: null });
    expect((await eventsOf(endpoint.id)).map(({ type }) => type)).toEqual(['webhook_endpoint.failing']);
  });
});
