import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeLedger } from '../../src/adapters/db/invoice-statements.ts';
import { createLedgerAccounts } from '../../src/adapters/db/ledger-accounts.ts';
import { ledgerRows } from '../../src/adapters/db/ledger-rows.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import type { LedgerAccountKind } from '../../src/domain/ledger/entries.ts';
import type { ChainSpender } from '../../src/usecases/ports/chain-spender.ts';
import type { SpendStore } from '../../src/usecases/ports/spend-store.ts';
import { followOpen } from '../../src/workers/payout-sender/follow-open.ts';
import { sendQueued } from '../../src/workers/payout-sender/send-queued.ts';
import { systemStamp } from '../../src/usecases/stamp-event.ts';
import type { SenderDeps } from '../../src/workers/payout-sender/sender-deps.ts';
import { expectLedgerInBalance } from '../fault/ledger-checks.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { litecoindIsHere } from '../testkit/litecoin-process.ts';
import { startLitecoinNode, type LitecoinNode } from '../testkit/litecoin-node.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { startCoreFront, type CoreFront } from './core-front.ts';
import { NETWORK, openWallet, withoutEstimate } from './spending-wallet.ts';

const LONG = 180_000;
const CONFIRMATIONS = 2;
const ARRIVES = 25_000_000n;
const NETWORK_FEE = 100_000n;
const OUTBID_AFTER_MS = 60_000;

class Killed extends Error {
  override readonly name = 'Killed';
}

/** Ends at the step of this number, before or after it took effect; what comes later does not happen either. */
function killedAt(last: number, when: 'before' | 'after') {
  let steps = 0;
  const step =
    <In extends readonly unknown[], Out>(work: (...input: In) => Promise<Out>) =>
    async (...input: In): Promise<Out> => {
      steps += 1;
      if (steps > last || (steps === last && when === 'before')) throw new Killed();
      const done = await work(...input);
      if (steps === last) throw new Killed();
      return done;
    };
  return {
    reached: () => steps >= last,
    spender: (real: ChainSpender): ChainSpender => ({
      ...real,
      place: step(real.place),
      sign: step(real.sign),
      outbid: step(real.outbid),
      broadcast: step(real.broadcast),
    }),
    store: (real: SpendStore): SpendStore => ({
      ...real,
      signed: step(real.signed),
      outbid: step(real.outbid),
      broadcast: step(real.broadcast),
      ended: step(real.ended),
    }),
  };
}

type Death = ReturnType<typeof killedAt>;
const alive = (): Death => killedAt(Number.MAX_SAFE_INTEGER, 'after');

