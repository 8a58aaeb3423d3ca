import { getAddress, parseEther } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPayoutStore } from '../../src/adapters/db/payout-store.ts';
import { createSpendStore } from '../../src/adapters/db/spend-store.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import type { Payout } from '../../src/domain/payout/payout.ts';
import { ChainUnavailable } from '../../src/usecases/ports/chain-reader.ts';
import { HotWalletShort, TransferRefused, type RefusalWord } from '../../src/usecases/ports/chain-spender.ts';
import { payoutFail } from '../../src/usecases/payout/payout-fail.ts';
import { systemStamp } from '../../src/usecases/stamp-event.ts';
import { followOpen } from '../../src/workers/payout-sender/follow-open.ts';
import { waitForSigner } from '../../src/workers/payout-sender/no-signer.ts';
import { sendQueued } from '../../src/workers/payout-sender/send-queued.ts';
import type { SenderDeps } from '../../src/workers/payout-sender/sender-deps.ts';
import { bookAvailable, insertPayout } from '../api/payout-rules/fiat-shop.ts';
import { expectLedgerInBalance } from '../fault/ledger-checks.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { globalIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { keptLog, nodeOf, PAYEE } from './evm-readers.ts';
import { spenderOver } from './evm-spenders.ts';

const NETWORK = 'ETHEREUM';
const WAIT_MS = 60_000;
const AMOUNT = 100_000_000n;

let chain: LocalChain;
let database: TestDatabase;
let spender: Awaited<ReturnType<typeof spenderOver>>;
let merchantId: string;
let log: ReturnType<typeof keptLog>;
/** The last event of the tests before. */
let before: string;
const clock = createMovableClock();
const { signal } = new AbortController();
const feed = { poke: () => undefined };

beforeAll(async () => {
  [chain, database] = await Promise.all([startLocalChain(), createTestDatabase()]);
  spender = await spenderOver(chain);
  await chain.sendNative(spender.hotAddress, parseEther('1'));
});
afterAll(async () => {
  await chain.stop();
  await database.drop();
});
beforeEach(async () => {
  log = keptLog();
  const { rows } = await database.pool.query<{ seq: string }>(
    'SELECT coalesce(max(seq), 0) AS seq FROM event',
  );
  before = rows[0]?.seq ?? '0';
  merchantId = ids.next();
  await database.pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [merchantId],
  );
  await bookAvailable(database.pool, globalIdOf('Merchant', merchantId), 'USDT', 100n * AMOUNT);
});
afterEach(async () => {
  await expectLedgerInBalance(database.pool);
  // What was signed and not sent stands in nobody's way.
  await database.pool.query('TRUNCATE spend, payout, account_nonce, waiting_alert CASCADE');
});

const senderDeps = (options: Partial<SenderDeps> = {}): SenderDeps => ({
  spender,
  spends: createSpendStore(database.pool, ids),
  payoutCheck: () => Promise.resolve({ allowed: true }),
  sourceStands: () => Promise.resolve(true),
  payoutFail: payoutFail({ payouts: createPayoutStore(database.pool, ids), ids, clock, feed }),
  stamp: systemStamp({ ids, clock }),
  confirmations: 1,
  outbidAfterMilliseconds: WAIT_MS,
  stuckAfterMilliseconds: 10 * WAIT_MS,
  ids,
  clock,
  feed,
  logger: log,
  ...options,
});

const queue = (address: string, more: Partial<Payout> = {}) =>
  insertPayout(database.pool, {
    merchantId,
    currency: 'USDT',
    debited: AMOUNT,
    target: { kind: 'CRYPTO', network: NETWORK, address },
    ...more,
  });

async function payoutOf({ id }: Payout) {
  const { rows } = await database.pool.query(
    'SELECT status, waits_for AS "waitsFor", failure FROM payout WHERE id = $1',
    [id],
  );
  return rows[0];
}

async function balances(): Promise<Record<string, bigint>> {
  const { rows } = await database.pool.query<{ kind: string; balance: string }>(
    'SELECT kind, balance::text FROM ledger_account WHERE merchant_id = $1',
    [merchantId],
  );
  return Object.fromEntries(rows.map(({ kind, balance }) => [kind, BigInt(balance)]));
}

