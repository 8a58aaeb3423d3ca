import { CloseCode } from 'graphql-ws';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApiClient } from '../../src/demo/api-client.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { connectBots, openMerchant, signIn, type DemoMerchant } from '../../src/demo/merchant.ts';
import {
  LOCAL_CONFIRMATIONS,
  MERCHANT_BOT_TOKEN,
  startSurroundings,
  type Surroundings,
} from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';
import { cutConnections } from '../bus/bus-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { connectWebSocket } from '../testkit/live-clients.ts';
import { followEvents, type EventFollower } from './event-follower.ts';
import { freePort, spawnGateway, type GatewayProcess } from './gateway-process.ts';
import { committedEvents, expectLedgerInBalance, isSettled, paymentsOf } from './ledger-checks.ts';
import { openInvoice } from './shop.ts';

const CHAT = 4_100_000_001;

let chain: LocalChain;
let surroundings: Surroundings;
let database: TestDatabase;
let here: GatewayProcess;
let there: GatewayProcess;
let merchant: DemoMerchant;
/** At the process through which nothing is written. */
let follower: EventFollower;

/** Two gateways with every role, started at once on a database without the tables of the jobs. */
beforeAll(async () => {
  chain = await startLocalChain();
  surroundings = await startSurroundings(chain);
  database = await createTestDatabase();
  const env = { ...surroundings.env, DATABASE_URL: database.url };
  here = spawnGateway(await freePort(), env);
  there = spawnGateway(await freePort(), env);
  await Promise.all([here.ready, there.ready]);
  merchant = await openMerchant(
    { api: createApiClient(here.url), mail: surroundings.mail },
    'ada@shop.example',
  );
  await connectBots(surroundings, merchant, CHAT);
  follower = followEvents(there.url, merchant.liveKey);
});
afterAll(async () => {
  await follower.stop();
  await Promise.all([here.kill(), there.kill()]);
  await surroundings.stop();
  await chain.stop();
  await database.drop();
});

async function expectFollowed(orderId: string, invoiceId: string): Promise<void> {
  const committed = await committedEvents(database.pool, orderId);
  await follower.has(invoiceId, committed.length);
  expect(follower.of(invoiceId).map(({ id, name }) => ({ id, type: name }))).toEqual(committed);
}

/** Its payment rings as well, when it is seen. */
const isPaid = ({ text }: { readonly text: string }): boolean =>
  text.includes('order-1') && text.includes('Invoice paid');

test('a paid invoice is credited once and told once over every channel', async () => {
  const invoice = await openInvoice(merchant, 'order-1');
  await invoice.pay(chain);
  await chain.mine(LOCAL_CONFIRMATIONS);
  await surroundings.mail.waitForMail((mail) => mail.parsed.text?.includes('order-1') ?? false);
  await surroundings.bots.waitForMessage(isPaid);
  await vi.waitUntil(() => isSettled(database.pool), { timeout: 20_000 });

  expect(await paymentsOf(database.pool, 'order-1')).toEqual(['CREDITED']);
  await expectLedgerInBalance(database.pool);
  const available = await database.pool.query("SELECT balance FROM ledger_account WHERE kind = 'AVAILABLE'");
  expect(available.rows).toEqual([{ balance: '40000000' }]);
  const mails = surroundings.mail.mails.filter((mail) => mail.parsed.text?.includes('order-1'));
  expect(mails).toHaveLength(1);
  const messages = surroundings.bots.messages(MERCHANT_BOT_TOKEN).filter(isPaid);
  expect(messages).toHaveLength(1);
  await expectFollowed('order-1', invoice.id);
  expect(follower.of(invoice.id).filter(({ name }) => name === 'invoice.paid')).toHaveLength(1);
});

test('a subscriber at one process sees in order what many write through the other', async () => {
  const orders = Array.from({ length: 20 }, (_, n) => `order-many-${n}`);
  const invoices = await Promise.all(orders.map((order) => openInvoice(merchant, order)));
  for (const [n, order] of orders.entries()) await expectFollowed(order, invoices[n]?.id ?? '');
  const { rows } = await database.pool.query<{ id: string }>(
    `SELECT id FROM event WHERE project_id IS NOT NULL AND mode = 'LIVE' AND subject_type = 'INVOICE' ORDER BY txid, seq`,
  );
  expect(follower.events.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
});

test('a session that ends at one process has its socket closed at the other', async () => {
  const took: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const token = await signIn({ api: createApiClient(there.url) }, merchant.email);
    const socket = connectWebSocket(there.url, token);
    const events = socket.iterate(operations.EventsDocument, { projectId: merchant.projectId, mode: 'LIVE' });
    let open = false;
    void events.next().then(({ done }) => (open = done !== true));
    // It is open when it has told of something.
    await vi.waitUntil(async () => (await openInvoice(merchant, `order-session-${n}`)) && open, {
      timeout: 10_000,
    });
    const begun = performance.now();
    await createApiClient(here.url).as(token).send(operations.SessionEndDocument, {});
    expect(await socket.closed).toBe(CloseCode.Forbidden);
    took.push(Math.round(performance.now() - begun));
  }
  process.stdout.write(
    `session ended at one process, its socket closed at the other after ${took.join(', ')} ms\n`,
  );
});

test('a process whose listening connection is cut still hands every event on', async () => {
  expect(await cutConnections(database, 'paybell-bus')).toBe(2);
  const invoice = await openInvoice(merchant, 'order-cut');
  await expectFollowed('order-cut', invoice.id);
  await vi.waitUntil(async () => (await listening()) === 2, { timeout: 10_000 });
  const next = await openInvoice(merchant, 'order-after');
  await expectFollowed('order-after', next.id);
});

/** Connections of the bus in this database. */
async function listening(): Promise<number> {
  const { rows } = await database.pool.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM pg_stat_activity
     WHERE application_name = 'paybell-bus' AND datname = current_database()`,
  );
  return rows[0]?.open ?? 0;
}