describe.skipIf(!litecoindIsHere())('a payout of the Bitcoin family', () => {
  let node: LitecoinNode;
  let db: TestDatabase;
  let front: CoreFront;
  let wallet: ReturnType<typeof openWallet>;
  const clock = createMovableClock();
  const merchantId = ids.next();
  const { signal } = new AbortController();

  beforeAll(async () => {
    [node, db] = await Promise.all([startLitecoinNode(), createTestDatabase()]);
    front = await startCoreFront(node.rpcUrl);
    front.rewrite(withoutEstimate);
    wallet = openWallet(node, db, [front.url]);
    await db.pool.query(
      `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
      [merchantId],
    );
  });
  afterAll(async () => {
    await front?.down();
    await node?.remove();
    await db?.drop();
  });
  beforeEach(() => db.pool.query('TRUNCATE coin, spend, spend_transaction, payout CASCADE'));

  /** What was held for the payout came in by a payment. */
  async function hold(amount: bigint): Promise<void> {
    const account = (kind: LedgerAccountKind) => ({
      kind,
      asset: 'LTC',
      merchantId: kind === 'HELD' ? merchantId : null,
      network: kind === 'HELD' ? null : NETWORK,
    });
    const postings = [
      { account: account('CUSTODY'), amount: -amount },
      { account: account('HELD'), amount },
    ];
    const entry = {
      id: ids.next(),
      sourceType: 'PAYMENT' as const,
      sourceId: ids.next(),
      kind: 'CREDITED' as const,
      postings,
    };
    const rows = await ledgerRows('LIVE', [entry], createLedgerAccounts(db.pool, ids), ids);
    await db.pool.query(
      `WITH target AS (SELECT 'LIVE'::"Mode" AS mode, NULL::uuid AS project_id),
         ${writeLedger('target', '$1', '$2', '$3')} SELECT 1`,
      [rows.transactions, rows.postings, new Date()],
    );
  }

  async function queue(address: string): Promise<string> {
    const id = ids.next();
    await hold(ARRIVES + NETWORK_FEE);
    await db.pool.query(
      `INSERT INTO payout (id, merchant_id, mode, kind, origin, status, currency, network, address, debited, fee,
         network_fee, arrives, actor_type, created_at, queued_at)
       VALUES ($1, $2, 'LIVE', 'CRYPTO', 'REQUEST', 'QUEUED', 'LTC', $3, $4, $5, 0, $6, $7, 'SYSTEM', now(), now())`,
      [id, merchantId, NETWORK, address, ARRIVES + NETWORK_FEE, NETWORK_FEE, ARRIVES],
    );
    return id;
  }

  const deps = (death: Death): SenderDeps => ({
    spender: death.spender(wallet.spender),
    spends: death.store(wallet.store),
    payoutCheck: () => Promise.resolve({ allowed: true }),
    sourceStands: () => Promise.resolve(true),
    payoutFail: () => Promise.reject(new Error('the chain carries it out')),
    stamp: systemStamp({ ids, clock }),
    confirmations: CONFIRMATIONS,
    outbidAfterMilliseconds: OUTBID_AFTER_MS,
    stuckAfterMilliseconds: 10 * OUTBID_AFTER_MS,
    ids,
    clock,
    feed: { poke: () => undefined },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });

  /** One round of the sender, which may die in it. */
  async function round(death: Death): Promise<void> {
    try {
      await followOpen(deps(death), signal);
      await sendQueued(deps(death), signal);
    } catch (fault) {
      if (!(fault instanceof Killed)) throw fault;
    }
  }

  async function payoutOf(id: string) {
    const { rows } = await db.pool.query<{ status: string; txId: string; spends: number; change: number }>(
      `SELECT status, tx_id AS "txId", (SELECT count(*)::int FROM spend WHERE payout_id = payout.id) AS spends,
         (SELECT count(*)::int FROM coin WHERE path = '1/0' AND spend_id IS NULL) AS change
       FROM payout WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  async function expectPaidOnce(id: string, address: string): Promise<void> {
    const paid = await payoutOf(id);
    expect(paid).toEqual({ status: 'CONFIRMED', txId: paid?.txId, spends: 1, change: 1 });
    // In blocks and in the pool, all transactions together.
    expect(await node.call<number>('getreceivedbyaddress', address, 0)).toBe(0.25);
    const { rows } = await db.pool.query(
      `SELECT balance FROM ledger_account WHERE kind = 'HELD' AND merchant_id = $1`,
      [merchantId],
    );
    expect(rows).toEqual([{ balance: '0' }]);
    await expectLedgerInBalance(db.pool);
  }

  /** Sends with a process that dies at a step, then with one that lives; false when the step never came. */
  async function course(death: Death): Promise<boolean> {
    await db.pool.query('TRUNCATE coin, spend, spend_transaction, payout CASCADE');
    await wallet.fund('1');
    const address = await node.newAddress();
    const id = await queue(address);
    for (let rounds = 0; rounds < 4; rounds += 1) {
      await round(death);
      if (rounds >= 1) await node.mine();
    }
    for (let rounds = 0; rounds < 5 && death.reached(); rounds += 1) {
      await round(alive());
      await node.mine();
    }
    await expectPaidOnce(id, address);
    return death.reached();
  }

  it.each(['before', 'after'] as const)(
    'is paid once, wherever the process dies: %s a step',
    async (when) => {
      let steps = 0;
      while (await course(killedAt(steps + 1, when))) steps += 1;
      // place, sign, stored, said, given, ended.
      expect(steps).toBe(6);
    },
    LONG,
  );

  /** It waits in the pool for long: a process that dies at a step pays more for it, and then one that lives. */
  async function outbidCourse(death: Death): Promise<boolean> {
    await db.pool.query('TRUNCATE coin, spend, spend_transaction, payout CASCADE');
    await wallet.fund('1');
    const address = await node.newAddress();
    const id = await queue(address);
    for (let rounds = 0; rounds < 2; rounds += 1) await round(alive());
    const [first] = await node.call<string[]>('getrawmempool');
    clock.advance({ milliseconds: OUTBID_AFTER_MS + 1 });
    for (let rounds = 0; rounds < 3; rounds += 1) await round(death);
    const reached = death.reached();
    for (let rounds = 0; rounds < 3; rounds += 1) await round(alive());
    const pool = await node.call<string[]>('getrawmempool');
    expect(pool).toHaveLength(1);
    expect(pool).not.toContain(first);
    const { rows } = await db.pool.query('SELECT tx_id FROM spend_transaction');
    expect(rows).toHaveLength(2);
    await node.mine(CONFIRMATIONS);
    await round(alive());
    await expectPaidOnce(id, address);
    expect((await payoutOf(id))?.txId).toBe(pool[0]);
    return reached;
  }

  it.each(['before', 'after'] as const)(
    'is outbid once and paid once, wherever the process dies: %s a step',
    async (when) => {
      let steps = 0;
      while (await outbidCourse(killedAt(steps + 1, when))) steps += 1;
      // signed, stored, said, given.
      expect(steps).toBe(4);
    },
    LONG,
  );
});
