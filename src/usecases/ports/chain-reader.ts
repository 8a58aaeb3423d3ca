import type { BlockRef } from './chain-store.ts';

/** One incoming transfer. */
export interface Transfer {
  readonly txId: string;
  /**
   * Place of a token transfer among the transfers of the same kind (of known tokens, or of one unknown contract) in its
   * transaction, from 0; output index of the Bitcoin family; -1 for an EVM value transfer. The same wherever the
   * transaction is mined.
   */
  readonly outputIndex: number;
  /** In the form that the deriver writes (EIP-55, bech32). */
  readonly to: string;
  /** Null for a token that the gateway does not know. */
  readonly asset: string | null;
  /** The token's contract; null for the network's own coin. */
  readonly contract: string | null;
  /** In the asset's smallest unit; in the token's own for an unknown one. */
  readonly amount: bigint;
}

export interface Block extends BlockRef {
  readonly parentHash: string;
  /** The time that the block tells. */
  readonly minedAt: Date;
  /** Candidates: ask `carriedOut` about those that matter. */
  readonly transfers: readonly Transfer[];
}

export interface ChainHead {
  readonly height: bigint;
  /** The highest block that the node calls final; null where confirmations decide. */
  readonly finalized: bigint | null;
}

/** Reads one network. Every method throws ChainUnavailable when no node answers; nothing is guessed. */
export interface ChainReader {
  readonly network: string;
  head(): Promise<ChainHead>;
  /** Height, hash and parent of the block at a height; null when the chain is shorter. */
  header(height: bigint): Promise<(BlockRef & { readonly parentHash: string }) | null>;
  /**
   * The blocks from one height to another, both included, each the parent of the next; fewer when the chain is shorter,
   * a reorg came between, the node gives less at once or the blocks are very full; none only when the chain ends below
   * `from`. At most
   * `MAX_RANGE` at a time.
   */
  blocks(from: bigint, to: bigint): Promise<readonly Block[]>;
  /** Which of these transfers of a block were carried out: an EVM transaction with value may have failed (EIP-658). */
  carriedOut(block: BlockRef, transfers: readonly Transfer[]): Promise<readonly Transfer[]>;
  /** Transactions that wait for a block; null where only blocks are read. */
  readonly pool: PoolReader | null;
}

/** Blocks that a reader is asked for at once. */
export const MAX_RANGE = 64n;

export interface PoolView {
  /** The highest block of the node when the pool was read. */
  readonly tip: BlockRef;
  /** All transactions in the pool. */
  readonly txIds: ReadonlySet<string>;
  /** The transfers of those that were not looked at in an earlier call. */
  readonly transfers: readonly Transfer[];
}

export interface PoolReader {
  /** Null while the node still loads its pool or its head moved meanwhile. */
  read(): Promise<PoolView | null>;
  /** Forgets what was looked at: the next read gives all transfers again. */
  reset(): void;
}

export class ChainUnavailable extends Error {
  override readonly name = 'ChainUnavailable';
}
