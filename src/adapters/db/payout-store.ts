import type { Pool, PoolClient } from 'pg';
import { keptAmounts } from '../../domain/fee/fee-schedule.ts';
import { agreesFrom } from '../../domain/payout/payout-consent.ts';
import { asksLess, NO_POLICY, type KeptPolicy } from '../../domain/payout/payout-policy.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { Idempotency } from '../../usecases/ports/invoice-store.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type {
  NewPayout,
  PayoutApproved,
  PayoutCreated,
  PayoutNames,
  PayoutStore,
} from '../../usecases/ports/payout-store.ts';
import { debtsFirst } from './debts-first.ts';
import { eventRows, writeEvents } from './event-insert.ts';
import { startHold } from './hold-insert.ts';
import { keyUsedBefore } from './idempotency-keys.ts';
import { createLedgerAccounts, type LedgerAccounts } from './ledger-accounts.ts';
import { balanceMoved, ledgerRows } from './ledger-rows.ts';
import { LOCK_MERCHANT } from './merchant-lock.ts';
import { exactJson } from './payment-rows.ts';
import { toNames, toPayout, type PayoutJson } from './payout-rows.ts';
import * as sql from './payout-statements.ts';
import { inTransaction } from './transaction.ts';

const DAY_MS = 24 * 3_600_000;

interface PolicyRow {
  readonly revision: number;
  readonly approvalsRequired: number;
  readonly approvalAbove: unknown;
  readonly dailyLimit: unknown;
}

/** Payouts on PostgreSQL. Those of a merchant are made one after the other: what may leave is counted under its lock. */
export function createPayoutStore(pool: Pool, ids: IdSource): PayoutStore {
  const accounts = createLedgerAccounts(pool, ids);
  const one = async (name: string, text: string, values: unknown[]): Promise<Payout | null> => {
    const { rows } = await pool.query<{ payout: PayoutJson }>({ name, text, values });
    return rows[0] ? toPayout(rows[0].payout) : null;
  };
  return {
    policy: (merchantId) => policyOf(pool, merchantId),

    setPolicy: (merchantId, policy, { seen, event, at, userId }) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(LOCK_MERCHANT, [merchantId]);
        if (rowCount === 0) return 'merchant_closed';
        const { revision } = await policyOf(client, merchantId);
        if (revision !== seen.revision) return 'stale';
        const amounts = [exactJson(policy.approvalAbove), exactJson(policy.dailyLimit)];
        const values = [merchantId, policy.approvalsRequired, ...amounts, at, eventRows([event])];
        await client.query(sql.SET_POLICY, values);
        if (asksLess(seen, policy))
          await startHold(client, ids, { userId, merchantId, reason: 'PAYOUT_POLICY_WEAKENED', at });
        return 'written';
      }),

    available: (merchantId, mode, currency) => availableOf(pool, merchantId, mode, currency),

    leftWithinDay: (merchantId, mode, asset, at) => leftWithinDay(pool, { merchantId, mode, asset }, at),
    usedBefore: (idempotency) => keyUsedBefore(pool, idempotency),
    batchOf: (idempotency, batchId, at) => batchOf(pool, idempotency, batchId, at),
    create: (made) => create(pool, accounts, ids, made),

    byId: (id) => one('payout_by_id', sql.BY_ID, [id]),
    ofSource: (origin, sourceId) => one('payout_of_source', sql.OF_SOURCE, [origin, sourceId]),

    namesOf: (payout) => namesOf(pool, payout),

    change: ({ before, after, failure, bankReference, entries: given, events, at }) =>
      debtsFirst(pool, before.mode, given, async (entries) => {
        const { transactions, postings } = await ledgerRows(before.mode, entries, accounts, ids);
        const { rowCount } = await pool.query({
          name: 'payout_change',
          text: sql.CHANGE,
          values: [
            before.id,
            before.status,
            before.revision,
            after.status,
            failure ?? null,
            bankReference ?? null,
            transactions,
            postings,
            eventRows(events),
            at,
          ],
        });
        return rowCount === 1;
      }),

    isBeyondDay: (payoutId, at) => isBeyondDay(pool, payoutId, at),

    async take({ id, revision }, { operatorId, event, at }) {
      const { rowCount } = await pool.query({
        name: 'payout_take',
        text: sql.TAKE,
        values: [id, revision, operatorId, at, eventRows([event])],
      });
      return rowCount === 1;
    },

    approve: (payout, approval) => inTransaction(pool, (client) => approve(client, payout, approval)),
  };
}

