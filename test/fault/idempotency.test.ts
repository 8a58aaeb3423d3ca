import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createApiClient, type ApiClient } from '../../src/demo/api-client.ts';
import { openMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { usePlatform } from '../testkit/platform.ts';
import { freePort, spawnGateway, type GatewayProcess } from './gateway-process.ts';
import { seededRandom } from './seed.ts';

const kit = usePlatform();

type Created = operations.InvoiceCreateMutation['invoiceCreate'];

async function create(client: ApiClient, key: string, orderId: string, amount = '12.50'): Promise<Created> {
  const input = { amount, currency: 'USD', orderId, idempotencyKey: key } as const;
  return (await client.send(operations.InvoiceCreateDocument, { input })).invoiceCreate;
}

/** The invoices of the order as the database has them, and how many events tell of their creation. */
async function written(orderId: string): Promise<{ invoices: number; events: number; keys: number }> {
  const { rows } = await kit.database.pool.query<{ invoices: number; events: number; keys: number }>(
    `SELECT count(*)::int AS invoices,
       (SELECT count(*)::int FROM event WHERE type = 'invoice.created' AND data ->> 'orderId' = $1) AS events,
       (SELECT count(*)::int FROM idempotency_key k JOIN invoice i ON i.id = k.result_id WHERE i.order_id = $1) AS keys
     FROM invoice WHERE order_id = $1`,
    [orderId],
  );
  return rows[0] ?? { invoices: 0, events: 0, keys: 0 };
}
const ONCE = { invoices: 1, events: 1, keys: 1 };

describe('one key', () => {
  test('in fifty requests at once makes one invoice, and all fifty are given it', async () => {
    const merchant = await openMerchant(kit.platform, 'ada@shop.example');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => create(merchant.test, 'key-1', 'order-1')),
    );
    const [first] = answers;
    expect(first).toMatchObject({ __typename: 'Invoice', status: 'CREATED', amount: { amount: '12.50' } });
    for (const answer of answers) expect(answer).toEqual(first);
    expect(await written('order-1')).toEqual(ONCE);

    const other = await create(merchant.test, 'key-1', 'order-1', '12.51');
    expect(other).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] });
    expect(await written('order-1')).toEqual(ONCE);
  });

  test('with different inputs at once makes one invoice, and the others are refused', async () => {
    const merchant = await openMerchant(kit.platform, 'bob@shop.example');
    const amounts = ['1.00', '2.00', '3.00', '4.00', '5.00', '6.00'];
    const answers = await Promise.all(
      amounts.map((amount) => create(merchant.test, 'key-2', 'order-2', amount)),
    );
    expect(answers.filter(({ __typename }) => __typename === 'Invoice')).toHaveLength(1);
    const codes = answers.flatMap((answer) => ('code' in answer ? [answer.code] : []));
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'IDEMPOTENCY_KEY_REUSED'));
    expect(await written('order-2')).toEqual(ONCE);
  });

  test('of another API key is another key', async () => {
    const ada = await openMerchant(kit.platform, 'eve@shop.example');
    const inTest = await create(ada.test, 'key-3', 'order-3');
    const inLive = await create(ada.live, 'key-3', 'order-3');
    expect([inTest.__typename, inLive.__typename]).toEqual(['Invoice', 'Invoice']);
    expect((await written('order-3')).invoices).toBe(2);
  });
});

describe('kill -9 of the API process', () => {
  let gateway: GatewayProcess | undefined;
  afterEach(async () => {
    await gateway?.kill();
  });

  /** A process for the API alone, on the same database. */
  async function apiProcess(port: number): Promise<GatewayProcess> {
    gateway = spawnGateway(port, { DATABASE_URL: kit.database.url, ROLES: 'api' });
    await gateway.ready;
    return gateway;
  }

  test('before, in and after the commit: the retry with the same key gives the one invoice', async () => {
    const random = seededRandom();
    const merchant = await openMerchant(kit.platform, 'kim@shop.example');
    const port = await freePort();
    const client = createApiClient(`http://127.0.0.1:${port}`, merchant.testKey);
    let running = await apiProcess(port);
    for (let round = 0; round < 6; round++) {
      const order = `order-killed-${round}`;
      const answer = create(client, order, order).catch(() => null);
      await delay(random.next() * 40);
      await running.kill();
      const told = await answer;
      running = await apiProcess(port);
      const retried = await create(client, order, order);
      expect(retried.__typename).toBe('Invoice');
      // What was acknowledged is what the retry gives.
      if (told !== null) expect(retried).toEqual(told);
      expect(await written(order)).toEqual(ONCE);
    }
  }, 90_000);

  test('while its statement waits in the database, which still carries it out', async () => {
    const merchant = await openMerchant(kit.platform, 'lee@shop.example');
    const port = await freePort();
    const client = createApiClient(`http://127.0.0.1:${port}`, merchant.testKey);
    const running = await apiProcess(port);
    const blocker = await kit.database.pool.connect();
    await blocker.query('BEGIN; LOCK TABLE idempotency_key IN ACCESS EXCLUSIVE MODE');
    const answer = create(client, 'key-5', 'order-5').catch(() => null);
    await vi.waitUntil(async () => (await waitingForLocks()) > 0, { timeout: 10_000 });
    await running.kill();
    expect(await answer).toBeNull();
    const next = apiProcess(port);
    await blocker.query('COMMIT');
    blocker.release();
    await next;
    const [first, second] = await Promise.all([
      create(client, 'key-5', 'order-5'),
      create(client, 'key-5', 'order-5'),
    ]);
    expect(first).toMatchObject({ __typename: 'Invoice' });
    expect(second).toEqual(first);
    expect(await written('order-5')).toEqual(ONCE);
  }, 40_000);

  test('after the commit and before the answer: the invoice stands and is given again', async () => {
    const merchant = await openMerchant(kit.platform, 'max@shop.example');
    const port = await freePort();
    const client = createApiClient(`http://127.0.0.1:${port}`, merchant.testKey);
    const running = await apiProcess(port);
    const answer = create(client, 'key-6', 'order-6').catch(() => null);
    await vi.waitUntil(async () => (await written('order-6')).invoices === 1, {
      interval: 1,
      timeout: 10_000,
    });
    await running.kill();
    const told = await answer;
    await apiProcess(port);
    const retried = await create(client, 'key-6', 'order-6');
    expect(retried).toMatchObject({ __typename: 'Invoice', orderId: 'order-6' });
    if (told !== null) expect(retried).toEqual(told);
    expect(await written('order-6')).toEqual(ONCE);
  }, 40_000);

  async function waitingForLocks(): Promise<number> {
    const { rows } = await kit.database.pool.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]?.waiting ?? 0;
  }
});
