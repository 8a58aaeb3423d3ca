import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAttemptLimits } from '../../../src/adapters/db/attempt-limits.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, everythingTold, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { cancel, createInvoice } from '../../testkit/shop.ts';
import { statementsDuring } from '../../testkit/statements.ts';
import { startReceiver, type ReceivedWebhook, type WebhookReceiver } from '../../testkit/webhook-receiver.ts';
import { make } from '../api-key/key-shop.ts';
import {
  create,
  deliveriesOf,
  endpointOf,
  LOOPBACK_ENV,
  rotate,
  tryDisable,
  tryEnable,
  tryRedeliver,
  tryReplay,
  tryTest,
  tryUpdate,
} from './webhook-shop.ts';

const kit = usePlatform({ env: LOOPBACK_ENV });
const shops = { count: 0 };
let receiver: WebhookReceiver;
let shop: DemoMerchant;
/** Manages webhooks of the shop in TEST mode, and makes its invoices. */
let key: ApiClient;
beforeEach(async () => {
  receiver = await startReceiver();
  shop = await openShop(kit, `sent${(shops.count += 1)}@shop.example`);
  const { projectId } = shop;
  const scopes: operations.ApiKeyScope[] = [
    ...(['WEBHOOK_READ', 'WEBHOOK_WRITE', 'INVOICE_READ', 'INVOICE_WRITE'] as const),
  ];
  key = kit.platform.api.as((await make(shop.owner, { projectId, scopes })).secret);
});
afterEach(async () => {
  await receiver.stop();
  // What is on its way to a receiver of the test would be tried on and on.
  await kit.database.pool.query(
    `UPDATE delivery SET status = 'FAILED', next_attempt_at = NULL WHERE channel = 'WEBHOOK' AND status = 'PENDING'`,
  );
});

interface Told {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly object: { readonly id: string } };
}
const told = ({ body }: ReceivedWebhook): Told => JSON.parse(body) as Told;
const typesOf = (received: readonly ReceivedWebhook[]) => received.map((one) => told(one).type);
/** When all is told. */
const counts = async () => {
  await everythingTold(kit.database.pool);
  return rowCounts(kit.database.pool, ['delivery', 'delivery_attempt', 'event']);
};
/** Waits until the newest delivery of the endpoint is this. */
const settled = (id: string, status: string) =>
  vi.waitUntil(async () => (await deliveriesOf(key, id))[0]?.status === status, { timeout: 15_000 });

test('an invoice rings at every endpoint that chose it, with its own secret, and at no other', async () => {
  const other = await startReceiver();
  const chosen = await create(key, { url: receiver.url, types: ['payment.created'] });
  const family = await create(key, { url: other.url, types: ['payment.*'] });
  const deaf = await create(key, { url: other.url, types: ['deposit.*'] });
  const ofOthers = await openShop(kit, `other${shops.count}@shop.example`);
  const inLive = await create(shop.owner, { projectId: shop.projectId, url: other.url });

  const invoice = await createInvoice(key);
  await cancel(key, invoice.id);
  await createInvoice(ofOthers.test);
  await receiver.has(1);
  await other.has(2);
  await everythingTold(kit.database.pool);
  expect(typesOf(receiver.received)).toEqual(['payment.created']);
  expect(typesOf(other.received).toSorted()).toEqual(['payment.cancelled', 'payment.created']);
  const [first] = receiver.received;
  expect(first && told(first).data.object.id).toBe(invoice.id);
  new Webhook(chosen.secret).verify(first?.body ?? '', first?.headers ?? {});
  expect(() => new Webhook(family.secret).verify(first?.body ?? '', first?.headers ?? {})).toThrow('match');
  for (const id of [deaf.id, inLive.id]) expect(await deliveriesOf(shop.owner, id)).toEqual([]);
  await other.stop();
});

