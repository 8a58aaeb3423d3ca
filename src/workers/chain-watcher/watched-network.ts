import type { PaymentConfirm } from '../../usecases/payment/payment-confirm.ts';
import type { ObservedTransfer, PaymentObserve } from '../../usecases/payment/payment-observe.ts';
import type { PaymentOrphan } from '../../usecases/payment/payment-orphan.ts';
import type { UnmatchedTransfersRecord } from '../../usecases/payment/unmatched-transfers-record.ts';
import type { ChainReader } from '../../usecases/ports/chain-reader.ts';
import type { ChainStore } from '../../usecases/ports/chain-store.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';

/** What becomes of a transfer to an invoice. */
export interface PaymentSteps {
  readonly observe: PaymentObserve;
  readonly confirm: PaymentConfirm;
  readonly orphan: PaymentOrphan;
}

/** What becomes of a transfer to a static wallet; the steps are those of a payment. */
export interface DepositSteps {
  readonly observe: (
    seen: Omit<ObservedTransfer, 'invoiceId'> & { readonly staticWalletId: string },
  ) => Promise<void>;
  readonly confirm: PaymentConfirm;
  readonly orphan: PaymentOrphan;
}

/** What the steps of one network's watcher work with. */
export interface WatchedNetwork {
  readonly reader: ChainReader;
  readonly store: ChainStore;
  /** The network's own number of confirmations: how far below the head a network begins that was never read. */
  readonly confirmations: number;
  /** Hashes of this many blocks are remembered: the deepest reorg that can be followed. */
  readonly rememberedBlocks: number;
  readonly payments: PaymentSteps;
  readonly deposits: DepositSteps;
  readonly recordUnmatched: UnmatchedTransfersRecord;
  readonly clock: Clock;
  readonly logger: Logger;
}
