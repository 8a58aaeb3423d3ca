import type { NewEvent } from '../../domain/event/event.ts';
import type { Transfer } from './chain-reader.ts';
import type { BlockRef, WatchedAddress } from './chain-store.ts';

/** Why nothing could take it (FEATURES D17). */
export type UnmatchedReason = 'UNKNOWN_TOKEN' | 'WRONG_NETWORK';

/** A transfer to an address of the gateway that neither its invoice nor its wallet can take. */
export interface UnmatchedTransfer {
  readonly transfer: Transfer;
  /** Whose address it went to. */
  readonly to: WatchedAddress;
  readonly reason: UnmatchedReason;
}

export interface NewUnmatchedTransfer extends UnmatchedTransfer {
  readonly id: string;
  /** Written when the transfer is a new one. */
  readonly event: NewEvent;
}

/** What came to addresses of the gateway by mistake. */
export interface UnmatchedTransfers {
  /**
   * Keeps those of a block that is about to be taken in. One that is known gets its new block, and stands again if a
   * reorg had taken it. Writes nothing when the cursor is not one below the block (another watcher leads). Gives
   * whether there was a new one.
   */
  record(
    network: string,
    block: BlockRef,
    transfers: readonly NewUnmatchedTransfer[],
    at: Date,
  ): Promise<boolean>;
}
