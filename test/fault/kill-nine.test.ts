import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApiClient } from '../../src/demo/api-client.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { connectBots, openMerchant } from '../../src/demo/merchant.ts';
import {
  INFO_BOT_TOKEN,
  MERCHANT_BOT_TOKEN,
  startSurroundings,
  type Surroundings,
} from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { rounds } from '../testkit/long.ts';
import { followEvents } from './event-follower.ts';
import { freePort, spawnGateway, type GatewayProcess } from './gateway-process.ts';
import { committedEvents, expectLedgerInBalance, isSettled, paymentsOf } from './ledger-checks.ts';
import { seededRandom, type Random } from './seed.ts';
import { openInvoice, withConfirmations } from './shop.ts';

const KILLS = rounds(8, 20);
/** More than there are kills, each of which comes with one block. */
const CONFIRMATIONS = 25;
const CHAT = 4_100_000_001;
const ORDER = 'order-9';

let chain: LocalChain;
let surroundings: Surroundings;
let database: TestDatabase;
let port: number;
let gateway: GatewayProcess;
const readyAfter: number[] = [];

beforeAll(async () => {
  chain = await startLocalChain();
  surroundings = await startSurroundings(chain);
  database = await createTestDatabase();
  port = await freePort();
  // One that ends in order leaves its compiled modules to the others.
  gateway = start();
  await gateway.ready;
  await gateway.terminate();
  readyAfter.length = 0;
});
afterAll(async () => {
  await gateway.kill();
  await surroundings.stop();
  await chain.stop();
  await database.drop();
});

function start(): GatewayProcess {
  const started = spawnGateway(port, {
    ...withConfirmations(surroundings, CONFIRMATIONS),
    DATABASE_URL: database.url,
  });
  started.ready.then((milliseconds) => readyAfter.push(milliseconds), ignore);
  return started;
}
const ignore = (): void => undefined;

/** The highest block taken in. */
async function height(): Promise<bigint> {
  const { rows } = await database.pool.query<{ height: string }>('SELECT height FROM chain_cursor');
  return BigInt(rows[0]?.height ?? 0);
}

/** Waits for a moment somewhere in the life of the process, from its first instructions to well after a new block. */
async function randomMoment(random: Random, before: bigint): Promise<string> {
  const moment = random.pick(['starting', 'ready', 'running', 'block', 'block']);
  if (moment === 'starting') await delay(random.below(Math.max(...readyAfter)));
  else await gateway.ready;
  if (moment === 'running') await delay(random.below(300));
  if (moment === 'block')
    await vi.waitUntil(async () => (await height()) > before, { timeout: 10_000, interval: 2 });
  return moment;
}

test('kill -9 again and again between detection and credit: paid once, told once over every channel', async () => {
  const random = seededRandom();
  gateway = start();
  await gateway.ready;
  const api = createApiClient(gateway.url);
  const merchant = await openMerchant({ api, mail: surroundings.mail }, 'ada@shop.example');
  await connectBots(surroundings, merchant, CHAT);
  const follower = followEvents(gateway.url, merchant.liveKey);
  const invoice = await openInvoice(merchant, ORDER);
  const toldBefore = surroundings.bots.messages(INFO_BOT_TOKEN).length;

  await invoice.pay(chain);
  await vi.waitUntil(async () => (await paymentsOf(database.pool, ORDER)).length > 0, { timeout: 10_000 });
  const detectedAt = await height();
  const schedule: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await height();
    await chain.mine(1);
    schedule.push(await randomMoment(random, before));
    expect(await gateway.kill()).toMatchObject({ signal: 'SIGKILL' });
    const [status] = await paymentsOf(database.pool, ORDER);
    expect(['DETECTED', 'CONFIRMING']).toContain(status);
    gateway = start();
  }
  expect(await height(), `no progress between the kills: ${schedule.join(' ')}`).toBeGreaterThan(detectedAt);

  await gateway.ready;
  await chain.mine(CONFIRMATIONS);
  await surroundings.mail.waitForMail((mail) => mail.parsed.text?.includes(ORDER) ?? false, 20_000);
  await surroundings.bots.waitForMessage((message) => message.text.includes(ORDER), 20_000);
  await vi.waitUntil(() => isSettled(database.pool), { timeout: 20_000 });

  const shown = await merchant.live.send(operations.InvoiceDocument, { id: invoice.id });
  expect(shown.invoice).toMatchObject({ status: 'PAID', exception: 'NONE', amountPaid: { amount: '40.00' } });
  expect(await paymentsOf(database.pool, ORDER)).toEqual(['CREDITED']);
  await expectLedgerInBalance(database.pool);
  const { balances } = await merchant.live.send(operations.BalancesDocument, {});
  expect(balances).toEqual([
    {
      asset: { code: 'USDT' },
      pending: { amount: '0.000000' },
      available: { amount: '40.000000' },
      held: { amount: '0.000000' },
    },
  ]);

  const paidMails = surroundings.mail.mails.filter((mail) => mail.parsed.text?.includes(ORDER));
  expect(paidMails.map((mail) => mail.recipients)).toEqual([['ada@shop.example']]);
  const paidMessages = surroundings.bots
    .messages(MERCHANT_BOT_TOKEN)
    .filter(({ text }) => text.includes(ORDER) && text.includes('Invoice paid'));
  expect(paidMessages.map(({ chatId }) => chatId)).toEqual([String(CHAT)]);
  expect(surroundings.bots.messages(INFO_BOT_TOKEN)).toHaveLength(toldBefore);

  const committed = await committedEvents(database.pool, ORDER);
  expect(committed.filter(({ type }) => type === 'invoice.paid')).toHaveLength(1);
  await follower.has(invoice.id, committed.length);
  expect(follower.of(invoice.id).map(({ id, name }) => ({ id, type: name }))).toEqual(committed);
  await follower.stop();
  await tellStarts();
}, 180_000);

/** How long the starts took, for whoever wonders why this test takes its time. */
async function tellStarts(): Promise<void> {
  const sorted = readyAfter.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  process.stdout.write(`${sorted.length} starts, ready after ${median.toFixed(0)} ms in the median\n`);
}
