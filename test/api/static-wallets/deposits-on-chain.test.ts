import { beforeEach, expect, test } from 'vitest';
import { createDepositStore } from '../../../src/adapters/db/deposit-store.ts';
import { createInvoiceStore } from '../../../src/adapters/db/invoice-store.ts';
import { jitteredPause } from '../../../src/adapters/system/jittered-pause.ts';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { uuidSource as ids } from '../../../src/adapters/system/uuid-source.ts';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import { createInvoiceWriting } from '../../../src/usecases/invoice/invoice-writing.ts';
import type { BlockRef } from '../../../src/usecases/ports/chain-store.ts';
import { depositConfirm } from '../../../src/usecases/static-wallet/deposit-confirm.ts';
import { depositObserve } from '../../../src/usecases/static-wallet/deposit-observe.ts';
import { depositOrphan } from '../../../src/usecases/static-wallet/deposit-orphan.ts';
import { createDepositWriting } from '../../../src/usecases/static-wallet/deposit-writing.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { eventTypes, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { balancesOf } from '../../testkit/shop.ts';
import { ADDRESSES_ONLY, block, createWallet, depositsOf, walletKey } from './wallet-shop.ts';

const kit = usePlatform({ env: ADDRESSES_ONLY });
const NETWORK = 'ETHEREUM';

/** What a watcher tells of a wallet, on the real database. */
function watcher() {
  const { pool } = kit.database;
  const invoices = createInvoiceStore(pool, ids);
  const rates = { table: async () => ({ rateOf: () => null }) };
  const shared = { ids, feed: { poke: () => undefined }, pause: jitteredPause };
  const writing = createDepositWriting({
    ...createInvoiceWriting({ ...shared, invoices, rates, clock: systemClock }),
    ...shared,
    deposits: createDepositStore(pool, ids),
  });
  return {
    observe: depositObserve({ ...writing, confirmations: new Map([[NETWORK, 4]]) }),
    confirm: depositConfirm(writing),
    orphan: depositOrphan(writing),
  };
}

const FIRST: BlockRef = { height: 10n, hash: '0x10' };
const SECOND: BlockRef = { height: 11n, hash: '0x11' };
const AMOUNT = 25_000_000n;

let merchant: DemoMerchant;
let api: ApiClient;
let wallet: { id: string; address: string };
let told: ReturnType<typeof watcher>;
let tests = 0;
beforeEach(async () => {
  tests += 1;
  merchant = await openMerchant(kit.platform, `ada${tests}@shop.example`);
  api = await walletKey(kit.platform, merchant, 'LIVE');
  wallet = await createWallet(api);
  told = watcher();
});

const seen = (mined: BlockRef | null, outputIndex = 0) => ({
  network: NETWORK,
  staticWalletId: rowIdOf(wallet.id),
  block: mined,
  at: new Date(),
  transfer: {
    txId: `0xtx${tests}`,
    outputIndex,
    to: wallet.address,
    asset: 'USDT',
    contract: null,
    amount: AMOUNT,
  },
});
/** The row id of the one deposit. */
const paymentId = async () => rowIdOf((await depositsOf(api, wallet.id))[0]?.id ?? '');
const deposits = async () => (await depositsOf(api, wallet.id)).map(({ status }) => status);
const story = async () => (await eventTypes(kit.database.pool, wallet.id)).slice(1);
const balance = async () => (await balancesOf(api))['USDT'];

test('a deposit goes from the memory pool over a block to the balance, however often it is told', async () => {
  for (const mined of [null, null, FIRST, null, FIRST]) await told.observe(seen(mined));
  expect(await deposits()).toEqual(['CONFIRMING']);
  expect(await balance()).toEqual(['25.000000', '0.000000', '0.000000']);
  const id = await paymentId();
  await told.confirm({ paymentId: id, blockHash: SECOND.hash });
  expect(await deposits()).toEqual(['CONFIRMING']);
  await Promise.all(Array.from({ length: 10 }, () => told.confirm({ paymentId: id, blockHash: FIRST.hash })));
  expect(await balance()).toEqual(['0.000000', '25.000000', '0.000000']);
  expect(await story()).toEqual(['deposit.detected', 'deposit.confirming', 'deposit.credited']);
  const { rows } = await kit.database.pool.query(
    'SELECT confirmations_required, block_height::text, revision FROM payment WHERE id = $1',
    [id],
  );
  expect(rows).toEqual([{ confirmations_required: 4, block_height: '10', revision: 2 }]);
  await expectLedgerInBalance(kit.database.pool);
});

