import { encodeGlobalID } from '../../../domain/text/global-id.ts';
import { decimal, head, headOf, maybeSeconds, objectSource, seconds, type HeadRow } from './object-source.ts';

/** $1 a rebound. */
const REBOUND = `
  SELECT ${headOf('r')}, r.payment_id AS "paymentId", r.invoice_id AS "invoiceId", r.status, r.reason, r.asset, r.network,
    r.amount::text, r.network_fee::text AS "networkFee", r.address, r.claim_sent_at AS "claimSentAt",
    r.address_at AS "addressAt", r.transferred_at AS "transferredAt", r.created_at AS "createdAt"
  FROM rebound r WHERE r.id = $1`;

type ReboundRow = HeadRow &
  Readonly<
    Record<'paymentId' | 'status' | 'reason' | 'asset' | 'network' | 'amount' | 'networkFee', string>
  > &
  Readonly<Record<'invoiceId' | 'address', string | null>> &
  Readonly<Record<'claimSentAt' | 'addressAt' | 'transferredAt', Date | null>> & { readonly createdAt: Date };

const write = (row: ReboundRow) => ({
  ...head('rebound', 'Rebound', row),
  payment_id: row.invoiceId && encodeGlobalID('Invoice', row.invoiceId),
  transfer_id: encodeGlobalID('Payment', row.paymentId),
  status: row.status,
  reason: row.reason,
  crypto_currency: row.asset,
  network: row.network,
  crypto_amount: decimal(row.amount, row.asset),
  network_fee: decimal(row.networkFee, row.asset),
  address: row.address,
  created: seconds(row.createdAt),
  onchain_email_last_sent_at: maybeSeconds(row.claimSentAt),
  onchain_wallet_provided_at: maybeSeconds(row.addressAt),
  transferred_at: maybeSeconds(row.transferredAt),
});

export const reboundObject = objectSource<ReboundRow>({
  objectType: 'rebound',
  text: REBOUND,
  valuesOf: ({ subject }) => [subject.id],
  write,
});
