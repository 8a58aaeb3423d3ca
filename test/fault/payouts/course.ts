import { expect } from 'vitest';
import type { TestDatabase } from '../../testkit/database.ts';
import type { MovableClock } from '../../testkit/movable-clock.ts';
import { ChainUnavailable } from '../../../src/usecases/ports/chain-reader.ts';
import type { Random } from '../seed.ts';
import type { Asked, Books, NewPayoutRow, Owner } from './books.ts';
import type { Cut } from './front.ts';
import { abandoned, Killed, type DeathPlan, type Mortal } from './mortal.ts';
import { openSender, OUTBID_AFTER_MS, type Round } from './sender.ts';
import { spawnSender } from './spawn-sender.ts';
import type { World } from './world.ts';

export interface CourseDeps {
  readonly world: World;
  readonly db: TestDatabase;
  readonly books: Books;
  readonly owners: readonly [Owner, ...Owner[]];
  readonly clock: MovableClock & { aheadMs(): number };
  readonly random: Random;
}

export interface CoursePlan {
  readonly death: DeathPlan;
  /** In a process of its own, by kill -9. */
  readonly isProcess: boolean;
  /** A second death, of the next sender. */
  readonly again: DeathPlan | null;
  readonly cut: { readonly method: string; readonly how: Cut } | null;
  /** Another sender works beside the one that dies. */
  readonly isDoubled: boolean;
  readonly isReorganised: boolean;
  /** No block takes the first transactions. */
  readonly isStuck: boolean;
  /** The wallet has too little until what came in is there. */
  readonly isShort: boolean;
}

export interface CourseEnd {
  readonly payouts: number;
  readonly kills: readonly DeathPlan[];
  readonly cuts: readonly string[];
  readonly rounds: number;
}

/** Rounds until the sender of the plan is given up, and until everything must be over. */
const DYING_ROUNDS = 7;
const MOST_ROUNDS = 60;
const ORIGINS = ['REQUEST', 'REFUND', 'REBOUND', 'BATCH', 'REQUEST'] as const;

/** Asks for some payouts, and sends them with a sender that dies and others that go on from what it left. */
export async function runCourse(deps: CourseDeps, plan: CoursePlan): Promise<CourseEnd> {
  const { world, random } = deps;
  const cutsBefore = world.cuts.length;
  const asked = await (plan.isShort ? askForMore(deps) : askFor(deps, 1 + random.below(3)));
  if (plan.cut) world.cut(plan.cut.method, plan.cut.how, 1 + random.below(2));
  const kills: DeathPlan[] = [];
  let rounds = 0;
  const alive: Mortal[] = [];
  const live = async (): Promise<Round> => {
    const sender = abandoned(null);
    alive.push(sender);
    return await openOne(deps, sender);
  };

  const turn = async (round: Round): Promise<void> => {
    rounds += 1;
    await (plan.isDoubled ? Promise.all([round(), (await live())()]) : round());
    await happen(deps, plan, rounds);
  };

  if (plan.isProcess) {
    const order = { settings: world.settings, databaseUrl: deps.db.url, plan: plan.death };
    const sender = spawnSender(order);
    const life = { isOver: false };
    for (let left = DYING_ROUNDS; left > 0 && !life.isOver; left -= 1)
      await turn(async () => void (life.isOver = !(await sender.round(deps.clock.aheadMs()))));
    if (life.isOver) kills.push(plan.death);
    await sender.end();
  }
  for (const death of plan.isProcess ? [plan.again] : [plan.death, plan.again]) {
    if (!death) continue;
    const dying = abandoned(death);
    const sender = await openOne(deps, dying);
    for (let left = DYING_ROUNDS; left > 0 && !dying.isDead(); left -= 1) await turn(sender);
    if (dying.isDead()) kills.push(death);
    alive.push(dying);
  }
  await world.unstick();
  let sender = await live();
  while (await isOpen(deps)) {
    if (rounds > MOST_ROUNDS) throw new Error(await stillOpen(deps));
    rounds += 1;
    await sender();
    await world.mine(1);
    // A node that failed is left alone for a while; one that just started asks it at once.
    if (plan.cut) sender = await live();
  }
  await Promise.all(alive.map((each) => each.settled()));
  await expectPaidOnce(deps, asked);
  return { payouts: asked.length, kills, cuts: world.cuts.slice(cutsBefore), rounds };
}

