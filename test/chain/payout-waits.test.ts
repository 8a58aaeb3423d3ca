import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPayoutStore } from '../../src/adapters/db/payout-store.ts';
import { createSpendStore } from '../../src/adapters/db/spend-store.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import type { Payout } from '../../src/domain/payout/payout.ts';
import { ChainUnavailable } from '../../src/usecases/ports/chain-reader.ts';
import {
  AccountUsedElsewhere,
  SigningPaused,
  TransferRefused,
  type ChainSpender,
} from '../../src/usecases/ports/chain-spender.ts';
import { payoutFail } from '../../src/usecases/payout/payout-fail.ts';
import { systemStamp } from '../../src/usecases/stamp-event.ts';
import { followOpen } from '../../src/workers/payout-sender/follow-open.ts';
import { waitForSigner } from '../../src/workers/payout-sender/no-signer.ts';
import { sendQueued } from '../../src/workers/payout-sender/send-queued.ts';
import type { SenderDeps } from '../../src/workers/payout-sender/sender-deps.ts';
import { bookAvailable, insertPayout } from '../api/payout-rules/fiat-shop.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { globalIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { keptLog, PAYEE } from './evm-readers.ts';

/** What the sender does with what a network says, whatever the network: it is a fake here. */
const NETWORK = 'ETHEREUM';
const HOT = '0x00000000219ab540356cBB839Cbe05303d7705Fa';
const AMOUNT = 1_000_000n;
const MINUTE = { milliseconds: 60_000 };

let database: TestDatabase;
let merchantId: string;
let before: string;
let log: ReturnType<typeof keptLog>;
const clock = createMovableClock();
const { signal } = new AbortController();
const feed = { poke: () => undefined };

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());
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
  await bookAvailable(database.pool, globalIdOf('Merchant', merchantId), 'USDT', 1_000n * AMOUNT);
});
afterEach(async () => {
  await database.pool.query('TRUNCATE spend, payout, account_nonce, waiting_alert CASCADE');
});

const never = () => Promise.reject(new Error('not asked for here'));
const silent: ChainSpender = {
  network: NETWORK,
  hotAddress: HOT,
  estimate: never,
  place: never,
  sign: never,
  outbid: never,
  broadcast: never,
  look: never,
  usedElsewhere: never,
};

const senderDeps = (spender: Partial<ChainSpender>): SenderDeps => ({
  spender: { ...silent, ...spender },
  spends: createSpendStore(database.pool, ids),
  payoutCheck: () => Promise.resolve({ allowed: true }),
  sourceStands: () => Promise.resolve(true),
  payoutFail: payoutFail({ payouts: createPayoutStore(database.pool, ids), ids, clock, feed }),
  stamp: systemStamp({ ids, clock }),
  confirmations: 1,
  outbidAfterMilliseconds: 60_000,
  stuckAfterMilliseconds: 600_000,
  ids,
  clock,
  feed,
  logger: log,
});

/** A round in which every place is refused with this, or each in its turn. */
const roundOf = (...errors: readonly [Error, ...Error[]]) => {
  let asked = 0;
  const place = () => Promise.reject(errors[asked++ % errors.length] ?? errors[0]);
  return sendQueued(senderDeps({ place }), signal).then(() => asked);
};

const queue = (address: string = PAYEE) =>
  insertPayout(database.pool, {
    merchantId,
    currency: 'USDT',
    debited: AMOUNT,
    target: { kind: 'CRYPTO', network: NETWORK, address },
  });

const waitOf = async ({ id }: Payout): Promise<string | null> =>
  (
    await database.pool.query('SELECT coalesce(waits_for, status::text) AS wait FROM payout WHERE id = $1', [
      id,
    ])
  ).rows[0]?.wait;

const told = async (type: string): Promise<readonly Record<string, unknown>[]> =>
  (
    await database.pool.query<{ data: Record<string, unknown> }>(
      'SELECT data FROM event WHERE type = $1 AND seq > $2 ORDER BY seq',
      [type, before],
    )
  ).rows.map(({ data }) => data);

const down = new ChainUnavailable('no node answers');
const refused = new TransferRefused('reverted', 'NOW');
const doubted = new TransferRefused('reverted', 'DOUBTED');

it('tries the payouts behind one for which no node answered', async () => {
  const payouts = [await queue(), await queue(), await queue(), await queue()];
  expect(await roundOf(down, refused)).toBe(4);
  expect(await Promise.all(payouts.map(waitOf))).toEqual([
    'CHAIN_UNAVAILABLE',
    'TRANSFER_REFUSED',
    'CHAIN_UNAVAILABLE',
    'TRANSFER_REFUSED',
  ]);
});

it('stops after three without an answer, and says of all others what they wait for', async () => {
  const payouts = [];
  for (let i = 0; i < 105; i += 1) payouts.push(await queue());
  expect(await roundOf(down)).toBe(3);
  expect(new Set(await Promise.all(payouts.map(waitOf)))).toEqual(new Set(['CHAIN_UNAVAILABLE']));
  await roundOf(down);
  expect(await told('payout.waiting')).toHaveLength(105);
  expect(log.lines).toHaveLength(3);
});