async function batchOf(
  pool: Pool,
  idempotency: Idempotency,
  batchId: string,
  at: Date,
): Promise<string | null> {
  const { ownerId, operation, key, inputHash } = idempotency;
  const { rowCount } = await pool.query(sql.NEW_KEY, [ownerId, operation, key, inputHash, batchId, at]);
  if (rowCount === 1) return batchId;
  const first = await keyUsedBefore(pool, idempotency);
  return first?.kind === 'replayed' ? first.resultId : null;
}

async function policyOf(client: Pick<Pool | PoolClient, 'query'>, merchantId: string): Promise<KeptPolicy> {
  const { rows } = await client.query<PolicyRow>({
    name: 'payout_policy',
    text: sql.POLICY,
    values: [merchantId],
  });
  const [row] = rows;
  if (!row) return NO_POLICY;
  const { approvalsRequired, approvalAbove, dailyLimit, revision } = row;
  return {
    revision,
    approvalsRequired,
    approvalAbove: keptAmounts(approvalAbove),
    dailyLimit: keptAmounts(dailyLimit),
  };
}

async function namesOf(
  pool: Pool,
  { createdBy, target, origin, sourceId }: Parameters<PayoutStore['namesOf']>[0],
): Promise<PayoutNames> {
  const bankAccountId = target.kind === 'FIAT' ? target.bankAccountId : null;
  const { rows } = await pool.query<PayoutNames>({
    name: 'payout_names',
    text: sql.NAMES,
    values: [createdBy?.id ?? null, bankAccountId, origin, sourceId],
  });
  return toNames(rows[0]);
}

async function availableOf(
  client: Pick<Pool | PoolClient, 'query'>,
  merchantId: string,
  mode: string,
  currency: string,
): Promise<bigint> {
  const { rows } = await client.query<{ available: string }>({
    name: 'payout_available',
    text: sql.AVAILABLE,
    values: [merchantId, mode, currency],
  });
  return BigInt(rows[0]?.available ?? 0);
}

async function create(
  pool: Pool,
  accounts: LedgerAccounts,
  ids: IdSource,
  made: NewPayout,
): Promise<PayoutCreated> {
  const { payout, entries, idempotency } = made;
  const { transactions, postings } = await ledgerRows(payout.mode, entries, accounts, ids);
  try {
    return await inTransaction(pool, async (client): Promise<PayoutCreated> => {
      const { rowCount } = await client.query(LOCK_MERCHANT, [payout.merchantId]);
      if (rowCount === 0) return { kind: 'merchant_closed' };
      const first = idempotency && (await keyUsedBefore(client, idempotency));
      if (first) return first;
      const refused = await refusalOf(client, made);
      if (refused) return refused;
      await client.query({
        name: 'payout_create',
        text: sql.CREATE,
        values: [
          ...payoutValues(made),
          transactions,
          postings,
          eventRows(made.events),
          idempotency?.ownerId ?? null,
          idempotency?.operation ?? null,
          idempotency?.key ?? null,
          idempotency?.inputHash ?? null,
        ],
      });
      return { kind: 'created' };
    });
  } catch (error) {
    // A reorg took money back between the look at the balance and the write.
    if (balanceMoved(error)) return { kind: 'balance_short' };
    if (isOpenAlready(error)) return { kind: 'busy' };
    throw error;
  }
}

const isOpenAlready = (error: unknown): boolean =>
  error instanceof Error &&
  'constraint' in error &&
  (error.constraint === 'payout_by_rule_key' || error.constraint === 'payout_source_key');