test('the log shows request and response, newest first, and is filtered', async () => {
  receiver.answerWith(({ body }) =>
    body.includes('payment.cancelled') ? { status: 410 } : { status: 200, body: 'thanks' },
  );
  const { id } = await create(key, { url: receiver.url });
  const invoice = await createInvoice(key);
  await settled(id, 'SENT');
  const between = new Date();
  await cancel(key, invoice.id);
  await settled(id, 'FAILED');

  const [failed, sent, ...others] = await deliveriesOf(key, id);
  expect(others).toEqual([]);
  const [attempt] = sent?.tries ?? [];
  expect(sent).toMatchObject({
    type: 'payment.created',
    webhookEndpointId: id,
    status: 'SENT',
    attempts: 1,
    nextAttemptAt: null,
    lastError: null,
    responseStatus: 200,
    payload: receiver.received[0]?.body,
  });
  expect(attempt).toMatchObject({
    outcome: 'SENT',
    error: null,
    responseStatus: 200,
    responseBody: 'thanks',
  });
  expect(attempt?.requestHeaders).toMatchObject({ 'webhook-id': sent?.eventId });
  expect(failed).toMatchObject({ type: 'payment.cancelled', lastError: 'the endpoint is gone (410)' });
  expect(await endpointOf(key, id)).toMatchObject({ status: 'DISABLED', disabledReason: 'GONE' });

  const idsBy = async (filter: operations.WebhookDeliveryFilter) =>
    (await deliveriesOf(key, id, filter)).map((delivery) => delivery.id);
  expect(await idsBy({ status: 'SENT' })).toEqual([sent?.id]);
  expect(await idsBy({ type: 'payment.cancelled' })).toEqual([failed?.id]);
  expect(await idsBy({ type: 'no such name' })).toEqual([]);
  expect(await idsBy({ since: between.toISOString() })).toEqual([failed?.id]);
  expect(await idsBy({ until: between.toISOString() })).toEqual([sent?.id]);
  const page = await key.send(operations.WebhookDeliveriesDocument, { id, first: 1 });
  const deliveries = page.webhookEndpoint?.deliveries;
  expect(deliveries?.edges.map(({ node }) => node.id)).toEqual([failed?.id]);
  const after = deliveries?.pageInfo.endCursor ?? null;
  const next = await key.send(operations.WebhookDeliveriesDocument, { id, first: 1, after });
  expect(next.webhookEndpoint?.deliveries.edges.map(({ node }) => node.id)).toEqual([sent?.id]);
  await expect(
    key.send(operations.WebhookDeliveriesDocument, { id, after, filter: { status: 'SENT' } }),
  ).rejects.toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] });
});

test('a page of the log is a handful of statements, with all attempts', async () => {
  const { id } = await create(key, { url: receiver.url });
  for (let n = 0; n < 5; n += 1) accepted(await tryTest(key, id), 'WebhookEndpointTestPayload');
  await receiver.has(5);
  await everythingTold(kit.database.pool);
  const statements = await statementsDuring(/delivery_attempt/, () => deliveriesOf(key, id));
  expect(statements).toHaveLength(1);
});

describe('a test', () => {
  test('goes to its endpoint alone, whatever it chose, and stands in the log', async () => {
    const other = await startReceiver();
    const { id } = await create(key, { url: receiver.url, types: ['deposit.credited'] });
    await create(key, { url: other.url });
    const { eventId } = accepted(await tryTest(key, id), 'WebhookEndpointTestPayload');
    await receiver.has(1);
    await everythingTold(kit.database.pool);
    const [test] = receiver.received;
    expect(test && told(test)).toMatchObject({
      id: eventId,
      type: 'endpoint.test',
      data: { object: { id } },
    });
    expect(test?.headers['webhook-id']).toBe(eventId);
    expect(other.received).toEqual([]);
    expect(await deliveriesOf(key, id)).toMatchObject([{ eventId, type: 'endpoint.test', status: 'SENT' }]);
    await other.stop();
  });

  test('is asked for sixty times an hour at most', async () => {
    const { id } = await create(key, { url: receiver.url });
    const limits = createAttemptLimits(kit.database.pool);
    for (let n = 0; n < 59; n += 1) await limits.take('webhook_test', { account: rowIdOf(id) }, new Date());
    accepted(await tryTest(key, id), 'WebhookEndpointTestPayload');
    await expect(tryTest(key, id)).rejects.toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
  });
});

