import type { Pool, PoolClient } from 'pg';
import { pageSettings } from '../../domain/project/page-settings.ts';
import type { StandingRefund } from '../../domain/refund/refund-limits.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type {
  NewRefund,
  RefundCreated,
  RefundInvoice,
  RefundSums,
  RefundStore,
  ShopName,
} from '../../usecases/ports/refund-store.ts';
import { claimChangeValues } from './claim-change-values.ts';
import { debtsFirst } from './debts-first.ts';
import { eventRows } from './event-insert.ts';
import { keyUsedBefore } from './idempotency-keys.ts';
import { createLedgerAccounts, type LedgerAccounts } from './ledger-accounts.ts';
import { balanceMoved, ledgerRows } from './ledger-rows.ts';
import { LOCK_MERCHANT } from './merchant-lock.ts';
import { AVAILABLE } from './payout-statements.ts';
import { exceedsDay } from './payout-store.ts';
import { toRefund, type RefundJson } from './refund-rows.ts';
import * as sql from './refund-statements.ts';
import { inTransaction } from './transaction.ts';

/** Refunds on PostgreSQL. */
export function createRefundStore(pool: Pool, ids: IdSource): RefundStore {
  const accounts = createLedgerAccounts(pool, ids);
  const one = async (name: string, text: string, value: unknown) => {
    const { rows } = await pool.query<{ refund: RefundJson }>({ name, text, values: [value] });
    return rows[0] ? toRefund(rows[0].refund) : null;
  };
  return {
    async ofInvoice(invoiceId) {
      const { rows } = await pool.query<Omit<RefundInvoice, 'standing'> & { standing: string }>({
        name: 'refund_of_invoice',
        text: sql.OF_INVOICE,
        values: [invoiceId],
      });
      return rows[0] ? { ...rows[0], standing: BigInt(rows[0].standing) } : null;
    },

    async standingOf(invoiceId) {
      const { rows } = await pool.query<Omit<StandingRefund, 'amount'> & { amount: string }>({
        name: 'refund_standing_of',
        text: sql.EACH_STANDING,
        values: [invoiceId],
      });
      return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
    },

    shopName: (projectId) => shopNameOf(pool, projectId),
    usedBefore: (idempotency) => keyUsedBefore(pool, idempotency),
    refusalOf: (sums) => inTransaction(pool, (client) => refusalOf(client, sums)),
    create: (made) => create(pool, accounts, ids, made),
    byId: (id) => one('refund_by_id', sql.BY_ID, id),
    byClaimToken: (hash) => one('refund_by_claim', sql.BY_CLAIM_TOKEN, hash),

    change: (change) =>
      debtsFirst(pool, change.before.mode, change.entries, async (entries) => {
        const { transactions, postings } = await ledgerRows(change.before.mode, entries, accounts, ids);
        const { rowCount } = await pool.query({
          name: 'refund_change',
          text: sql.CHANGE,
          values: claimChangeValues(change, transactions, postings),
        });
        return rowCount === 1;
      }),
  };
}

async function shopNameOf(pool: Pool, projectId: string): Promise<ShopName> {
  const { rows } = await pool.query<Omit<ShopName, 'page'> & { page: unknown }>({
    name: 'shop_name',
    text: sql.SHOP_NAME,
    values: [projectId],
  });
  const [row] = rows;
  if (!row) throw new Error(`there is no project ${projectId}`);
  return { ...row, page: pageSettings(row.page) };
}

/**
 * Merchant before invoice before ledger accounts, as everywhere: payouts and refunds of a merchant are made one after the
 * other, so that together they never take what is not there.
 */
async function create(
  pool: Pool,
  accounts: LedgerAccounts,
  ids: IdSource,
  made: NewRefund,
): Promise<RefundCreated> {
  const { refund, entries, idempotency } = made;
  const { transactions, postings } = await ledgerRows(refund.mode, entries, accounts, ids);
  try {
    return await inTransaction(pool, async (client): Promise<RefundCreated> => {
      const { rowCount } = await client.query(LOCK_MERCHANT, [refund.merchantId]);
      if (rowCount === 0) return { kind: 'merchant_closed' };
      const first = idempotency && (await keyUsedBefore(client, idempotency));
      if (first) return first;
      const refused = await refusalOf(client, made);
      if (refused) return refused;
      await client.query(sql.CREATE, [
        ...refundValues(made),
        transactions,
        postings,
        eventRows(made.events),
        idempotency?.ownerId ?? null,
        idempotency?.operation ?? null,
        idempotency?.key ?? null,
        idempotency?.inputHash ?? null,
      ]);
      return { kind: 'created' };
    });
  } catch (error) {
    // A reorg took money back between the look at the balance and the write.
    if (balanceMoved(error)) return { kind: 'balance_short' };
    throw error;
  }
}

/** What is captured, and what is there, under the locks of invoice and merchant. */
async function refusalOf(
  client: PoolClient,
  { refund, invoiceRevision, captured, dailyLimit }: RefundSums,
): Promise<RefundCreated | null> {
  const invoice = await client.query<{ revision: number }>(sql.LOCK_INVOICE, [refund.invoiceId]);
  if (invoice.rows[0]?.revision !== invoiceRevision) return { kind: 'stale' };
  const standing = await client.query<{ standing: string }>(sql.STANDING_OF, [refund.invoiceId]);
  if (BigInt(standing.rows[0]?.standing ?? 0) + refund.amount > captured) return { kind: 'limit_reached' };
  const { merchantId, mode, debitCurrency, debitAmount } = refund;
  const { rows } = await client.query<{ available: string }>(AVAILABLE, [merchantId, mode, debitCurrency]);
  if (BigInt(rows[0]?.available ?? 0) < debitAmount) return { kind: 'balance_short' };
  // What leaves is the asset, what it costs the merchant is what is debited: neither limit is a way around the other.
  const counted = new Map([
    [debitCurrency, debitAmount],
    [refund.asset, refund.assetAmount],
  ]);
  for (const [asset, amount] of counted) {
    const limit = dailyLimit[asset] ?? null;
    if (await exceedsDay(client, { merchantId, mode, asset }, amount, limit, refund.createdAt))
      return { kind: 'day_limit_reached' };
  }
  return null;
}

/** In the order in which CREATE names them. */
const refundValues = ({ refund, claimTokenHash }: NewRefund): unknown[] => [
  refund.id,
  refund.merchantId,
  refund.projectId,
  refund.mode,
  refund.invoiceId,
  refund.status,
  refund.reason,
  refund.description,
  refund.currency,
  refund.amount,
  refund.debitCurrency,
  refund.debitAmount,
  refund.asset,
  refund.network,
  refund.assetAmount,
  refund.networkFee,
  refund.rate,
  refund.debitRate,
  refund.rateSource,
  refund.rateAt,
  refund.subMerchantId,
  refund.customerEmail,
  refund.address,
  claimTokenHash,
  refund.claimExpiresAt,
  claimTokenHash && refund.createdAt,
  null,
  refund.createdBy?.type ?? 'SYSTEM',
  refund.createdBy?.id ?? null,
  refund.createdAt,
];
