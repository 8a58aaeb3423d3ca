import fc from 'fast-check';
import {
  changeInvoice,
  type InvoiceAction,
  type InvoiceChange,
} from '../../../src/domain/invoice/invoice-change.ts';
import type { Invoice } from '../../../src/domain/invoice/invoice.ts';

export const NOW = new Date('2026-01-01T00:00:00Z');
export const EXPIRY = new Date('2026-01-01T00:10:00Z');

/** Price 100.00 USD; 100 USDT or 0.05 ETH. */
export const openInvoice = (): Invoice => ({
  id: 'invoice',
  merchantId: 'merchant',
  projectId: 'project',
  mode: 'LIVE',
  currency: 'USD',
  amount: 10_000n,
  status: 'CREATED',
  exception: 'NONE',
  amountSeen: 0n,
  amountPaid: 0n,
  orderId: null,
  expiresAt: EXPIRY,
  paidAt: null,
  quotes: [
    { id: 'usdt', asset: 'USDT', network: 'ETHEREUM', amount: 100_000_000n },
    { id: 'eth', asset: 'ETH', network: 'ETHEREUM', amount: 50_000_000_000_000_000n },
  ],
  payments: [],
});

export const transfer = (id: string, amount: bigint, quoteId = 'usdt'): InvoiceAction => ({
  type: 'TRANSFER_SEEN',
  transfer: {
    id,
    quoteId,
    network: 'ETHEREUM',
    txId: `0x${id}`,
    outputIndex: 0,
    asset: quoteId === 'usdt' ? 'USDT' : 'ETH',
    amount,
    blockHeight: 1n,
    blockHash: '0x1',
  },
});

export const confirmed = (paymentId: string): InvoiceAction => ({
  type: 'PAYMENT_CONFIRMED',
  paymentId,
  blockHash: '0x1',
});
export const orphaned = (paymentId: string): InvoiceAction => ({
  type: 'PAYMENT_ORPHANED',
  paymentId,
  blockHash: '0x1',
});

export interface Run {
  readonly invoice: Invoice;
  readonly changes: readonly InvoiceChange[];
}

/** The invoice after the change, with the changed payments in place, as the store would give it back. */
export function run(actions: readonly InvoiceAction[], start = openInvoice(), now = NOW): Run {
  return actions.reduce<Run>(
    ({ invoice, changes }, action) => {
      const change = changeInvoice(invoice, action, action.type === 'EXPIRE' ? EXPIRY : now);
      if (!change) return { invoice, changes };
      const changed = new Map(change.payments.map((p) => [p.id, p]));
      const kept = invoice.payments.filter((p) => !changed.has(p.id));
      return {
        invoice: { ...change.invoice, payments: [...kept, ...changed.values()] },
        changes: [...changes, change],
      };
    },
    { invoice: start, changes: [] },
  );
}

const ids = fc.constantFrom('a', 'b', 'c', 'd');
export const anyAction: fc.Arbitrary<InvoiceAction> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(ids, fc.bigInt({ min: 1n, max: 150_000_000n })).map(([id, n]) => transfer(id, n)),
  },
  { weight: 2, arbitrary: ids.map((id) => transfer(id, 50_000_000_000_000_000n, 'eth')) },
  { weight: 4, arbitrary: ids.map(confirmed) },
  { weight: 2, arbitrary: ids.map(orphaned) },
  { weight: 1, arbitrary: fc.constantFrom<InvoiceAction>({ type: 'CANCEL' }, { type: 'EXPIRE' }) },
);