/** What the chain does after a round. */
async function happen({ world, random, clock }: CourseDeps, plan: CoursePlan, round: number): Promise<void> {
  if (plan.isStuck && round === 2) {
    await world.stick();
    clock.advance({ milliseconds: OUTBID_AFTER_MS + 1 });
  } else if (plan.isStuck && round === 5) await world.unstick();
  if (plan.isReorganised && round % 3 === 0) return await world.reorg();
  if (!(plan.isStuck && round < 5)) await world.mine(random.below(3));
}

async function openOne({ world, db, clock }: CourseDeps, mortal: Mortal): Promise<Round> {
  const errors: string[] = [];
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object, message: string) => void errors.push(`${message} ${JSON.stringify(fields)}`),
  };
  const round = await openSender(world.settings, mortal, { pool: db.pool, clock, logger });
  return async () => {
    try {
      await round();
    } catch (fault) {
      if (!(fault instanceof Killed) && !(fault instanceof ChainUnavailable)) throw fault;
    }
    if (!mortal.isDead()) expect(errors).toEqual([]);
  };
}

/** Payouts of several merchants, with a payment that covers each of them. */
async function askFor(deps: CourseDeps, count: number): Promise<Asked[]> {
  const { world, owners, random } = deps;
  const shared = await world.receiver();
  const wanted: Wanted[] = [];
  for (let left = count; left > 0; left -= 1) {
    const asset = random.pick(world.assets);
    const to = random.below(4) === 0 ? shared : await world.receiver();
    const arrives = (world.least[asset] ?? 1n) + BigInt(random.below(1_000_000));
    wanted.push({ ...wantedOf(deps, asset, to, arrives), owner: random.pick(owners) });
  }
  return await paidFor(
    deps,
    wanted,
    wanted.map((each) => ({ ...each, amount: totalOf(each) })),
  );
}

/** Two payouts of more than the wallet has, with one payment for both. */
async function askForMore(deps: CourseDeps): Promise<Asked[]> {
  const { world, owners, random } = deps;
  const asset = world.assets.at(-1) ?? world.assets[0];
  const [there, owner] = [await world.held(asset), random.pick(owners)];
  const least = world.least[asset] ?? 1n;
  const wanted: Wanted[] = [];
  for (const more of [least, 2n * least])
    wanted.push({ ...wantedOf(deps, asset, await world.receiver(), there + more), owner });
  const amount = wanted.reduce((sum, each) => sum + totalOf(each), 0n);
  return await paidFor(deps, wanted, [{ owner, asset, amount }]);
}

type Wanted = Omit<NewPayoutRow, 'network' | 'origin'>;
const totalOf = ({ arrives, fee, networkFee }: Wanted): bigint => arrives + fee + networkFee;

function wantedOf({ world, random }: CourseDeps, asset: string, to: string, arrives: bigint) {
  const least = world.least[asset] ?? 1n;
  return { asset, to, arrives, networkFee: least / 50n, fee: BigInt(random.below(2)) * (least / 100n) };
}

async function paidFor(
  deps: CourseDeps,
  wanted: readonly Wanted[],
  payments: readonly { readonly owner: Owner; readonly asset: string; readonly amount: bigint }[],
): Promise<Asked[]> {
  const { world, books, random } = deps;
  const owners = payments.map(({ owner }) => owner);
  for (const [index, deposit] of (await world.deposit(payments)).entries())
    await books.deposited(owners[index] ?? deps.owners[0], deposit);
  const { network } = world.settings;
  const asked: Asked[] = [];
  for (const row of wanted) asked.push(await books.queued({ ...row, network, origin: random.pick(ORIGINS) }));
  return asked;
}