test('ten watchers that see it at once make one payment', async () => {
  await Promise.all(Array.from({ length: 10 }, () => told.observe(seen(FIRST))));
  expect(await deposits()).toEqual(['CONFIRMING']);
  expect(await story()).toEqual(['deposit.detected']);
  expect(await balance()).toEqual(['25.000000', '0.000000', '0.000000']);
});

test('30 outputs of one transaction, told at once, are 30 deposits', async () => {
  await Promise.all(Array.from({ length: 30 }, (_, i) => told.observe(seen(FIRST, i))));
  expect(await balance()).toEqual(['750.000000', '0.000000', '0.000000']);
  const ofAll = await depositsOf(api, wallet.id);
  await Promise.all(ofAll.map(({ id }) => told.confirm({ paymentId: rowIdOf(id), blockHash: FIRST.hash })));
  expect(await balance()).toEqual(['0.000000', '750.000000', '0.000000']);
  await expectLedgerInBalance(kit.database.pool);
});

test('a deposit that is replaced in the memory pool is taken back', async () => {
  await told.observe(seen(null));
  const id = await paymentId();
  await told.orphan({ paymentId: id, blockHash: FIRST.hash });
  expect(await deposits()).toEqual(['DETECTED']);
  for (let times = 0; times < 2; times++) await told.orphan({ paymentId: id, blockHash: null });
  expect(await deposits()).toEqual(['ORPHANED']);
  expect(await balance()).toEqual(['0.000000', '0.000000', '0.000000']);
  expect(await story()).toEqual(['deposit.detected', 'deposit.orphaned']);
});

test('a reorg takes a credited deposit back, and it comes again in another block; a block of the wallet meanwhile changes nothing', async () => {
  await told.observe(seen(FIRST));
  const id = await paymentId();
  await told.confirm({ paymentId: id, blockHash: FIRST.hash });
  await told.orphan({ paymentId: id, blockHash: FIRST.hash });
  expect(await balance()).toEqual(['0.000000', '0.000000', '0.000000']);
  await block(api, wallet.id);
  await told.observe(seen(SECOND));
  await told.confirm({ paymentId: id, blockHash: SECOND.hash });
  expect(await balance()).toEqual(['0.000000', '25.000000', '0.000000']);
  expect(await story()).toEqual([
    'deposit.detected',
    'deposit.credited',
    'deposit.reversed',
    'static_wallet.blocked',
    'deposit.detected',
    'deposit.credited',
  ]);
  const { rows } = await kit.database.pool.query<{ entry: string }>(
    `SELECT split_part(source_id, '/', 2) || ' ' || kind AS entry FROM ledger_transaction
     WHERE source_id LIKE $1 || '/%' ORDER BY id`,
    [id],
  );
  expect(rows.map(({ entry }) => entry)).toEqual([
    '1 DETECTED',
    '1 CREDITED',
    '1 REVERSED',
    '2 DETECTED',
    '2 CREDITED',
  ]);
  await expectLedgerInBalance(kit.database.pool);
});

test('a reorg takes held money back as well', async () => {
  await block(api, wallet.id);
  await told.observe(seen(FIRST));
  const id = await paymentId();
  await told.confirm({ paymentId: id, blockHash: FIRST.hash });
  expect(await balance()).toEqual(['0.000000', '0.000000', '25.000000']);
  await told.orphan({ paymentId: id, blockHash: FIRST.hash });
  expect(await balance()).toEqual(['0.000000', '0.000000', '0.000000']);
  expect((await story()).slice(-2)).toEqual(['deposit.held', 'deposit.reversed']);
});

test('what is told of nothing changes nothing', async () => {
  const before = await rowCounts(kit.database.pool, ['payment', 'posting', 'event']);
  const nobody = '019a0000-0000-7000-8000-000000000000';
  await told.observe({ ...seen(FIRST), staticWalletId: nobody });
  await told.confirm({ paymentId: nobody, blockHash: FIRST.hash });
  await told.orphan({ paymentId: nobody, blockHash: FIRST.hash });
  expect(await rowCounts(kit.database.pool, ['payment', 'posting', 'event'])).toEqual(before);
});

test('deposits to a wallet of an archived, blocked project are taken in all the same', async () => {
  await kit.database.pool.query(
    `UPDATE project SET moderation = 'BLOCKED', archived_at = now() WHERE id = $1`,
    [rowIdOf(merchant.projectId)],
  );
  await told.observe(seen(FIRST));
  await told.confirm({ paymentId: await paymentId(), blockHash: FIRST.hash });
  expect(await balance()).toEqual(['0.000000', '25.000000', '0.000000']);
});
