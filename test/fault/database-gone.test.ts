import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/adapters/db/embedded/embedded-postgres.ts';
import { createApiClient } from '../../src/demo/api-client.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { connectBots, openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import {
  LOCAL_CONFIRMATIONS,
  MERCHANT_BOT_TOKEN,
  startSurroundings,
  type Surroundings,
} from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';
import { followEvents } from './event-follower.ts';
import { freePort, spawnGateway, type GatewayProcess } from './gateway-process.ts';
import { committedEvents, expectLedgerInBalance, isSettled, paymentsOf } from './ledger-checks.ts';
import { openInvoice } from './shop.ts';

const CHAT = 4_100_000_001;

let dataDir: string;
let postgres: EmbeddedPostgres;
let pool: pg.Pool;
let chain: LocalChain;
let surroundings: Surroundings;
let gateway: GatewayProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'paybell-fault-'));
  await chmod(dataDir, 0o755);
  postgres = await startPostgres();
  pool = openPool();
  chain = await startLocalChain();
  surroundings = await startSurroundings(chain);
  gateway = spawnGateway(await freePort(), { ...surroundings.env, DATABASE_URL: postgres.url });
  await gateway.ready;
});
afterAll(async () => {
  await gateway.kill();
  await surroundings.stop();
  await chain.stop();
  await pool.end();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** With fsync: what was acknowledged must be there after the kill. */
const startPostgres = () => startEmbeddedPostgres({ dataDir: path.join(dataDir, 'postgres') });

function openPool(): pg.Pool {
  const opened = new pg.Pool({ connectionString: postgres.url });
  opened.on('error', () => undefined);
  return opened;
}

const readiness = async (): Promise<{ status: number; reasons: unknown }> => {
  const response = await fetch(`${gateway.url}/readyz`);
  return { status: response.status, reasons: ((await response.json()) as { reasons: unknown }).reasons };
};

const create = ({ live }: DemoMerchant, orderId: string) =>
  live.send(operations.InvoiceCreateDocument, {
    input: { amount: '7', currency: 'USD', orderId, idempotencyKey: orderId },
  });

test.each([
  ['once', 1, 2_000],
  ['again, for longer than any part retries quickly', 2, 12_000],
])(
  'kill -9 of PostgreSQL %s: nothing is acknowledged that is not there, and the gateway recovers by itself',
  async (_name, round, goneForMs) => {
    const merchant = await openMerchant(
      { api: createApiClient(gateway.url), mail: surroundings.mail },
      `ada${round}@shop.example`,
    );
    await connectBots(surroundings, merchant, CHAT + round);
    const follower = followEvents(gateway.url, merchant.liveKey);
    const order = `order-${round}`;
    const invoice = await openInvoice(merchant, order);
    await follower.has(invoice.id, 2);

    const { acknowledged, attempted, goneAt } = await loseDatabase(merchant, round);
    // While it is gone the payer pays.
    await invoice.pay(chain);
    await chain.mine(LOCAL_CONFIRMATIONS);
    await vi.waitUntil(() => performance.now() - goneAt > goneForMs, { timeout: 20_000 });
    expect(gateway.running()).toBe(true);
    expect(await (await fetch(`${gateway.url}/healthz`)).json()).toEqual({ status: 'ok' });

    const stale = postgres;
    postgres = await startPostgres();
    expect(postgres.url).toBe(stale.url);
    await stale.stop();
    const backAt = performance.now();
    await vi.waitUntil(async () => (await readiness()).status === 200, { timeout: 20_000 });
    const readyAfter = performance.now() - backAt;

    for (const orderId of attempted)
      expect((await create(merchant, orderId)).invoiceCreate).toMatchObject({ orderId });
    const { rows } = await pool.query<{ order_id: string; id: string }>(
      'SELECT order_id FROM invoice WHERE order_id = ANY ($1) ORDER BY order_id',
      [attempted],
    );
    expect(rows.map((row) => row.order_id)).toEqual(attempted.toSorted());
    for (const [orderId, id] of acknowledged)
      expect((await create(merchant, orderId)).invoiceCreate).toMatchObject({ id });

    await surroundings.mail.waitForMail((mail) => mail.parsed.text?.includes(order) ?? false, 60_000);
    await surroundings.bots.waitForMessage(
      ({ text }) => text.includes(order) && text.includes('Invoice paid'),
      60_000,
    );
    process.stdout.write(
      `gone for ${goneForMs} ms: ready ${readyAfter.toFixed(0)} ms after PostgreSQL, paid and told after ${(performance.now() - backAt).toFixed(0)} ms\n`,
    );
    await vi.waitUntil(() => isSettled(pool), { timeout: 20_000 });
    expect(await paymentsOf(pool, order)).toEqual(['CREDITED']);
    await expectLedgerInBalance(pool);
    const messages = surroundings.bots
      .messages(MERCHANT_BOT_TOKEN)
      .filter(({ text }) => text.includes(order) && text.includes('Invoice paid'));
    expect(messages).toHaveLength(1);

    const committed = await committedEvents(pool, order);
    await follower.has(invoice.id, committed.length);
    expect(follower.of(invoice.id).map(({ id, name }) => ({ id, type: name }))).toEqual(committed);
    await follower.stop();
  },
  120_000,
);

test('after all that it still stops in order', async () => {
  expect(await gateway.terminate()).toMatchObject({ code: 0, signal: null });
});

/** Kills the postmaster while invoices are created, and waits until the gateway says that it is not ready. */
async function loseDatabase(merchant: DemoMerchant, round: number) {
  const acknowledged = new Map<string, string>();
  const attempted: string[] = [];
  /** Whether it was acknowledged. */
  const order = async (n: number): Promise<boolean> => {
    const orderId = `order-${round}-during-${n}`;
    attempted.push(orderId);
    const answer = await create(merchant, orderId).catch(() => null);
    if (answer?.invoiceCreate.__typename !== 'Invoice') return false;
    acknowledged.set(orderId, answer.invoiceCreate.id);
    return true;
  };
  const load = (async () => {
    for (let n = 0, failures = 0; failures < 3; n++) if (!(await order(n))) failures += 1;
  })();
  await vi.waitUntil(() => acknowledged.size >= 3, { timeout: 10_000 });
  process.kill(postgres.pid, 'SIGKILL');
  const goneAt = performance.now();
  await vi.waitUntil(async () => (await readiness()).status === 503, { timeout: 10_000 });
  expect((await readiness()).reasons).toHaveProperty('database');
  await load;
  return { acknowledged, attempted, goneAt };
}
