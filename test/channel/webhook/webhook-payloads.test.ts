import { beforeAll, describe, expect, test, vi } from 'vitest';
import { createEventLog } from '../../../src/adapters/db/event-log.ts';
import { createWebhookPayloads } from '../../../src/adapters/db/webhook-payloads.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import { EVENT_TYPES, WEBHOOK_TYPES, webhookTypeOf } from '../../../src/domain/event/catalogue.ts';
import type { Event } from '../../../src/domain/event/event.ts';
import * as operations from '../../../src/generated/documents.ts';
import { NEWEST_PAYLOAD_VERSION } from '../../../src/domain/webhook/payload-version.ts';
import { refund as refundOf } from '../../api/refund/refund-shop.ts';
import { activate, block, createWallet, deposit, walletKey } from '../../api/static-wallets/wallet-shop.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import { payoutKey, requestPayout } from '../payout-key.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { cancel, createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';

const kit = usePlatform({ env: { ROLES: 'api' } });
const bodyOf = (event: Event, version: string = NEWEST_PAYLOAD_VERSION) =>
  createWebhookPayloads(kit.database.pool, { publicUrl: 'https://pay.example' }).body(event, version);

/** One of what webhooks call each thing, and the events that made it. */
let shop: DemoMerchant;
let wallets: ApiClient;
let paid: { id: string };
let events: readonly Event[];

const FULL = {
  amount: '100',
  orderId: 'order-1',
  description: 'A <b>bicycle</b> “for” 1 & 2',
  customerEmail: 'payer@example.com',
  customerRef: 'customer-1',
  subMerchantId: 'sub_1',
  metadata: { colour: 'rot', 'a.b': 'ü' },
  returnUrl: 'https://shop.example/paid',
  cancelUrl: 'https://shop.example/cart',
};

beforeAll(async () => {
  shop = await openShop(kit, 'ada@shop.example');
  wallets = await walletKey(kit.platform, shop);
  paid = await createInvoice(shop.test, FULL);
  const { id: quoteId } = await createQuote(shop.test, paid.id);
  await simulatePayment(shop.test, paid.id, quoteId, '40');
  await simulatePayment(shop.test, paid.id, quoteId, '70');
  await cancel(shop.test, (await createInvoice(shop.test)).id);
  const wallet = await createWallet(wallets, { label: 'Ada' });
  await deposit(wallets, wallet.id, { amount: '12.5' });
  await block(wallets, wallet.id);
  await deposit(wallets, wallet.id, { amount: '1' });
  await activate(wallets, wallet.id);
  await insertTestEvent();
  const refund = await refundOf(shop.owner, {
    invoiceId: paid.id,
    amount: '20',
    subMerchantId: 'sub_1',
    description: 'Order 7 <b>',
  });
  await shop.owner.send(operations.RefundCancelDocument, { input: { refundId: refund.id } });
  await insertRebound();
  const { api: payouts } = await payoutKey(kit, shop);
  for (let number = 1; number <= 2; number++)
    await requestPayout(payouts, { amount: '7.25', reference: `Supplier ${number}` });
  events = await allEvents();
});

/** An endpoint that is being tested, straight into the tables. */
async function insertTestEvent(): Promise<void> {
  const { pool } = kit.database;
  const id = uuidSource.next();
  const { rows } = await pool.query<{ merchantId: string }>(
    `INSERT INTO webhook_endpoint (id, merchant_id, project_id, mode, url, description, types, payload_version, created_at)
     SELECT $1, merchant_id, id, 'TEST', 'https://shop.example/hooks', 'Orders', '{payment.captured}', $3, now()
     FROM project WHERE id = $2 RETURNING merchant_id AS "merchantId"`,
    [id, rowIdOf(shop.projectId), NEWEST_PAYLOAD_VERSION],
  );
  await pool.query(
    `INSERT INTO event (id, type, mode, merchant_id, project_id, actor, subject_type, subject_id, data, occurred_at)
     VALUES ($1, 'webhook_endpoint.tested', 'TEST', $2, $3, '{"type":"SYSTEM","id":null}', 'WEBHOOK_ENDPOINT', $4, '{}', now())`,
    [uuidSource.next(), rows[0]?.merchantId, rowIdOf(shop.projectId), id],
  );
}

/** A rebound of the last payment, straight into the tables. */
async function insertRebound(): Promise<void> {
  const { pool } = kit.database;
  const { rows } = await pool.query<{ data: object }>(
    `WITH made AS (
       INSERT INTO rebound (id, merchant_id, project_id, mode, payment_id, invoice_id, status, reason, asset, network,
         amount, network_fee, customer_email, claim_sent_at, created_at)
       SELECT $1, i.merchant_id, i.project_id, i.mode, p.id, i.id, 'PENDING', 'OVERPAID', p.asset, p.network, 9000000, 500000,
         'payer@example.com', now(), now()
       FROM payment p JOIN invoice i ON i.id = p.invoice_id WHERE i.id = $2 ORDER BY p.id DESC LIMIT 1
       RETURNING *)
     INSERT INTO event (id, type, mode, merchant_id, project_id, actor, subject_type, subject_id, data, occurred_at)
     SELECT $3, 'rebound.created', mode, merchant_id, project_id, '{"type":"SYSTEM","id":null}', 'REBOUND', id,
       json_build_object('reboundId', id, 'paymentId', payment_id, 'invoiceId', invoice_id, 'status', status), now()
     FROM made RETURNING data`,
    [uuidSource.next(), rowIdOf(paid.id), uuidSource.next()],
  );
  expect(rows).toHaveLength(1);
}

/** When no transaction of another database hides the last ones any more. */
async function allEvents(): Promise<readonly Event[]> {
  const log = createEventLog(kit.database.pool);
  const { rows } = await kit.database.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM event');
  return vi.waitUntil(
    async () => {
      const read = await log.after({ txid: 0n, seq: 0n }, 1_000);
      return read.length === rows[0]?.n && read;
    },
    { timeout: 20_000 },
  );
}

/** The kind of what a name tells of: all names of a kind tell of things of the same form. */
const kindOf = (name: string) => name.split('.')[0];

/** An event of the name: the last real one, or the last of its kind as if it had been this one. */
function eventNamed(name: string): Event {
  const type = EVENT_TYPES.find((one) => webhookTypeOf(one) === name);
  const named = events.filter((event) => webhookTypeOf(event.type) === name);
  const akin = events.filter((event) => kindOf(webhookTypeOf(event.type) ?? '') === kindOf(name));
  const found = named.at(-1) ?? akin.at(-1);
  if (!found || type === undefined) throw new Error(`nothing happened that is like ${name}`);
  return named.length > 0 ? found : { ...found, type };
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What differs from run to run under a name that says what it is: `<Invoice>` for the global id of an invoice. */
function masked(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, name)]));
  if (typeof value === 'number') return value > 1_700_000_000 ? '<seconds>' : value;
  if (typeof value !== 'string') return value;
  if (['tx_id', 'address', 'cursor'].includes(field)) return `<${field}>`;
  const typename = /^([A-Z][A-Za-z]+):/.exec(Buffer.from(value, 'base64url').toString('utf8'))?.[1];
  return typename === undefined ? value.replace(UUID, '<uuid>') : `<${typename}>`;
}