const told = async (type: string): Promise<readonly Record<string, unknown>[]> =>
  (
    await database.pool.query<{ data: Record<string, unknown> }>(
      'SELECT data FROM event WHERE type = $1 AND seq > $2 ORDER BY seq',
      [type, before],
    )
  ).rows.map(({ data }) => data);

it('fails what the chain does not carry out, and gives the money back', async () => {
  await chain.sendToken(spender.hotAddress, 10n * AMOUNT);
  const [own, contract] = [await queue(spender.hotAddress), await queue(chain.usdt)];
  const good = await queue(PAYEE);
  await sendQueued(senderDeps(), signal);
  for (const refused of [own, contract])
    expect(await payoutOf(refused)).toEqual({
      status: 'FAILED',
      waitsFor: null,
      failure: 'TRANSFER_REFUSED',
    });
  expect(await payoutOf(good)).toMatchObject({ status: 'SIGNED' });
  expect(await balances()).toEqual({ AVAILABLE: 99n * AMOUNT, HELD: AMOUNT });
  expect(await told('payout.failed')).toEqual(
    expect.arrayContaining([expect.objectContaining({ payoutId: own.id, reason: 'TRANSFER_REFUSED' })]),
  );
});

it('keeps the money of a refund or rebound set aside, whoever decides on it', async () => {
  const refund = await queue(spender.hotAddress, { origin: 'REFUND', sourceId: ids.next() });
  await sendQueued(senderDeps(), signal);
  expect(await payoutOf(refund)).toMatchObject({ status: 'FAILED' });
  expect(await balances()).toEqual({ AVAILABLE: 99n * AMOUNT, HELD: AMOUNT });
});

it.each([1, 2])('ends what gives back a payment that was reversed, found at look %i', async (look) => {
  const [reversed, good] = [
    await queue(PAYEE, { origin: 'REBOUND', sourceId: ids.next() }),
    await queue(PAYEE),
  ];
  let looks = 0;
  const sourceStands: SenderDeps['sourceStands'] = ({ id }) =>
    Promise.resolve(id !== reversed.id || ++looks < look);
  await sendQueued(senderDeps({ sourceStands }), signal);
  expect(await payoutOf(reversed)).toMatchObject({ status: 'FAILED', failure: 'PAYMENT_REVERSED' });
  expect(await payoutOf(good)).toMatchObject({ status: 'SIGNED' });
  expect(await balances()).toEqual({ AVAILABLE: 98n * AMOUNT, HELD: 2n * AMOUNT });
});

it('goes on with the others where one cannot be signed', async () => {
  const [odd, good] = [await queue(PAYEE), await queue(PAYEE)];
  const spends = createSpendStore(database.pool, ids);
  const signed: SenderDeps['spends']['signed'] = (spend) =>
    spend.payout?.id === odd.id ? Promise.reject(new Error('odd')) : spends.signed(spend);
  await sendQueued(senderDeps({ spends: { ...spends, signed } }), signal);
  expect(await payoutOf(odd)).toMatchObject({ status: 'QUEUED', waitsFor: 'FAULT' });
  expect(await payoutOf(good)).toMatchObject({ status: 'SIGNED' });
  expect(JSON.stringify(log)).toContain(odd.id);
  await sendQueued(senderDeps({ spends: { ...spends, signed } }), signal);
  expect(await told('custody.payout_unsigned')).toEqual([
    expect.objectContaining({ network: NETWORK, why: 'FAULT', payoutId: odd.id }),
  ]);
});

const refusing = (word: RefusalWord) =>
  senderDeps({
    spender: { ...spender, place: () => Promise.reject(new TransferRefused('reverted', word)) },
  });

it('fails a payout only when all nodes have refused it for a while', async () => {
  const payout = await queue(PAYEE);
  for (let round = 0; round < 3; round += 1) await sendQueued(refusing('NOW'), signal);
  expect(await payoutOf(payout)).toMatchObject({ status: 'QUEUED', waitsFor: 'TRANSFER_REFUSED' });
  expect(await told('payout.waiting')).toHaveLength(1);
  clock.advance({ milliseconds: 10 * WAIT_MS });
  await sendQueued(refusing('NOW'), signal);
  expect(await payoutOf(payout)).toMatchObject({ status: 'FAILED', failure: 'TRANSFER_REFUSED' });
  expect(await balances()).toMatchObject({ AVAILABLE: 100n * AMOUNT });
});

