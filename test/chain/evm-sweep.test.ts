import { getAddress, parseEther } from 'viem';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAddressDeriver } from '../../src/adapters/chain/derivation/address-deriver.ts';
import { createSpendStore } from '../../src/adapters/db/spend-store.ts';
import { createSweepCandidates } from '../../src/adapters/db/sweep-candidates.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import type { SpendStore } from '../../src/usecases/ports/spend-store.ts';
import { followOpen } from '../../src/workers/payout-sender/follow-open.ts';
import { systemStamp } from '../../src/usecases/stamp-event.ts';
import type { SenderDeps } from '../../src/workers/payout-sender/sender-deps.ts';
import { sweeping, type SweepDeps } from '../../src/workers/payout-sender/sweep.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { keptLog, nodeOf } from './evm-readers.ts';
import { spenderOver, store } from './evm-spenders.ts';

const NETWORK = 'ETHEREUM';
const THRESHOLDS = { USDT: 1_000_000n, ETH: parseEther('0.1') };
const CONFIRMATIONS = 2;
/** Of no key here. */
const FORMER = '0x00000000219ab540356cBB839Cbe05303d7705Fa';

let chain: LocalChain;
let node: ReturnType<typeof nodeOf>;
let database: TestDatabase;
let spends: SpendStore;
let spender: Awaited<ReturnType<typeof spenderOver>>;
let log: ReturnType<typeof keptLog>;
let shop: { readonly merchantId: string; readonly projectId: string };
let addresses = 0;

beforeAll(async () => {
  [chain, database] = await Promise.all([startLocalChain(), createTestDatabase()]);
  node = nodeOf(chain);
  spends = createSpendStore(database.pool, ids);
  spender = await spenderOver(chain);
  shop = await insertShop();
  await chain.sendNative(spender.hotAddress, parseEther('1'));
});
afterAll(async () => {
  await chain.stop();
  await database.drop();
});
beforeEach(() => {
  log = keptLog();
});

async function insertShop() {
  const [merchantId, projectId] = [ids.next(), ids.next()];
  await database.pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [merchantId],
  );
  await database.pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Shop', 'ACTIVE', 600, now())`,
    [projectId, merchantId],
  );
  return { merchantId, projectId };
}

/** An invoice with an address of its own. */
async function opened() {
  const index = addresses++;
  const deriver = createAddressDeriver([{ network: NETWORK, xpub: chain.xpub }]);
  const [invoiceId, address] = [ids.next(), deriver.derive(NETWORK, index)];
  await database.pool.query(
    `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, created_at, expires_at)
     VALUES ($1, $2, $3, 'LIVE', 'USD', 1000, now(), now() + interval '10 minutes')`,
    [invoiceId, shop.merchantId, shop.projectId],
  );
  await database.pool.query(
    `INSERT INTO deposit_address (id, network, address, derivation_index, invoice_id, assigned_at)
     VALUES ($1, $2, $3, $4, $5, now())`,
    [ids.next(), NETWORK, address, index, invoiceId],
  );
  return { invoiceId, address };
}

/** Pays on the chain, and writes the payment as the watcher has it then. */
async function pay(
  { invoiceId, address }: { readonly invoiceId: string; readonly address: string },
  asset: 'ETH' | 'USDT',
  amount: bigint,
  status = 'CREDITED',
): Promise<void> {
  const txId = await (asset === 'ETH' ? chain.sendNative(address, amount) : chain.sendToken(address, amount));
  await database.pool.query(
    `INSERT INTO payment (id, merchant_id, project_id, invoice_id, mode, network, tx_id, output_index, asset, amount, status,
       confirmations_required, detected_at)
     VALUES ($1, $2, $3, $4, 'LIVE', $5, $6, 0, $7, $8, $9::"PaymentStatus", 1, now())`,
    [ids.next(), shop.merchantId, shop.projectId, invoiceId, NETWORK, txId, asset, amount, status],
  );
}

const never = () => Promise.reject(new Error('there are no payouts here'));
const { signal } = new AbortController();

const senderDeps = (): SenderDeps => ({
  spender,
  spends,
  payoutCheck: never,
  sourceStands: never,
  payoutFail: never,
  stamp: systemStamp({ ids, clock: systemClock }),
  confirmations: CONFIRMATIONS,
  outbidAfterMilliseconds: 600_000,
  stuckAfterMilliseconds: 3_600_000,
  ids,
  clock: systemClock,
  feed: { poke: () => undefined },
  logger: log,
});

const sweepDeps = (options: Partial<SweepDeps> = {}): SweepDeps => ({
  ...senderDeps(),
  candidates: createSweepCandidates(database.pool),
  chain: spender,
  thresholds: THRESHOLDS,
  ...options,
});

