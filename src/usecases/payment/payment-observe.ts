import { networkOf } from '../../domain/chain/networks.ts';
import type { InvoiceWriting } from '../invoice/invoice-writing.ts';
import type { Transfer } from '../ports/chain-reader.ts';
import type { BlockRef } from '../ports/chain-store.ts';

/** A transfer of an asset that the gateway knows. */
export interface KnownTransfer extends Transfer {
  readonly asset: string;
}

export interface ObservedTransfer {
  readonly network: string;
  readonly invoiceId: string;
  /** The block that holds it; null while it waits in the memory pool. */
  readonly block: BlockRef | null;
  /** When it was mined, or seen in the memory pool. */
  readonly at: Date;
  readonly transfer: KnownTransfer;
}

/**
 * A transfer to an invoice's address is on the chain or in the memory pool. Safe to repeat: a known transfer changes
 * nothing, but that one from the memory pool may now stand in a block.
 */
export type PaymentObserve = (seen: ObservedTransfer) => Promise<void>;

export interface PaymentObserveDeps extends InvoiceWriting {
  /** Confirmations by network where this deployment differs from the network's own number. */
  readonly confirmations: ReadonlyMap<string, number>;
}

export const paymentObserve =
  ({ writeInvoice, ids, confirmations }: PaymentObserveDeps): PaymentObserve =>
  async ({ network, invoiceId, block, at, transfer }) => {
    const id = ids.next();
    await writeInvoice({ invoiceId }, (_invoice, rules) => ({
      type: 'TRANSFER_SEEN',
      transfer: {
        id,
        network,
        txId: transfer.txId,
        outputIndex: transfer.outputIndex,
        asset: transfer.asset,
        amount: transfer.amount,
        blockHeight: block?.height ?? null,
        blockHash: block?.hash ?? null,
        at,
        confirmationsRequired:
          rules.confirmations[network] ?? confirmations.get(network) ?? networkOf(network).confirmations,
      },
    }));
  };
