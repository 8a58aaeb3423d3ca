import type { PaymentConfirm } from '../../usecases/payment/payment-confirm.ts';
import type { PaymentObserve } from '../../usecases/payment/payment-observe.ts';
import type { PaymentOrphan } from '../../usecases/payment/payment-orphan.ts';
import type { ChainReader } from '../../usecases/ports/chain-reader.ts';
import type { ChainStore } from '../../usecases/ports/chain-store.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';

/** What the steps of one network's watcher work with. */
export interface WatchedNetwork {
  readonly reader: ChainReader;
  readonly store: ChainStore;
  /** Blocks, the one with the payment included, before a payment is confirmed. */
  readonly confirmations: number;
  /** Hashes of this many blocks are remembered: the deepest reorg that can be followed. */
  readonly rememberedBlocks: number;
  readonly observe: PaymentObserve;
  readonly confirm: PaymentConfirm;
  readonly orphan: PaymentOrphan;
  readonly clock: Clock;
  readonly logger: Logger;
}
