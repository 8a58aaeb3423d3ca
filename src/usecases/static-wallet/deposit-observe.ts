import { networkOf } from '../../domain/chain/networks.ts';
import type { ObservedTransfer } from '../payment/payment-observe.ts';
import type { DepositWriting } from './deposit-writing.ts';

export interface ObservedDeposit extends Omit<ObservedTransfer, 'invoiceId'> {
  readonly staticWalletId: string;
}

/**
 * A transfer to a static wallet is on the chain or in the memory pool (FEATURES D11). Safe to repeat: a known transfer
 * changes nothing, but that one from the memory pool may now stand in a block.
 */
export type DepositObserve = (seen: ObservedDeposit) => Promise<void>;

export interface DepositObserveDeps extends DepositWriting {
  /** Confirmations by network where this deployment differs from the network's own number. */
  readonly confirmations: ReadonlyMap<string, number>;
}

export const depositObserve =
  ({ writeDeposit, ids, confirmations }: DepositObserveDeps): DepositObserve =>
  async ({ network, staticWalletId, block, at, transfer }) => {
    const { txId, outputIndex, asset, amount } = transfer;
    const id = ids.next();
    await writeDeposit({ staticWalletId, network, txId, outputIndex }, (_deposit, rules) => [
      {
        type: 'TRANSFER_SEEN',
        transfer: {
          id,
          network,
          txId,
          outputIndex,
          asset,
          amount,
          blockHeight: block?.height ?? null,
          blockHash: block?.hash ?? null,
          at,
          confirmationsRequired:
            rules.confirmations[network] ?? confirmations.get(network) ?? networkOf(network).confirmations,
        },
      },
    ]);
  };