it.each([
  [new ChainUnavailable('no node answers'), 'CHAIN_UNAVAILABLE'],
  [new SigningPaused('GAS_TOO_DEAR', 'dear'), 'GAS_TOO_DEAR'],
  [new SigningPaused('TRANSACTIONS_MISSING', 'behind'), 'TRANSACTIONS_MISSING'],
])('tells operators of what keeps a network when it lasts: %s', async (error, why) => {
  const payout = await queue();
  for (let minute = 0; minute < 10; minute += 1) {
    await roundOf(error);
    clock.advance(MINUTE);
  }
  expect(await told('custody.payout_unsigned')).toEqual([]);
  for (let round = 0; round < 3; round += 1) await roundOf(error);
  expect(await told('custody.payout_unsigned')).toEqual([
    expect.objectContaining({ network: NETWORK, why, payoutId: payout.id }),
  ]);
});

it.each(['SIGNER_MISSING', 'NETWORK_NOT_CONFIGURED'] as const)(
  'tells operators of %s when it lasts',
  async (why) => {
    await Promise.all([queue(), queue()]);
    await waitForSigner(senderDeps({}), NETWORK, why);
    expect(await told('custody.payout_unsigned')).toEqual([]);
    clock.advance({ milliseconds: 600_000 });
    for (let round = 0; round < 2; round += 1) await waitForSigner(senderDeps({}), NETWORK, why);
    expect(await told('custody.payout_unsigned')).toEqual([expect.objectContaining({ why })]);
  },
);

it('says of all payouts that somebody else used the account', async () => {
  const payouts = [await queue(), await queue()];
  expect(await roundOf(new AccountUsedElsewhere('more'))).toBe(1);
  for (const payout of payouts) expect(await waitOf(payout)).toBe('ACCOUNT_USED_ELSEWHERE');
});

it('fails what is refused although nodes come and go, and tells of it once', async () => {
  const payout = await queue();
  for (const error of [refused, doubted, down, refused, doubted, down, refused, doubted, down, refused]) {
    await roundOf(error);
    expect(await waitOf(payout)).toMatch(/^TRANSFER_/);
    clock.advance(MINUTE);
  }
  expect(await told('payout.waiting')).toHaveLength(1);
  await roundOf(doubted);
  expect(await told('custody.payout_unsigned')).toEqual([
    expect.objectContaining({ why: 'TRANSFER_DOUBTED' }),
  ]);
  await roundOf(refused);
  expect(await waitOf(payout)).toBe('FAILED');
});

/** A transaction that was signed, sent and, where it is of a payout, given up. */
async function sent(payout: Payout | null): Promise<void> {
  await database.pool.query(
    `INSERT INTO spend (id, network, kind, status, payout_id, from_address, from_path, nonce, asset, amount, to_address,
       created_at, given_up_at)
     VALUES ($1, $2, $3::"SpendKind", 'BROADCAST', $4, $5, '1/0', 0, 'USDT', 1, $5, $6, $7)`,
    [ids.next(), NETWORK, payout ? 'PAYOUT' : 'SWEEP', payout?.id, HOT, clock.now(), payout && clock.now()],
  );
  await database.pool.query(
    `INSERT INTO spend_transaction (id, spend_id, tx_id, raw, fee_rate, max_fee, signed_at, broadcast_at)
     SELECT $1, id, '0x1', '\\x01', 1, 1, created_at, created_at FROM spend`,
    [ids.next()],
  );
}

it('tells of a refused transaction once in six hours, however late it is', async () => {
  await sent(null);
  const deaf = senderDeps({
    look: () => Promise.resolve({ kind: 'UNSEEN' }),
    broadcast: () => Promise.resolve('refused'),
    outbid: () => Promise.resolve(null),
  });
  clock.advance({ hours: 1 });
  for (let round = 0; round < 5; round += 1) await followOpen(deaf, signal);
  expect(await told('custody.spend_stuck')).toEqual([expect.objectContaining({ why: 'REFUSED' })]);
  clock.advance({ hours: 6 });
  for (let round = 0; round < 5; round += 1) await followOpen(deaf, signal);
  expect(await told('custody.spend_stuck')).toHaveLength(2);
  // A worse reason is news at once.
  await followOpen(
    { ...deaf, spender: { ...deaf.spender, look: () => Promise.resolve({ kind: 'FOREIGN' }) } },
    signal,
  );
  expect((await told('custody.spend_stuck')).at(-1)).toMatchObject({ why: 'FOREIGN' });
});

it('pays debts first with what an abandoned transaction gives back', async () => {
  const payout = await queue();
  const deps = senderDeps({
    look: () => Promise.resolve({ kind: 'FOREIGN' }),
    usedElsewhere: () => Promise.resolve(true),
  });
  await database.pool.query(`UPDATE payout SET status = 'SIGNED', signed_at = now() WHERE id = $1`, [
    payout.id,
  ]);
  await sent(payout);
  await database.pool.query(
    `INSERT INTO ledger_account (id, kind, asset, merchant_id, mode, balance) VALUES ($1, 'OWED', 'USDT', $2, 'LIVE', -300000)`,
    [ids.next(), merchantId],
  );
  await followOpen(deps, signal);
  expect(await waitOf(payout)).toBe('FAILED');
  const { rows } = await database.pool.query(
    `SELECT balance::text FROM ledger_account WHERE merchant_id = $1 AND kind = 'OWED'`,
    [merchantId],
  );
  expect(rows).toEqual([{ balance: '0' }]);
});
