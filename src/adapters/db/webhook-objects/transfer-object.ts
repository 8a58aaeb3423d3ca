import type { Event } from '../../../domain/event/event.ts';
import { formatRate, scaleRate } from '../../../domain/money/rate.ts';
import { encodeGlobalID } from '../../../domain/text/global-id.ts';
import { PAYMENT_VIEW, toPaymentView, type PaymentViewRow } from '../payment-reads.ts';
import { decimal, head, maybeSeconds, objectSource, seconds } from './object-source.ts';

/** $1 a payment; with the shop's words for what it is for. */
const TRANSFER = `
  SELECT ${PAYMENT_VIEW}, i.order_id AS "orderId", w.customer_ref AS "customerRef", w.address
  FROM payment p LEFT JOIN invoice i ON i.id = p.invoice_id LEFT JOIN static_wallet w ON w.id = p.static_wallet_id
  WHERE p.id = $1`;

type TransferRow = PaymentViewRow & Readonly<Record<'orderId' | 'customerRef' | 'address', string | null>>;

const transfer = (row: TransferRow) => ({
  ...head('transfer', 'Payment', row),
  payment_id: row.invoiceId && encodeGlobalID('Invoice', row.invoiceId),
  order_id: row.orderId,
  ...transferFacts(row),
});

const deposit = (row: TransferRow) => ({
  ...head('deposit', 'Payment', row),
  static_wallet_id: row.staticWalletId && encodeGlobalID('StaticWallet', row.staticWalletId),
  customer_ref: row.customerRef,
  address: row.address,
  ...transferFacts(row),
});

function transferFacts(row: TransferRow) {
  const view = toPaymentView(row);
  const inAsset = (minorUnits: bigint): string => decimal(minorUnits, view.asset);
  return {
    status: view.status,
    exception: view.exception,
    network: view.network,
    asset: view.asset,
    amount: inAsset(view.amount),
    tx_id: view.txId,
    output_index: view.outputIndex,
    block_height: view.blockHeight === null ? null : Number(view.blockHeight),
    confirmations: view.confirmations,
    confirmations_required: view.confirmationsRequired,
    credited: inAsset(view.credited),
    fee: inAsset(view.fee),
    network_fee: inAsset(view.networkFee),
    settled: view.settledCurrency === null ? null : decimal(view.settled, view.settledCurrency),
    settled_currency: view.settledCurrency,
    held: inAsset(view.held),
    held_reason: view.heldReason,
    decision: view.decision,
    rate: view.rate && formatRate(scaleRate(view.rate)),
    created: seconds(view.detectedAt),
    credited_at: maybeSeconds(view.creditedAt),
    orphaned_at: maybeSeconds(view.orphanedAt),
  };
}

const valuesOf = ({ data }: Event) => [data['paymentId']];

/** A payment of an invoice: what webhooks call a transfer (FEATURES W4). */
export const transferObject = objectSource<TransferRow>({
  objectType: 'transfer',
  text: TRANSFER,
  valuesOf,
  write: transfer,
});

/** A payment to a static wallet. */
export const depositObject = objectSource<TransferRow>({
  objectType: 'deposit',
  text: TRANSFER,
  valuesOf,
  write: deposit,
});