it('fails no payout that is refused in doubt, and tells operators when that lasts', async () => {
  const [one, other] = [await queue(PAYEE), await queue(PAYEE)];
  for (let round = 0; round < 4; round += 1) {
    await sendQueued(refusing('DOUBTED'), signal);
    clock.advance({ milliseconds: 10 * WAIT_MS });
  }
  for (const payout of [one, other])
    expect(await payoutOf(payout)).toMatchObject({ status: 'QUEUED', waitsFor: 'TRANSFER_DOUBTED' });
  expect(await told('custody.payout_unsigned')).toEqual([
    expect.objectContaining({ network: NETWORK, why: 'TRANSFER_DOUBTED' }),
  ]);
  // It has been refused for long, and now all nodes are sure.
  await sendQueued(refusing('NOW'), signal);
  expect(await payoutOf(one)).toMatchObject({ status: 'FAILED', failure: 'TRANSFER_REFUSED' });
});

it('tells of a shortage again when it lasts, and of one of much less', async () => {
  const short = senderDeps({
    spender: { ...spender, place: () => Promise.reject(new HotWalletShort('USDT', 'short')) },
  });
  const tellings = async () => {
    await sendQueued(short, signal);
    return (await told('custody.hot_wallet_short')).length;
  };
  await queue(PAYEE, { debited: 50n * AMOUNT });
  expect([await tellings(), await tellings()]).toEqual([1, 1]);
  await queue(PAYEE, { debited: 40n * AMOUNT });
  expect(await tellings()).toBe(1);
  await queue(PAYEE, { debited: AMOUNT });
  expect([await tellings(), await tellings()]).toEqual([2, 2]);
  clock.advance({ milliseconds: 6 * 60 * WAIT_MS });
  expect(await tellings()).toBeGreaterThan(2);
});

it('calls no shortage what only waits for change', async () => {
  const spends = createSpendStore(database.pool, ids);
  const short = senderDeps({
    spender: { ...spender, place: () => Promise.reject(new HotWalletShort('USDT', 'short')) },
    spends: { ...spends, change: () => Promise.resolve(2n * AMOUNT) },
  });
  const payout = await queue(PAYEE, { debited: 2n * AMOUNT });
  await sendQueued(short, signal);
  expect(await payoutOf(payout)).toMatchObject({ status: 'QUEUED', waitsFor: 'CHANGE_UNCONFIRMED' });
  expect(await told('custody.hot_wallet_short')).toEqual([]);
});

it('looks at the others where one cannot be outbid', async () => {
  const [one, other] = [await queue(PAYEE), await queue(PAYEE)];
  await sendQueued(senderDeps(), signal);
  await followOpen(senderDeps(), signal);
  clock.advance({ milliseconds: WAIT_MS });
  const [first] = await senderDeps().spends.open(NETWORK, 1);
  const dear = {
    ...spender,
    look: (...asked: Parameters<typeof spender.look>) =>
      asked[1][0] === first?.transactions[0]?.txId
        ? Promise.resolve({ kind: 'POOL' as const, txId: asked[1][0] ?? '' })
        : spender.look(...asked),
    outbid: () => Promise.reject(new ChainUnavailable('gas is dear')),
  };
  await followOpen(senderDeps({ spender: dear }), signal);
  expect(await payoutOf(one)).toMatchObject({ status: 'BROADCAST' });
  expect(await payoutOf(other)).toMatchObject({ status: 'CONFIRMED' });
  await followOpen(senderDeps(), signal);
});

