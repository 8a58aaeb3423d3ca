export interface BlockRef {
  readonly height: bigint;
  readonly hash: string;
}

/** Whose address a transfer went to. */
export interface WatchedAddress {
  readonly address: string;
  readonly invoiceId: string;
}

export interface UnsettledPayment {
  readonly paymentId: string;
  readonly blockHeight: bigint;
  readonly blockHash: string;
}

/** What the watchers keep. */
export interface ChainStore {
  cursor(network: string): Promise<BlockRef | null>;
  /**
   * Moves the cursor to the block and remembers its hash; older hashes than `keep` blocks are dropped.
   * Throws Error when the cursor stands elsewhere than one below the block: another watcher moved it (fencing).
   */
  advance(network: string, block: BlockRef, keep: number, at: Date): Promise<void>;
  /** The remembered hash at a height. */
  hashAt(network: string, height: bigint): Promise<string | null>;
  /** Puts the cursor back to an ancestor and forgets the hashes above it. */
  rewind(network: string, ancestor: BlockRef, at: Date): Promise<void>;
  /** Which of these addresses were given out. One query, by index. */
  watched(network: string, addresses: readonly string[]): Promise<WatchedAddress[]>;
  /** Payments not yet confirmed in blocks up to `height`, oldest first. */
  unconfirmedUpTo(network: string, height: bigint): Promise<UnsettledPayment[]>;
  /** Payments not yet confirmed in blocks above `height`. */
  unconfirmedAbove(network: string, height: bigint): Promise<UnsettledPayment[]>;
}