describe('the body of', () => {
  test.each(WEBHOOK_TYPES)('%s', async (name) => {
    const body: unknown = JSON.parse(await bodyOf(eventNamed(name)));
    expect(body).toMatchObject({ object_type: 'event', type: name, live_mode: false });
    expect(masked(body)).toMatchSnapshot();
  });
});

test('ids are those of the API, numbers are exact, and the object is as it is now', async () => {
  const created = events.find(
    ({ type, subject }) => type === 'invoice.created' && subject.id === rowIdOf(paid.id),
  );
  if (!created) throw new Error('the invoice was not created');
  expect(JSON.parse(await bodyOf(created))).toMatchObject({
    id: created.id,
    created: Math.floor(created.occurredAt.getTime() / 1_000),
    data: {
      object: {
        id: paid.id,
        object_type: 'payment',
        project_id: shop.projectId,
        status: 'OVERPAID',
        amount: '100.00',
        amount_paid: '110.00',
        crypto_currency: 'USDT',
        crypto_amount: '100.000000',
        metadata: FULL.metadata,
        description: FULL.description,
        payment_url: `https://pay.example/pay/${rowIdOf(paid.id)}`,
      },
      event: { payment_id: paid.id, status: 'CREATED', amount_paid: '0.00' },
    },
  });
});

test('a refund stands within its payment, and in no event of the payment itself', async () => {
  const requested = JSON.parse(await bodyOf(eventNamed('payment.refund_requested')));
  expect(requested.data.object).toMatchObject({
    object_type: 'payment',
    id: paid.id,
    amount_refunded: '0.00',
    refund: { object_type: 'refund', amount: '20.00', status: 'CANCELLED', description: 'Order 7 <b>' },
  });
  expect(requested.data.event).toMatchObject({
    refund_id: requested.data.object.refund.id,
    payment_id: paid.id,
    order_id: 'order-1',
  });
  const captured = JSON.parse(await bodyOf(eventNamed('payment.captured')));
  expect(captured.data.object).not.toHaveProperty('refund');
});

test('no claim link and nothing that makes one is in a body', async () => {
  for (const name of WEBHOOK_TYPES) {
    const event = eventNamed(name);
    expect(event.data).not.toHaveProperty('tokenId');
    expect(await bodyOf(event)).not.toMatch(/token|\/(?:refund|rebound)\//i);
  }
});

test('the cursor is the one that the API goes on behind', async () => {
  const { cursor } = JSON.parse(await bodyOf(eventNamed('payment.captured'))) as { cursor: string };
  expect(Buffer.from(cursor, 'base64url').toString('latin1')).toMatch(/^1\.\d+\.\d+$/);
});

test('no secret of the endpoint is in a test event', async () => {
  const body = await bodyOf(eventNamed('endpoint.test'));
  expect(body).not.toMatch(/secret|whsec/i);
});

test('what webhooks do not tell, no longer have or do not know has no body', async () => {
  const captured = eventNamed('payment.captured');
  await expect(bodyOf({ ...captured, type: 'invoice.sent' })).rejects.toThrow(
    'webhooks do not tell invoice.sent',
  );
  await expect(bodyOf(captured, '2020-01-01')).rejects.toThrow('there is no payload version 2020-01-01');
  const gone = { ...captured, subject: { ...captured.subject, id: uuidSource.next() } };
  await expect(bodyOf(gone)).rejects.toThrow('there is no payment of the event');
  await expect(bodyOf({ ...captured, type: 'payment.held', data: {} })).rejects.toThrow(
    'there is no transfer',
  );
});

test('a body costs one statement', async () => {
  const query = vi.spyOn(kit.database.pool, 'query');
  for (const name of WEBHOOK_TYPES) {
    query.mockClear();
    await bodyOf(eventNamed(name));
    expect(query).toHaveBeenCalledTimes(1);
  }
  query.mockRestore();
});
