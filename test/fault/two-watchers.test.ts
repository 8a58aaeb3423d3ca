import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { shopOn } from '../chain/evm-readers.ts';
import { DUE, NETWORK, openShop, type Shop, type ShopInvoice } from '../chain/watched-shop.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { freePort, spawnGateway, type GatewayProcess } from './gateway-process.ts';
import { expectLedgerInBalance } from './ledger-checks.ts';

const CONFIRMATIONS = 3;
/** On a busy machine a node may be left alone for some seconds after a slow answer, a minute at most. */
const WAIT = { timeout: 90_000, interval: 20 };

let chain: LocalChain;
let database: TestDatabase;
let shop: Shop;
let env: Readonly<Record<string, string>>;
let processes: GatewayProcess[];

beforeAll(async () => {
  chain = await startLocalChain();
});
afterAll(() => chain.stop());

beforeEach(async () => {
  // A watcher begins some blocks below the head, where payments of the test before would be: each shop has the same
  // addresses.
  await chain.mine(CONFIRMATIONS + 1);
  database = await createTestDatabase();
  shop = await openShop(database, shopOn(chain));
  const network = {
    network: NETWORK,
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    confirmations: CONFIRMATIONS,
    xpub: chain.xpub,
    pollIntervalMs: 100,
    contracts: { USDT: chain.usdt },
  };
  env = {
    ROLES: 'watcher',
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    NETWORKS: JSON.stringify([network]),
  };
  processes = [];
});
afterEach(async () => {
  await Promise.all(processes.map((each) => each.kill()));
  await database.drop();
});

async function start(): Promise<GatewayProcess> {
  const started = spawnGateway(await freePort(), env);
  processes.push(started);
  await started.ready;
  return started;
}

/** Whether this process has read the network: it led once. */
async function hasLed({ url }: GatewayProcess): Promise<boolean> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return metrics.includes(`paybell_network_height_blocks{network="${NETWORK}"}`);
}

/** The one of two new processes that leads, and the one that waits. */
async function inTurn(pair: readonly [GatewayProcess, GatewayProcess]) {
  const [one, other] = pair;
  await vi.waitUntil(async () => (await hasLed(one)) || (await hasLed(other)), WAIT);
  const leads = await hasLed(one);
  return { leader: leads ? one : other, waiting: leads ? other : one };
}

const paymentCount = async (): Promise<number> =>
  (await database.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM payment')).rows[0]?.n ?? 0;

const payAll = async (invoices: readonly ShopInvoice[]): Promise<void> => {
  for (const { address } of invoices) await chain.sendToken(address, DUE);
};

/** Every invoice paid by one payment, told once, and the ledger exact to the last unit. */
async function expectAllPaidOnce(invoices: readonly ShopInvoice[]): Promise<void> {
  await vi.waitUntil(async () => {
    const statuses = await Promise.all(invoices.map(({ id }) => shop.standing(id)));
    return statuses.every((payments) => payments.includes('CREDITED'));
  }, WAIT);
  for (const { id } of invoices) {
    expect(await shop.standing(id)).toEqual(['CREDITED']);
    expect(await shop.invoiceStatus(id)).toBe('PAID');
  }
  expect(await shop.balances()).toEqual({
    PENDING: '0',
    AVAILABLE: (DUE * BigInt(invoices.length)).toString(),
    sum: '0',
  });
  const { rows } = await database.pool.query<{ type: string; n: number }>(
    `SELECT type, count(*)::int AS n FROM event WHERE type IN ('payment.detected', 'payment.credited', 'invoice.paid')
     GROUP BY type ORDER BY type`,
  );
  expect(rows).toEqual(
    ['invoice.paid', 'payment.credited', 'payment.detected'].map((type) => ({ type, n: invoices.length })),
  );
  await expectLedgerInBalance(database.pool);
}

test('one leads; killed in the middle of a run of payments, the other takes over, and nothing counts twice', async () => {
  const invoices = await Promise.all(Array.from({ length: 24 }, () => shop.invoice()));
  let pair = [await start(), await start()] as const;
  for (const round of [0, 1, 2]) {
    const { leader, waiting } = await inTurn(pair);
    const paying = payAll(invoices.slice(round * 8, round * 8 + 8));
    await vi.waitUntil(async () => (await paymentCount()) >= round * 8 + 3, WAIT);
    await leader.kill();
    await vi.waitUntil(() => hasLed(waiting), WAIT);
    await paying;
    // It has led: the next round needs two that have not.
    const [next] = await Promise.all([
      start(),
      vi.waitUntil(async () => (await paymentCount()) === round * 8 + 8, WAIT),
    ]);
    await waiting.terminate();
    pair = [next, await start()];
  }
  await chain.mine(CONFIRMATIONS);
  await expectAllPaidOnce(invoices);
}, 300_000);

/** Ends the database session by which a process leads. */
async function cutLeader(): Promise<number> {
  const { rows } = await database.pool.query<{ cut: number }>(
    `SELECT count(pg_terminate_backend(a.pid))::int AS cut FROM pg_stat_activity a
     JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
     WHERE a.application_name = 'paybell-leader' AND a.datname = current_database()`,
  );
  return rows[0]?.cut ?? 0;
}

/** Sessions of processes that lead or wait for it. */
async function candidates(): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE application_name = 'paybell-leader' AND datname = current_database()`,
  );
  return rows[0]?.n ?? 0;
}

test('a leader that stood still while its session ended is fenced off when it wakes, and can lead again', async () => {
  const invoices = await Promise.all(Array.from({ length: 18 }, () => shop.invoice()));
  const { leader, waiting } = await inTurn([await start(), await start()]);
  const paying = payAll(invoices.slice(0, 6));
  await vi.waitUntil(async () => (await paymentCount()) >= 2, WAIT);
  leader.pause();
  await vi.waitUntil(async () => (await cutLeader()) === 1, WAIT);
  await vi.waitUntil(() => hasLed(waiting), WAIT);
  await paying;
  // The chain goes on without it.
  await payAll(invoices.slice(6, 10));
  await vi.waitUntil(async () => (await paymentCount()) === 10, WAIT);
  leader.resume();
  await payAll(invoices.slice(10, 12));
  // It has noticed, and waits for its turn by a new session.
  await vi.waitUntil(async () => (await candidates()) === 2, WAIT);
  await vi.waitUntil(async () => (await paymentCount()) === 12, WAIT);

  await waiting.kill();
  await payAll(invoices.slice(12));
  await chain.mine(CONFIRMATIONS);
  await expectAllPaidOnce(invoices);
}, 300_000);