test('both secrets sign while one takes over from the other, then the new one alone', async () => {
  const { id, secret: old } = await create(key, { url: receiver.url });
  const { secret } = await rotate(key, id, 0, 1);
  const signedBy = async (): Promise<string[]> => {
    const before = receiver.received.length;
    accepted(await tryTest(key, id), 'WebhookEndpointTestPayload');
    await receiver.has(before + 1);
    const { headers, body } = receiver.received[before] ?? { headers: {}, body: '' };
    const verifies = (one: string) => {
      try {
        new Webhook(one).verify(body, headers);
        return true;
      } catch {
        return false;
      }
    };
    return [...(verifies(secret) ? ['new'] : []), ...(verifies(old) ? ['old'] : [])];
  };
  expect(await signedBy()).toEqual(['new', 'old']);
  // The overlap is ended, not waited for: the library knows no moved clock.
  await kit.database.pool.query(
    `UPDATE webhook_secret SET expires_at = $2 WHERE endpoint_id = $1 AND expires_at IS NOT NULL`,
    [rowIdOf(id), new Date()],
  );
  expect(await signedBy()).toEqual(['new']);
});

describe('sending again', () => {
  test('one message: the same bytes under the same id, counted anew, also in ten requests at once', async () => {
    const { id } = await create(key, { url: receiver.url, schedule: 'SHORT' });
    const invoice = await createInvoice(key);
    await settled(id, 'SENT');
    await cancel(key, invoice.id);
    await receiver.has(2);
    await everythingTold(kit.database.pool);
    const [, delivery] = await deliveriesOf(key, id);
    receiver.answerWith({ status: 500 });
    const again = await tryRedeliver(key, delivery?.id ?? '');
    expect(again).toMatchObject({ status: 'PENDING', sentAt: null, eventId: delivery?.eventId });
    await receiver.has(3);
    await vi.waitUntil(async () => (await deliveriesOf(key, id))[1]?.attempts === 1, { timeout: 10_000 });
    receiver.answerWith({ status: 200 });
    await Promise.all(Array.from({ length: 10 }, () => tryRedeliver(key, delivery?.id ?? '')));
    await receiver.has(4);
    await everythingTold(kit.database.pool);
    const [created, , ...repeats] = receiver.received;
    for (const repeat of repeats) {
      expect(repeat.body).toBe(created?.body);
      expect(repeat.headers['webhook-id']).toBe(delivery?.eventId);
    }
    const [, after] = await deliveriesOf(key, id);
    expect(after).toMatchObject({ id: delivery?.id, status: 'SENT' });
    expect(after?.tries.map(({ outcome }) => outcome).slice(-2)).toEqual(['PENDING', 'SENT']);
    const replayed = (await eventTypes(kit.database.pool, id)).filter((type) => type.endsWith('replayed'));
    expect(replayed).toHaveLength(11);
  });

  test('is refused of a stranger’s message, and of one to an endpoint that is disabled', async () => {
    const { id } = await create(key, { url: receiver.url });
    await createInvoice(key);
    await settled(id, 'SENT');
    const [delivery] = await deliveriesOf(key, id);
    const stranger = await openShop(kit, `stranger${shops.count}@shop.example`);
    const mail = await kit.database.pool.query<{ id: string }>(
      `INSERT INTO delivery (id, event_id, channel, target, event_type, status, created_at)
       VALUES (gen_random_uuid(), $1, 'EMAIL', 'ada@shop.example', 'invoice.created', 'FAILED', now()) RETURNING id`,
      [delivery?.eventId],
    );
    const nowhere = globalIdOf('WebhookDelivery', '019a0000-0000-7000-8000-000000000000');
    const ofMail = globalIdOf('WebhookDelivery', mail.rows[0]?.id ?? '');
    accepted(await tryDisable(key, id), 'WebhookEndpoint');
    const before = await counts();
    const unknown = await tryRedeliver(key, nowhere);
    expect(unknown).toMatchObject({ code: 'NOT_FOUND' });
    for (const api of [stranger.owner, stranger.test, shop.live, shop.test])
      expect(await tryRedeliver(api, delivery?.id ?? '')).toEqual(unknown);
    expect(await tryRedeliver(shop.owner, ofMail)).toEqual(unknown);
    expect(await tryRedeliver(key, delivery?.id ?? '')).toMatchObject({ code: 'WRONG_STATE' });
    expect(await counts()).toEqual(before);
  });

  test('all since a time: what it got, what it missed, by its filter, in order', async () => {
    const { id } = await create(key, { url: receiver.url, types: ['payment.*'] });
    await createInvoice(key, { amount: '1' });
    await settled(id, 'SENT');
    const since = new Date();
    const got = await createInvoice(key, { amount: '2' });
    await receiver.has(2);
    await settled(id, 'SENT');
    accepted(await tryDisable(key, id), 'WebhookEndpoint');
    const missed = await createInvoice(key, { amount: '3' });
    await createInvoice(shop.live, { amount: '4' });
    accepted(await tryTest(key, (await create(key, { url: receiver.url })).id), 'WebhookEndpointTestPayload');
    await everythingTold(kit.database.pool);
    expect(await tryReplay(key, id, since)).toMatchObject({ code: 'WRONG_STATE' });
    accepted(await tryEnable(key, id), 'WebhookEndpoint');
    const before = receiver.received.length;

    // Those that are not committed for everybody's eyes yet would be missed.
    const replay = async () => accepted(await tryReplay(key, id, since), 'WebhookReplayPayload').count;
    expect(await vi.waitUntil(async () => (await replay()) === 2, { timeout: 10_000 })).toBe(true);
    await receiver.has(before + 2);
    await vi.waitUntil(async () => (await deliveriesOf(key, id)).every(({ status }) => status === 'SENT'), {
      timeout: 10_000,
    });
    const ids = new Set(receiver.received.slice(before).map((one) => told(one).data.object.id));
    expect(ids).toEqual(new Set([got.id, missed.id]));
    expect(await deliveriesOf(key, id)).toHaveLength(3);
    const again = receiver.received.find((one) => told(one).data.object.id === got.id);
    const repeats = receiver.received.filter(
      (one) => one.headers['webhook-id'] === again?.headers['webhook-id'],
    );
    expect(repeats.length).toBeGreaterThanOrEqual(2);
    expect(new Set(repeats.map(({ body }) => body)).size).toBe(1);
  });

  test('all since a time is refused beyond thirty days, in the future, and ten times an hour', async () => {
    const { id } = await create(key, { url: receiver.url });
    const before = await counts();
    for (const hours of [-1, 30 * 24 + 1])
      expect(await tryReplay(key, id, new Date(new Date().getTime() - hours * 3_600_000))).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'since'],
      });
    for (let n = 0; n < 10; n += 1) expect(await tryReplay(key, id, new Date())).toMatchObject({ count: 0 });
    await expect(tryReplay(key, id, new Date())).rejects.toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    expect(await counts()).toEqual(before);
  });
});

test('a retry waits in the database, and goes where the endpoint is by then', async () => {
  receiver.answerWith({ status: 500 });
  const { id } = await create(key, { url: receiver.url });
  await createInvoice(key);
  await vi.waitUntil(async () => (await deliveriesOf(key, id))[0]?.attempts === 1, { timeout: 10_000 });
  const other = await startReceiver();
  const change = { webhookEndpointId: id, revision: 0, url: other.url };
  accepted(await tryUpdate(key, change), 'WebhookEndpoint');
  const [waiting] = await deliveriesOf(key, id);
  const moved = await kit.database.pool.query(
    `UPDATE graphile_worker._private_jobs SET run_at = now() WHERE key = $1 AND run_at = $2`,
    [rowIdOf(waiting?.id ?? ''), waiting?.nextAttemptAt],
  );
  expect(moved.rowCount).toBe(1);
  await other.has(1);
  await settled(id, 'SENT');
  expect(other.received[0]?.body).toBe(receiver.received[0]?.body);
  expect(await deliveriesOf(key, id)).toMatchObject([{ attempts: 2 }]);
  await other.stop();
});