async function isOpen({ db, world }: CourseDeps): Promise<boolean> {
  const { rows } = await db.pool.query<{ open: boolean }>(
    `SELECT EXISTS (SELECT FROM payout WHERE ended_at IS NULL)
       OR EXISTS (SELECT FROM spend WHERE confirmed_at IS NULL AND network = $1) AS open`,
    [world.settings.network],
  );
  return rows[0]?.open ?? false;
}

async function stillOpen({ db }: CourseDeps): Promise<string> {
  const { rows } = await db.pool.query(
    `SELECT p.status, p.currency, p.waits_for, p.arrives, s.status AS spend, s.nonce,
       (SELECT json_agg(t.tx_id) FROM spend_transaction t WHERE t.spend_id = s.id) AS tx
     FROM payout p FULL JOIN spend s ON s.payout_id = p.id
     WHERE p.ended_at IS NULL AND s.confirmed_at IS NULL`,
  );
  return `not over: ${JSON.stringify(rows, null, 1)}`;
}

interface Outcome {
  readonly status: string;
  readonly spends: number;
  readonly txId: string;
  readonly blockHash: string;
  readonly confirmed: number;
  readonly sent: number;
}

async function expectPaidOnce({ world, db }: CourseDeps, asked: readonly Asked[]): Promise<void> {
  const due = new Map<string, bigint>();
  for (const { asset, to, arrives } of asked)
    due.set(`${to} ${asset}`, (due.get(`${to} ${asset}`) ?? 0n) + arrives);
  for (const [key, arrives] of due) {
    const [to = '', asset = ''] = key.split(' ');
    expect(await world.received(to, asset), key).toBe(arrives);
  }
  for (const { id } of asked) {
    const { rows } = await db.pool.query<Outcome>(
      `SELECT p.status, p.tx_id AS "txId", s.block_hash AS "blockHash",
         (SELECT count(*)::int FROM spend WHERE payout_id = p.id) AS spends,
         (SELECT count(*)::int FROM event WHERE subject_id = p.id AND type = 'payout.confirmed') AS confirmed,
         (SELECT count(*)::int FROM ledger_transaction WHERE source_id = p.id::text) AS sent
       FROM payout p JOIN spend s ON s.payout_id = p.id WHERE p.id = $1`,
      [id],
    );
    const [row] = rows;
    expect(row).toMatchObject({ status: 'CONFIRMED', spends: 1, confirmed: 1, sent: 1 });
    expect(await world.isMined(row?.txId ?? '', row?.blockHash ?? '')).toBe(true);
    // Of all that was signed for it, one is in a block.
    const signed = await db.pool.query<{ txId: string }>(
      `SELECT t.tx_id AS "txId" FROM spend_transaction t JOIN spend s ON s.id = t.spend_id
       WHERE s.payout_id = $1 AND t.tx_id <> $2`,
      [id, row?.txId],
    );
    for (const { txId } of signed.rows) expect(await world.isMined(txId, row?.blockHash ?? '')).toBe(false);
  }
  await expectBooksAgree(world, db);
}

async function expectBooksAgree(world: World, { pool }: TestDatabase): Promise<void> {
  const sums = await pool.query(
    'SELECT asset, sum(amount) FROM posting GROUP BY asset HAVING sum(amount) <> 0',
  );
  expect(sums.rows).toEqual([]);
  const held = await pool.query(
    `SELECT kind, balance FROM ledger_account WHERE merchant_id IS NOT NULL AND balance <> 0`,
  );
  expect(held.rows).toEqual([]);
  for (const asset of world.assets) {
    const { rows } = await pool.query<{ custody: string }>(
      `SELECT coalesce(sum(balance), 0)::text AS custody FROM ledger_account
       WHERE kind = 'CUSTODY' AND asset = $1 AND network = $2 AND mode = 'LIVE'`,
      [asset, world.settings.network],
    );
    const there = (await world.held(asset)) - (world.ownFunds[asset] ?? 0n);
    expect(-BigInt(rows[0]?.custody ?? 0), `custody of ${asset}`).toBe(there);
  }
  expect(await world.faults()).toEqual([]);
}
