import type { Transfer } from '../ports/chain-reader.ts';
import type { BlockRef } from '../ports/chain-store.ts';
import type { InvoiceWriting } from '../invoice/invoice-writing.ts';

export interface ObservedTransfer {
  readonly network: string;
  readonly invoiceId: string;
  readonly block: BlockRef;
  readonly transfer: Transfer;
}

/**
 * A transfer to an invoice's address stands in a block. Safe to repeat: a known transfer changes nothing.
 * 'unquoted': the invoice has no quote in this asset, so the money has no price and was not taken in.
 */
export type PaymentObserve = (seen: ObservedTransfer) => Promise<'taken' | 'unquoted'>;

export const paymentObserve =
  ({ writeInvoice, ids }: InvoiceWriting): PaymentObserve =>
  async ({ network, invoiceId, block, transfer }) => {
    let result: 'taken' | 'unquoted' = 'taken';
    await writeInvoice({ invoiceId }, (invoice) => {
      const quote = invoice.quotes.find((q) => q.network === network && q.asset === transfer.asset);
      // An asset that nobody quoted has no price here; the operator's view of such money is FEATURES D17.
      result = quote ? 'taken' : 'unquoted';
      if (!quote) return null;
      return {
        type: 'TRANSFER_SEEN',
        transfer: {
          id: ids.next(),
          quoteId: quote.id,
          network,
          txId: transfer.txId,
          outputIndex: transfer.outputIndex,
          asset: transfer.asset,
          amount: transfer.amount,
          blockHeight: block.height,
          blockHash: block.hash,
        },
      };
    });
    return result;
  };
