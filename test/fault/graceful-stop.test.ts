import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { accepted, createApiClient } from '../../src/demo/api-client.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { openMerchant } from '../../src/demo/merchant.ts';
import { LOCAL_CONFIRMATIONS, startSurroundings, type Surroundings } from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { followEvents } from './event-follower.ts';
import { freePort, spawnGateway, type GatewayProcess } from './gateway-process.ts';
import { committedEvents, expectLedgerInBalance, isSettled, paymentsOf } from './ledger-checks.ts';
import { openInvoice } from './shop.ts';
import { startStallingProxy } from './stalling-proxy.ts';

/** What is promised (QUALITY, faults), and what the machine may take to end a process after that. */
const DEADLINE_MS = 10_000;
const GOING_AWAY = 1001;
const REQUESTS = 30;

let chain: LocalChain;
let surroundings: Surroundings;
let database: TestDatabase;
const processes: GatewayProcess[] = [];

beforeAll(async () => {
  chain = await startLocalChain();
  surroundings = await startSurroundings(chain);
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process.kill()));
});
afterAll(async () => {
  await surroundings.stop();
  await chain.stop();
  await database.drop();
});

async function start(env: Record<string, string> = {}): Promise<GatewayProcess> {
  const gateway = spawnGateway(await freePort(), { ...surroundings.env, DATABASE_URL: database.url, ...env });
  processes.push(gateway);
  await gateway.ready;
  return gateway;
}

const merchantAt = ({ url }: GatewayProcess, email: string) =>
  openMerchant({ api: createApiClient(url), mail: surroundings.mail }, email);

const refusesConnections = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    () => false,
    () => true,
  );

test('SIGTERM under load: what is in flight is answered, sockets are told, another process goes on', async () => {
  // A connection for each request, and some for the rest.
  const leaving = await start({ DATABASE_POOL_SIZE: String(REQUESTS + 10) });
  const staying = await start();
  const merchant = await merchantAt(leaving, 'ada@shop.example');
  const follower = followEvents(leaving.url, merchant.liveKey);
  const paid = await openInvoice(merchant, 'order-1');
  await follower.has(paid.id, 2);

  // The requests hang in the database, so that all of them are in flight for certain when the signal comes.
  const blocker = await database.pool.connect();
  await blocker.query('BEGIN; LOCK TABLE idempotency_key IN ACCESS EXCLUSIVE MODE');
  const answers = Promise.all(
    Array.from({ length: REQUESTS }, (_, n) =>
      merchant.live.send(operations.InvoiceCreateDocument, {
        input: { amount: '1', currency: 'USD', orderId: `load-${n}`, idempotencyKey: `load-${n}` },
      }),
    ),
  );
  // Looked at when it is awaited below; until then a failure is nobody's yet.
  answers.catch(() => undefined);
  await vi.waitUntil(async () => (await waitingForLocks()) === REQUESTS, { timeout: 10_000 });
  const gone = leaving.terminate();
  await vi.waitUntil(() => refusesConnections(leaving.url), { timeout: 5_000 });
  await vi.waitUntil(() => follower.closeCodes.includes(GOING_AWAY), { timeout: 5_000 });
  await blocker.query('COMMIT');
  blocker.release();

  for (const { invoiceCreate } of await answers) expect(invoiceCreate.__typename).toBe('Invoice');
  const exit = await gone;
  expect(exit).toMatchObject({ code: 0, signal: null });
  expect(exit.tookMs).toBeLessThan(DEADLINE_MS);
  expect(follower.closeCodes.filter((code) => code !== GOING_AWAY && code !== 1006)).toEqual([]);
  await follower.stop();
  const { rows } = await database.pool.query("SELECT 1 FROM invoice WHERE order_id LIKE 'load-%'");
  expect(rows).toHaveLength(REQUESTS);

  const begun = performance.now();
  await paid.pay(chain);
  await chain.mine(LOCAL_CONFIRMATIONS);
  await surroundings.mail.waitForMail((mail) => mail.parsed.text?.includes('order-1') ?? false);
  process.stdout.write(
    `stopped in ${exit.tookMs.toFixed(0)} ms, paid elsewhere ${sinceMs(begun)} ms later\n`,
  );
  expect(await paymentsOf(database.pool, 'order-1')).toEqual(['CREDITED']);
  await expectLedgerInBalance(database.pool);
  await vi.waitUntil(() => isSettled(database.pool), { timeout: 10_000 });

  const resumed = followEvents(staying.url, merchant.liveKey);
  const committed = await committedEvents(database.pool, 'order-1');
  await resumed.has(paid.id, committed.length);
  expect(resumed.of(paid.id).map(({ id, name }) => ({ id, type: name }))).toEqual(committed);
  await resumed.stop();
}, 90_000);

