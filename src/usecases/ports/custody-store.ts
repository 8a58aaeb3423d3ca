import type { CustodyCheck } from '../../domain/custody/custody-check.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import type { BlockRef } from './chain-store.ts';
import type { CustodyPlaces } from './custody-chain.ts';
import type { OpenSpend } from './spend-store.ts';

/** What the database says of a network's LIVE money at one moment. */
export interface CustodySnapshot {
  /** The last block taken in: all payments up to it are known. */
  readonly block: BlockRef;
  /**
   * By asset, in its smallest unit: what the ledger holds in CUSTODY, with what the chain carried out up to the block and
   * is not booked yet, and without what is booked and stands above the block. Open spends are still to be taken off.
   */
  readonly booked: ReadonlyMap<string, bigint>;
  readonly open: readonly OpenSpend[];
  readonly places: CustodyPlaces;
}

export interface CustodyStore {
  /** One view of everything; null before the network's first block is taken in. */
  snapshot(network: string): Promise<CustodySnapshot | null>;
  /** The last looks at a network. */
  last(network: string): Promise<readonly CustodyCheck[]>;
  /** One atomic write; nothing, and false, where a look that is as late was written by another process. */
  record(checks: readonly CustodyCheck[], events: readonly NewEvent[]): Promise<boolean>;
}
