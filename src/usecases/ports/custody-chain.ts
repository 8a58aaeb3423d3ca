import type { SpendSight } from './chain-spender.ts';
import type { BlockRef } from './chain-store.ts';
import type { OpenSpend } from './spend-store.ts';

/** Where the gateway's money may be. */
export interface CustodyPlaces {
  /** Networks with accounts: deposit addresses that were paid to. The hot wallet is known to the reader. */
  readonly addresses: readonly string[];
  /** Bitcoin family: outputs that were paid to the gateway, or that its own transactions may have made. */
  readonly coins: readonly { readonly txId: string; readonly outputIndex: number }[];
}

export interface CustodySight {
  /** By asset, in its smallest unit: what there is at the block. */
  readonly held: ReadonlyMap<string, bigint>;
  /** What became of the open spends, in their order. */
  readonly sights: readonly SpendSight[];
}

/** Reads what the gateway's keys hold on one network; needs none of them. */
export interface CustodyChain {
  readonly network: string;
  /** Those that are compared. */
  readonly assets: readonly string[];
  /**
   * The view of one node at this block; null when it cannot tell of it: it is none of its chain, or of the Bitcoin family
   * not its newest one. Throws ChainUnavailable when no node answers.
   */
  look(at: BlockRef, places: CustodyPlaces, open: readonly OpenSpend[]): Promise<CustodySight | null>;
}