it('looks past any number of payouts that wait', async () => {
  const barred = new Set<string>();
  for (let i = 0; i < 105; i += 1) barred.add((await queue(PAYEE, { debited: 1_000n })).id);
  await database.pool.query(`UPDATE payout SET address = $1`, [chain.usdt]);
  const good = await queue(PAYEE);
  const payoutCheck: SenderDeps['payoutCheck'] = async ({ target }) =>
    target.kind === 'CRYPTO' && target.address === chain.usdt
      ? { allowed: false, reason: 'ADDRESS_NOT_LISTED', until: null }
      : { allowed: true };
  for (let round = 0; round < 2; round += 1) await sendQueued(senderDeps({ payoutCheck }), signal);
  expect(await payoutOf(good)).toMatchObject({ status: 'SIGNED' });
  expect(await told('payout.stalled')).toHaveLength(105);
});

it('signs nothing that was held while it was being signed, and takes no place for it', async () => {
  const held = await queue(PAYEE);
  const answers = [true, false];
  const payoutCheck: SenderDeps['payoutCheck'] = () =>
    Promise.resolve(
      answers.shift() === true
        ? { allowed: true }
        : { allowed: false, reason: 'ADDRESS_INVALID', until: null },
    );
  await sendQueued(senderDeps({ payoutCheck }), signal);
  expect(await payoutOf(held)).toMatchObject({ status: 'QUEUED', waitsFor: 'ADDRESS_INVALID' });
  expect((await database.pool.query('SELECT FROM spend')).rows).toEqual([]);
  await sendQueued(senderDeps(), signal);
  await followOpen(senderDeps(), signal);
  await followOpen(senderDeps(), signal);
  expect(await payoutOf(held)).toEqual({ status: 'CONFIRMED', waitsFor: null, failure: null });
});

it('tells operators once of a shortage, and again of the next one', async () => {
  const [first, second] = [
    await queue(PAYEE, { debited: 50n * AMOUNT }),
    await queue(PAYEE, { debited: 50n * AMOUNT }),
  ];
  for (let round = 0; round < 3; round += 1) await sendQueued(senderDeps(), signal);
  for (const payout of [first, second])
    expect(await payoutOf(payout)).toMatchObject({ status: 'QUEUED', waitsFor: 'HOT_WALLET_SHORT' });
  expect(await told('custody.hot_wallet_short')).toEqual([
    expect.objectContaining({
      network: NETWORK,
      asset: 'USDT',
      address: spender.hotAddress,
      currency: 'USDT',
      amount: expect.any(String),
    }),
  ]);
  expect(await told('payout.waiting')).toHaveLength(2);
  await chain.sendToken(spender.hotAddress, 100n * AMOUNT);
  await sendQueued(senderDeps(), signal);
  expect(await payoutOf(second)).toMatchObject({ status: 'SIGNED', waitsFor: null });
  await bookAvailable(database.pool, globalIdOf('Merchant', merchantId), 'USDT', 10_000n * AMOUNT);
  clock.advance({ milliseconds: 10 * WAIT_MS });
  await queue(PAYEE, { debited: 9_000n * AMOUNT });
  await sendQueued(senderDeps(), signal);
  expect(await told('custody.hot_wallet_short')).toHaveLength(2);
});

it('says of payouts without a signer that they wait for one', async () => {
  const payout = await queue(PAYEE);
  for (let round = 0; round < 2; round += 1) await waitForSigner(senderDeps(), NETWORK);
  expect(await payoutOf(payout)).toMatchObject({ status: 'QUEUED', waitsFor: 'SIGNER_MISSING' });
  expect(await told('payout.waiting')).toHaveLength(1);
});

it('signs nothing anew where a stranger used its place, and tells operators once', async () => {
  const payout = await queue(PAYEE);
  await sendQueued(senderDeps(), signal);
  const [spend] = await senderDeps().spends.open(NETWORK, 1);
  if (!spend) throw new Error('nothing was signed');
  // Somebody else has the key.
  const theirs = await spender.sign({ asset: 'ETH', to: PAYEE, amount: 1n }, spend.place);
  expect(await spender.broadcast(theirs.raw)).toBe('taken');
  await chain.mine(1);
  await followOpen(senderDeps(), signal);
  expect(await told('custody.spend_stuck')).toEqual([]);
  clock.advance({ milliseconds: WAIT_MS });
  for (let round = 0; round < 3; round += 1) await followOpen(senderDeps(), signal);
  expect(await told('custody.spend_stuck')).toEqual([
    expect.objectContaining({ spendId: spend.id, why: 'FOREIGN', payoutId: payout.id, network: NETWORK }),
  ]);
  expect(await payoutOf(payout)).toMatchObject({ status: 'SIGNED' });
  expect(await balances()).toEqual({ AVAILABLE: 99n * AMOUNT, HELD: AMOUNT });
});