/** What is there, and what has left today, under the merchant's lock. */
async function refusalOf(
  client: PoolClient,
  { payout, entries, dailyLimit }: NewPayout,
): Promise<PayoutCreated | null> {
  const { merchantId, mode, currency, debited, createdAt } = payout;
  if (entries.length > 0 && (await availableOf(client, merchantId, mode, currency)) < debited)
    return { kind: 'balance_short' };
  const way = { merchantId, mode, asset: currency };
  return (await exceedsDay(client, way, debited, dailyLimit, createdAt)) ? { kind: 'limit_reached' } : null;
}

interface DayOf {
  readonly merchantId: string;
  readonly mode: string;
  readonly asset: string;
}

async function leftWithinDay(
  client: Pick<Pool | PoolClient, 'query'>,
  { merchantId, mode, asset }: DayOf,
  at: Date,
): Promise<bigint> {
  const since = new Date(at.getTime() - DAY_MS);
  const { rows } = await client.query<{ sum: string }>(sql.LEFT_SINCE, [merchantId, mode, asset, since]);
  return BigInt(rows[0]?.sum ?? 0);
}

/** Whether this much more within a day is too much, under the merchant's lock. No limit: never. */
export async function exceedsDay(
  client: Pick<PoolClient, 'query'>,
  way: DayOf,
  more: bigint,
  dailyLimit: bigint | null,
  at: Date,
): Promise<boolean> {
  return dailyLimit !== null && (await leftWithinDay(client, way, at)) + more > dailyLimit;
}

/** Whether this payout would now take what leaves within 24 hours beyond the merchant's limit. */
export async function isBeyondDay(pool: Pick<Pool, 'query'>, payoutId: string, at: Date): Promise<boolean> {
  const values = [payoutId, new Date(at.getTime() - DAY_MS)];
  const { rows } = await pool.query({ name: 'payout_beyond_day', text: sql.BEYOND_DAY, values });
  return rows.length > 0;
}

/** In the order in which CREATE names them. */
export const payoutValues = ({
  payout,
  reference,
  batch,
}: Pick<NewPayout, 'payout' | 'reference' | 'batch'>): unknown[] => {
  const { target, createdBy } = payout;
  return [
    payout.id,
    payout.merchantId,
    payout.projectId,
    payout.mode,
    target.kind,
    payout.origin,
    payout.status,
    payout.currency,
    target.kind === 'CRYPTO' ? target.network : null,
    target.kind === 'CRYPTO' ? target.address : null,
    target.kind === 'FIAT' ? target.bankAccountId : null,
    payout.debited,
    payout.fee,
    payout.networkFee,
    payout.arrives,
    payout.approvalsRequired,
    reference,
    createdBy?.type ?? 'SYSTEM',
    createdBy?.id ?? null,
    batch?.id ?? null,
    batch?.row ?? null,
    payout.sourceId,
    payout.status === 'QUEUED' ? payout.createdAt : null,
    payout.createdAt,
  ];
};

async function approve(
  client: PoolClient,
  payout: Payout,
  { id, userId, events, queued, at }: Parameters<PayoutStore['approve']>[1],
): Promise<PayoutApproved> {
  const { rows } = await client.query<{ required: number }>(sql.LOCK_WAITING, [payout.id, payout.revision]);
  const [waiting] = rows;
  const members = await client.query<{ since: Date | null }>(sql.PAYING_SINCE, [payout.merchantId, userId]);
  const [member] = members.rows;
  if (!waiting || !member) return { kind: 'stale' };
  const until = agreesFrom(payout, member.since);
  if (until !== null && until > at) return { kind: 'new_member', until };
  const added = await client.query(sql.APPROVE, [id, payout.id, userId, payout.revision, at]);
  // Counted anew: the lock may have been waited for while another member agreed.
  const counted = await client.query<{ count: number }>(sql.COUNT_APPROVALS, [payout.id]);
  const approvals = counted.rows[0]?.count ?? 0;
  const isComplete = approvals >= waiting.required;
  if (added.rowCount === 0 && !isComplete) return { kind: 'repeated', approvals };
  if (isComplete) await client.query(sql.QUEUE, [payout.id, at]);
  // Complete by a repetition: a member who had agreed was away, and is back.
  const told = added.rowCount === 0 ? [] : events;
  await writeEvents(client, isComplete ? [...told, ...queued] : told);
  return { kind: 'approved', approvals };
}