/** One round of the sender, its blocks included. */
async function round(deps = sweepDeps()): Promise<void> {
  await sweeping(deps)(signal);
  await followOpen(senderDeps(), signal);
  // One more than needed: the chain makes a block of its own for what was sent, or does not any more.
  await chain.mine(CONFIRMATIONS + 1);
  await followOpen(senderDeps(), signal);
}

const kindsOf = async (address: string) =>
  (
    await database.pool.query<{ spend: string }>(
      `SELECT kind || ' ' || asset || ' ' || status AS spend FROM spend
       WHERE from_address = $1 OR to_address = $1 ORDER BY created_at, id`,
      [address],
    )
  ).rows.map(({ spend }) => spend);

const held = (address: string, asset: string) => spender.balance(address, asset);

it('sends a token on, once the hot wallet has sent the coin that this costs', async () => {
  const deposit = await opened();
  await pay(deposit, 'USDT', 2_500_000n);
  const before = await held(spender.hotAddress, 'USDT');
  await round();
  expect(await kindsOf(deposit.address)).toEqual(['TOP_UP ETH CONFIRMED']);
  expect(await held(deposit.address, 'USDT')).toBe(2_500_000n);
  await round();
  expect(await kindsOf(deposit.address)).toEqual(['TOP_UP ETH CONFIRMED', 'SWEEP USDT CONFIRMED']);
  expect(await held(deposit.address, 'USDT')).toBe(0n);
  expect((await held(spender.hotAddress, 'USDT')) - before).toBe(2_500_000n);
  await round();
  expect(await kindsOf(deposit.address)).toHaveLength(2);
});

it('sends coin on, less what that costs, and writes the fees down', async () => {
  const deposit = await opened();
  await pay(deposit, 'ETH', parseEther('0.4'));
  const before = await held(spender.hotAddress, 'ETH');
  await round();
  expect(await kindsOf(deposit.address)).toEqual(['SWEEP ETH CONFIRMED']);
  const arrived = (await held(spender.hotAddress, 'ETH')) - before;
  const { rows } = await database.pool.query<{ id: string; amount: string; fee_paid: string }>(
    'SELECT id, amount::text, fee_paid::text FROM spend WHERE from_address = $1',
    [deposit.address],
  );
  expect(rows.map(({ amount }) => BigInt(amount))).toEqual([arrived]);
  expect(arrived).toBeGreaterThan(parseEther('0.39'));
  const posted = await database.pool.query<{ kind: string; amount: string }>(
    `SELECT a.kind, p.amount::text FROM posting p
     JOIN ledger_transaction t ON t.id = p.transaction_id JOIN ledger_account a ON a.id = p.account_id
     WHERE t.source_type = 'SPEND' AND t.source_id = $1 ORDER BY a.kind`,
    [rows[0]?.id],
  );
  const fee = rows[0]?.fee_paid;
  expect(posted.rows).toEqual(
    expect.arrayContaining([
      { kind: 'CUSTODY', amount: fee },
      { kind: 'NETWORK_FEES', amount: `-${fee}` },
    ]),
  );
  await round();
  expect(await kindsOf(deposit.address)).toHaveLength(1);
});

it('leaves room for what the parent chain asks for', async () => {
  const fee = parseEther('0.01');
  const oracle = '0x420000000000000000000000000000000000000F';
  // MSTORE(0, fee) RETURN(0, 32)
  await node.client.setCode({
    address: oracle,
    bytecode: `0x7f${fee.toString(16).padStart(64, '0')}60005260206000f3`,
  });
  const onOpStack = await spenderOver(chain, [chain.rpcUrl], { hasParentFee: true });
  const deposit = await opened();
  await pay(deposit, 'ETH', parseEther('0.4'));
  await sweeping(sweepDeps({ spender: onOpStack, chain: onOpStack }))(signal);
  const { rows } = await database.pool.query<{ amount: string; fees: string }>(
    `SELECT s.amount::text, t.max_fee::text AS fees FROM spend s JOIN spend_transaction t ON t.spend_id = s.id
     WHERE s.from_address = $1`,
    [deposit.address],
  );
  const [{ amount, fees } = { amount: '0', fees: '0' }] = rows;
  expect(BigInt(fees)).toBeGreaterThan(2n * fee);
  expect(BigInt(amount) + BigInt(fees)).toBeLessThanOrEqual(parseEther('0.4'));
  expect(BigInt(amount)).toBeGreaterThan(parseEther('0.37'));
  // The hot wallet pays it as well.
  const poor = { asset: 'ETH', to: deposit.address, amount: (await held(spender.hotAddress, 'ETH')) - fee };
  await expect(onOpStack.place(poor, spends)).rejects.toThrow('too little ETH');
  await round();
});