it('ends what an operator gave up when its place is used for good, and not before', async () => {
  const [payout, next] = [await queue(PAYEE), await queue(PAYEE)];
  await sendQueued(senderDeps(), signal);
  const [spend] = await senderDeps().spends.open(NETWORK, 1);
  if (!spend) throw new Error('nothing was signed');
  const theirs = await spender.sign({ asset: 'ETH', to: PAYEE, amount: 1n }, spend.place);
  expect(await spender.broadcast(theirs.raw)).toBe('taken');
  await chain.mine(1);
  const round = () => followOpen(senderDeps({ confirmations: 3 }), signal);
  for (let blocks = 0; blocks < 4; blocks += 1) {
    await round();
    await chain.mine(1);
  }
  // Final for long, but nobody gave it up.
  expect(await payoutOf(payout)).toMatchObject({ status: 'SIGNED' });
  await database.pool.query('UPDATE spend SET given_up_at = now()');
  const deep = () => followOpen(senderDeps({ confirmations: 128 }), signal);
  await deep();
  expect(await payoutOf(payout)).toMatchObject({ status: 'SIGNED' });
  // Nodes without an archive tell of no nonce 128 blocks ago.
  await chain.mine(120);
  await Promise.all([deep(), deep()]);
  expect(await payoutOf(payout)).toEqual({
    status: 'FAILED',
    waitsFor: null,
    failure: 'PLACE_USED_ELSEWHERE',
  });
  expect(await told('payout.failed')).toEqual([
    expect.objectContaining({ payoutId: payout.id, reason: 'PLACE_USED_ELSEWHERE' }),
  ]);
  await round();
  // The one behind it has its own place, and was given up too: the chain says that it was mined.
  expect(await payoutOf(next)).toMatchObject({ status: 'CONFIRMED' });
  expect(await balances()).toEqual({ AVAILABLE: 99n * AMOUNT, HELD: 0n });
});

it('signs nothing where the chain knows of more than was signed here', async () => {
  const [first, second] = [await queue(PAYEE), await queue(PAYEE)];
  // As after an older backup was put in place: the chain is ahead.
  const put = (next: number) =>
    database.pool.query(
      `INSERT INTO account_nonce (network, address, next) VALUES ($1, $2, $3)
       ON CONFLICT (network, address) DO UPDATE SET next = excluded.next`,
      [NETWORK, spender.hotAddress, next],
    );
  await put(0);
  for (let round = 0; round < 2; round += 1) await sendQueued(senderDeps(), signal);
  expect(await payoutOf(first)).toMatchObject({ status: 'QUEUED', waitsFor: 'ACCOUNT_USED_ELSEWHERE' });
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  await put(await nodeOf(chain).client.getTransactionCount({ address: getAddress(spender.hotAddress) }));
  await sendQueued(senderDeps(), signal);
  expect(await payoutOf(first)).toMatchObject({ status: 'SIGNED', waitsFor: null });
  expect(await payoutOf(second)).toMatchObject({ status: 'SIGNED' });
});

it('tells operators once of what no node takes', async () => {
  await queue(PAYEE);
  await sendQueued(senderDeps(), signal);
  const deaf = {
    ...spender,
    broadcast: () => Promise.resolve('refused' as const),
    outbid: () => Promise.resolve(null),
  };
  for (let round = 0; round < 3; round += 1) {
    await followOpen(senderDeps({ spender: deaf }), signal);
    clock.advance({ milliseconds: WAIT_MS });
  }
  expect(await told('custody.spend_stuck')).toEqual([expect.objectContaining({ why: 'REFUSED' })]);
  // Nodes that come to their senses are given the same transaction.
  await followOpen(senderDeps(), signal);
  await chain.mine(1);
  await followOpen(senderDeps(), signal);
  expect(await told('payout.confirmed')).toHaveLength(1);
});
