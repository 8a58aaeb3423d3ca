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

export interface MisplacedPayment extends UnsettledPayment {
  /** The hash that is remembered at the payment's height; null when none is. */
  readonly remembered: string | null;
}

/** What the watchers keep. */
export interface ChainStore {
  cursor(network: string): Promise<BlockRef | null>;
  /**
   * Moves the cursor to the block and remembers its hash; older hashes than `keep` blocks are dropped, but for blocks
   * with an unconfirmed payment. Throws Error when the cursor stands elsewhere than one below the block: another watcher moved it (fencing).
   */
  advance(network: string, block: BlockRef, keep: number): Promise<void>;
  /** All blocks that the chain had at `at` are taken in. No effect when the cursor stands elsewhere. */
  caughtUp(network: string, cursor: BlockRef, at: Date): Promise<void>;
  /** The remembered hash at a height. */
  hashAt(network: string, height: bigint): Promise<string | null>;
  /** Puts the cursor back to an ancestor and forgets the hashes above it, and that it ever was caught up. */
  rewind(network: string, ancestor: BlockRef): Promise<void>;
  /** Which of these addresses were given out. One query, by index. */
  watched(network: string, addresses: readonly string[]): Promise<WatchedAddress[]>;
  /** LIVE payments not yet confirmed in remembered blocks (by hash) up to `height`, oldest first. */
  unconfirmedUpTo(network: string, height: bigint): Promise<UnsettledPayment[]>;
  /** LIVE payments not yet confirmed that stand, up to `height`, in another block than the remembered; oldest first. */
  misplacedUpTo(network: string, height: bigint): Promise<MisplacedPayment[]>;
  /** LIVE payments not yet confirmed in blocks above `height`. */
  unconfirmedAbove(network: string, height: bigint): Promise<UnsettledPayment[]>;
}
