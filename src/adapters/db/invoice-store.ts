import type { Pool } from 'pg';
import type { NewEvent } from '../../domain/event/event.ts';
import { formatRate } from '../../domain/money/rate.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type {
  CreateOutcome,
  Idempotency,
  InvoiceStore,
  InvoiceWrite,
  NewInvoice,
} from '../../usecases/ports/invoice-store.ts';
import { eventRows } from './event-insert.ts';
import { toSnapshot, type SnapshotRow } from './invoice-rows.ts';
import * as sql from './invoice-statements.ts';
import { createLedgerAccounts, type LedgerAccounts } from './ledger-accounts.ts';
import { balanceMoved, ledgerRows } from './ledger-rows.ts';
import { paymentRows } from './payment-rows.ts';

/** Before every invoice. */
const BEGINNING = new Date(0);
const NIL_ID = '00000000-0000-0000-0000-000000000000';

export function createInvoiceStore(pool: Pool, ids: IdSource): InvoiceStore {
  const accounts = createLedgerAccounts(pool, ids);
  const snapshot = async (name: string, text: string, id: string) => {
    const { rows } = await pool.query<SnapshotRow>({ name, text, values: [id] });
    return rows[0] ? toSnapshot(rows[0]) : null;
  };

  return {
    create: (invoice, event, idempotency) => insertInvoice(pool, invoice, event, idempotency),
    snapshot: (invoiceId) => snapshot('invoice_snapshot', sql.SNAPSHOT_BY_ID, invoiceId),
    snapshotOfPayment: (paymentId) =>
      snapshot('invoice_snapshot_payment', sql.SNAPSHOT_BY_PAYMENT, paymentId),

    async addQuote(quote, revision, event) {
      const { rows } = await pool.query({
        name: 'quote_add',
        text: sql.ADD_QUOTE,
        values: [
          quote.id,
          quote.invoiceId,
          quote.asset,
          quote.network,
          quote.price,
          quote.amount,
          formatRate(quote.rate),
          quote.rateSource,
          quote.rateAt,
          quote.spreadBasisPoints,
          quote.feeBasisPoints,
          quote.fixedFee,
          quote.networkFee,
          quote.settlement?.currency ?? null,
          quote.settlement ? formatRate(quote.settlement.rate) : null,
          quote.address,
          quote.createdAt,
          quote.expiresAt,
          revision,
          eventRows([event]),
        ],
      });
      return rows.length > 0 ? 'written' : 'stale';
    },

    async write(change) {
      const values = await writeValues(change, accounts, ids);
      try {
        const { rowCount } = await pool.query({ name: 'invoice_write', text: sql.WRITE_INVOICE, values });
        return rowCount === 1 ? 'written' : 'stale';
      } catch (error) {
        if (balanceMoved(error)) return 'stale';
        throw error;
      }
    },

    async expired(at, limit, after) {
      const { rows } = await pool.query<{ id: string; expires_at: Date }>({
        name: 'invoice_expired',
        text: sql.EXPIRED_INVOICES,
        values: [at, limit, after?.expiresAt ?? BEGINNING, after?.id ?? NIL_ID],
      });
      return rows.map((row) => ({ id: row.id, expiresAt: row.expires_at }));
    },
  };
}

async function insertInvoice(
  pool: Pool,
  invoice: NewInvoice,
  event: NewEvent,
  idempotency: Idempotency | null,
): Promise<CreateOutcome> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'invoice_create',
    text: sql.CREATE_INVOICE,
    values: [
      invoice.id,
      invoice.merchantId,
      invoice.projectId,
      invoice.mode,
      invoice.currency,
      invoice.amount,
      invoice.orderId,
      invoice.description,
      invoice.customerEmail,
      JSON.stringify(invoice.metadata),
      invoice.returnUrl,
      invoice.cancelUrl,
      invoice.createdAt,
      invoice.expiresAt,
      idempotency?.ownerId ?? null,
      idempotency?.operation ?? null,
      idempotency?.key ?? null,
      idempotency?.inputHash ?? null,
      eventRows([event]),
      invoice.customerRef,
      invoice.subMerchantId,
      invoice.paymentLinkId,
    ],
  });
  if (rows[0]) return { kind: 'created' };
  if (!idempotency) return { kind: 'project_barred' };
  // The key was there, or a request that was first has committed while this one waited for it.
  const found = await pool.query<{ input_hash: Buffer; result_id: string }>({
    name: 'idempotency_find',
    text: sql.FIND_IDEMPOTENCY_KEY,
    values: [idempotency.ownerId, idempotency.operation, idempotency.key],
  });
  const first = found.rows[0];
  if (!first) return { kind: 'project_barred' };
  return first.input_hash.equals(idempotency.inputHash)
    ? { kind: 'replayed', resultId: first.result_id }
    : { kind: 'key_reused' };
}

async function writeValues(
  change: InvoiceWrite,
  accounts: LedgerAccounts,
  ids: IdSource,
): Promise<unknown[]> {
  const { invoice, entries } = change;
  const { transactions, postings } = await ledgerRows(invoice.mode, entries, accounts, ids);
  return [
    invoice.id,
    change.revision,
    invoice.status,
    invoice.exception,
    invoice.amountSeen,
    invoice.amountPaid,
    invoice.paidAt,
    paymentRows(change.payments),
    transactions,
    postings,
    eventRows(change.events),
    change.at,
    invoice.accepted,
  ];
}