test('a job that hangs is handed back, and runs in the next process at once', async () => {
  const proxy = await startStallingProxy(Number(new URL(surroundings.mail.url).port));
  try {
    const leaving = await start({ SMTP_URL: `smtp://127.0.0.1:${proxy.port}` });
    const merchant = await merchantAt(leaving, 'bob@shop.example');
    await vi.waitUntil(() => isSettled(database.pool), { timeout: 10_000 });
    proxy.stall();
    await payInTest(merchant.test, 'order-2');
    await vi.waitUntil(() => mailIsBeingSent('order-2'), { timeout: 10_000 });
    const exit = await leaving.terminate();
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(exit.tookMs).toBeLessThan(DEADLINE_MS + 1_000);
    expect(await mailIsBeingSent('order-2')).toBe(false);
    const begun = performance.now();
    await start();
    await surroundings.mail.waitForMail((mail) => mail.parsed.text?.includes('order-2') ?? false, 20_000);
    process.stdout.write(
      `stopped in ${exit.tookMs.toFixed(0)} ms, mail from the next one after ${sinceMs(begun)} ms\n`,
    );
    await vi.waitUntil(() => isSettled(database.pool), { timeout: 10_000 });
    const mails = surroundings.mail.mails.filter((mail) => mail.parsed.text?.includes('order-2'));
    expect(mails).toHaveLength(1);
  } finally {
    await proxy.stop();
  }
}, 90_000);

async function payInTest(test: ReturnType<typeof createApiClient>, orderId: string): Promise<void> {
  const created = await test.send(operations.InvoiceCreateDocument, {
    input: { amount: '5', currency: 'USD', orderId },
  });
  const invoice = accepted(created.invoiceCreate, 'Invoice');
  const quoted = await test.send(operations.QuoteCreateDocument, {
    input: { invoiceId: invoice.id, asset: 'USDT', network: 'ETHEREUM' },
  });
  const quote = accepted(quoted.quoteCreate, 'Quote');
  const paid = await test.send(operations.TestPaymentSimulateDocument, {
    input: { invoiceId: invoice.id, quoteId: quote.id },
  });
  expect(paid.testPaymentSimulate).toMatchObject({ status: 'PAID' });
}

const sinceMs = (begun: number): string => (performance.now() - begun).toFixed(0);

/** Whether a job holds the e-mail that tells of the order. */
async function mailIsBeingSent(orderId: string): Promise<boolean> {
  const { rows } = await database.pool.query(
    `SELECT 1 FROM graphile_worker._private_jobs j
     JOIN delivery d ON d.id::text = j.payload ->> 'deliveryId' AND d.channel = 'EMAIL'
     JOIN event e ON e.id = d.event_id AND e.data ->> 'orderId' = $1
     WHERE j.locked_by IS NOT NULL`,
    [orderId],
  );
  return rows.length > 0;
}

async function waitingForLocks(): Promise<number> {
  const { rows } = await database.pool.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.waiting ?? 0;
}
