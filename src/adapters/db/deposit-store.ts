import type { Pool } from 'pg';
import type { StaticWallet } from '../../domain/static-wallet/static-wallet.ts';
import type { DepositSnapshot, DepositStore } from '../../usecases/ports/deposit-store.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { contextOf, PAYMENT_JSON, writeLedger, writePayments } from './invoice-statements.ts';
import { createLedgerAccounts } from './ledger-accounts.ts';
import { balanceMoved, ledgerRows } from './ledger-rows.ts';
import { paymentRows, toContext, toPayment, type ContextRow, type PaymentJson } from './payment-rows.ts';
import { isUniqueViolation } from './unique-violation.ts';

const SELECTED = `
  SELECT json_build_object('id', w.id, 'merchantId', w.merchant_id, 'projectId', w.project_id, 'mode', w.mode,
      'network', w.network, 'customerRef', w.customer_ref, 'address', w.address, 'status', w.status) AS wallet,
    p.revision, CASE WHEN p.id IS NOT NULL THEN ${PAYMENT_JSON} END AS payment,${contextOf('w')}`;

/** $1 wallet, $2–$4 the transfer. */
const BY_TRANSFER = `${SELECTED}
  FROM static_wallet w LEFT JOIN payment p
    ON p.network = $2 AND p.tx_id = $3 AND p.output_index = $4::int AND p.static_wallet_id = w.id
  WHERE w.id = $1`;

const BY_PAYMENT = `${SELECTED}
  FROM payment p JOIN static_wallet w ON w.id = p.static_wallet_id
  WHERE p.id = $1`;

/**
 * $1 wallet, $2 its status as it was seen, $3 the payment's revision that was seen (null for a new one), $4 payment,
 * $5 its id, $6 ledger transactions, $7 postings, $8 events, $9 now. The locks keep wallet and payment as they were seen
 * until this is committed.
 */
const WRITE = `
  WITH wallet AS (
    SELECT id, merchant_id, project_id, mode FROM static_wallet
    WHERE id = $1 AND status = $2::"StaticWalletStatus"
    FOR SHARE
  ), seen AS (
    SELECT id FROM payment WHERE id = $5::uuid AND revision = $3::int
    FOR NO KEY UPDATE
  ), target AS (
    SELECT NULL::uuid AS invoice_id, w.id AS static_wallet_id, w.merchant_id, w.project_id, w.mode FROM wallet w
    WHERE $3::int IS NULL OR EXISTS (SELECT FROM seen)
  ), paid AS (${writePayments('target', '$4', '$9')}
    RETURNING id
  ), ${writeLedger('target', '$6', '$7', '$9')}, told AS (
    ${insertEvents('$8', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM paid`;

interface DepositRow extends ContextRow {
  wallet: StaticWallet;
  revision: number | null;
  payment: PaymentJson | null;
}

export function createDepositStore(pool: Pool, ids: IdSource): DepositStore {
  const accounts = createLedgerAccounts(pool, ids);
  return {
    async snapshot(key) {
      const { rows } = await pool.query<DepositRow>(
        'paymentId' in key
          ? { name: 'deposit_snapshot_payment', text: BY_PAYMENT, values: [key.paymentId] }
          : {
              name: 'deposit_snapshot',
              text: BY_TRANSFER,
              values: [key.staticWalletId, key.network, key.txId, key.outputIndex],
            },
      );
      return rows[0] ? toSnapshot(rows[0]) : null;
    },

    async write({ wallet, revision, payment, entries, events, at }) {
      const { transactions, postings } = await ledgerRows(wallet.mode, entries, accounts, ids);
      const values = [
        wallet.id,
        wallet.status,
        revision,
        paymentRows([payment]),
        payment.id,
        transactions,
        postings,
        eventRows(events),
        at,
      ];
      try {
        const { rowCount } = await pool.query({ name: 'deposit_write', text: WRITE, values });
        return rowCount === 1 ? 'written' : 'stale';
      } catch (error) {
        // Somebody else wrote this transfer's payment, or a debt changed.
        if (isUniqueViolation(error) || balanceMoved(error)) return 'stale';
        throw error;
      }
    },
  };
}

const toSnapshot = ({ wallet, revision, payment, ...context }: DepositRow): DepositSnapshot => ({
  ...toContext(context),
  wallet,
  revision,
  payment: payment && toPayment(payment),
});