it('leaves what is below the threshold, not final, or of an asset without one', async () => {
  const [small, open, other] = [await opened(), await opened(), await opened()];
  await pay(small, 'USDT', 999_999n);
  await pay(open, 'USDT', 5_000_000n, 'CONFIRMING');
  await pay(other, 'ETH', parseEther('0.2'));
  await round(sweepDeps({ thresholds: { USDT: THRESHOLDS.USDT } }));
  for (const { address } of [small, open, other]) expect(await kindsOf(address)).toEqual([]);
  // Two small ones are worth it together.
  await pay(small, 'USDT', 1n);
  await round(sweepDeps({ thresholds: { USDT: THRESHOLDS.USDT } }));
  expect(await kindsOf(small.address)).toEqual(['TOP_UP ETH CONFIRMED']);
});

it('has one open spend for an address, however many sweep at once and wherever one was killed', async () => {
  const [token, coin] = [await opened(), await opened()];
  await pay(token, 'USDT', 3_000_000n);
  await pay(coin, 'ETH', parseEther('0.3'));
  const rounds = Array.from({ length: 10 }, () => sweeping(sweepDeps())(signal));
  await Promise.all(rounds);
  // Those that lost the hot wallet's nonce come again.
  await sweeping(sweepDeps())(signal);
  await sweeping(sweepDeps())(signal);
  expect(await kindsOf(token.address)).toEqual(['TOP_UP ETH SIGNED']);
  expect(await kindsOf(coin.address)).toEqual(['SWEEP ETH SIGNED']);
  // Nor does a nonce of its own make room for a second one.
  const second = { asset: 'ETH', to: token.address, amount: 1n };
  const place = await spender.place(second, spends);
  expect(await store(spends, second, place, await spender.sign(second, place), 'TOP_UP')).toBe(false);
  await round();
  await round();
  expect(await kindsOf(token.address)).toEqual(['TOP_UP ETH CONFIRMED', 'SWEEP USDT CONFIRMED']);
  expect(await node.client.getTransactionCount({ address: getAddress(token.address) })).toBe(1);
});

it('gives up tokens before the coin that pays for them', async () => {
  const deposit = await opened();
  await pay(deposit, 'ETH', parseEther('0.2'));
  await pay(deposit, 'USDT', 4_000_000n);
  await round();
  expect(await kindsOf(deposit.address)).toEqual(['SWEEP USDT CONFIRMED']);
  await round();
  expect(await kindsOf(deposit.address)).toEqual(['SWEEP USDT CONFIRMED', 'SWEEP ETH CONFIRMED']);
});

it('waits with a warning while the hot wallet cannot pay for the top-up, and goes on with other addresses', async () => {
  const poor = await spenderOver(chain);
  const [token, coin] = [await opened(), await opened()];
  await pay(token, 'USDT', 3_000_000n);
  await pay(coin, 'ETH', parseEther('0.3'));
  const hot = { address: getAddress(spender.hotAddress) };
  const had = await node.client.getBalance(hot);
  await node.client.setBalance({ ...hot, value: 1n });
  await round(sweepDeps({ spender: poor, chain: poor }));
  expect(await kindsOf(token.address)).toEqual([]);
  expect(await kindsOf(coin.address)).toEqual(['SWEEP ETH CONFIRMED']);
  expect(log.lines).toMatchObject([
    { level: 'warn', fields: { asset: 'ETH', hotWallet: spender.hotAddress } },
  ]);
  await node.client.setBalance({ ...hot, value: had });
});

it('tells of an address of a former key, and goes on with the others', async () => {
  const [former, deposit] = [await opened(), await opened()];
  await database.pool.query(
    'UPDATE deposit_address SET address = $2, derivation_index = derivation_index + 100 WHERE address = $1',
    [former.address, FORMER],
  );
  await pay({ ...former, address: FORMER }, 'ETH', parseEther('0.3'));
  await pay(deposit, 'ETH', parseEther('0.3'));
  await round();
  expect(await kindsOf(deposit.address)).toEqual(['SWEEP ETH CONFIRMED']);
  expect(await kindsOf(FORMER)).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'error', fields: { address: FORMER } }]);
});

it('looks at all addresses, page by page', async () => {
  const candidates = createSweepCandidates(database.pool);
  const [first, second] = [await opened(), await opened()];
  await pay(first, 'USDT', 7_000_000n);
  await pay(second, 'USDT', 7_000_000n);
  const found: string[] = [];
  let before: number | null = null;
  do {
    const page: Awaited<ReturnType<typeof candidates.after>> = await candidates.after(
      NETWORK,
      { USDT: 7_000_000n },
      before,
      1,
    );
    found.push(...page.candidates.map(({ address }) => address));
    before = page.next;
  } while (before !== null);
  expect(found).toEqual([second.address, first.address]);
});
