export interface BlockRef {
  readonly height: bigint;
  readonly hash: string;
}

/** Whom an address was given to: an invoice or a static wallet. */
export type AddressOwner = { readonly invoiceId: string } | { readonly staticWalletId: string };

/** Whose address a transfer went to. */
export interface WatchedAddress {
  readonly address: string;
  /** The network that the address was given out for. */
  readonly network: string;
  readonly owner: AddressOwner;
}

/** A payment in a block. */
export interface StandingPayment {
  readonly paymentId: string;
  readonly owner: AddressOwner;
  readonly blockHeight: bigint;
  readonly blockHash: string;
  /** It had its confirmations: its money may have been released. */
  readonly isConfirmed: boolean;
}

export interface MisplacedPayment extends StandingPayment {
  /** The hash that is remembered at the payment's height; null when none is. */
  readonly remembered: string | null;
}

/** A payment that waits in the memory pool. */
export interface PooledPayment {
  readonly paymentId: string;
  readonly owner: AddressOwner;
  readonly txId: string;
}

/** What the leading watcher tells of a network; null leaves what was told before. */
export interface NetworkReport {
  readonly height: bigint | null;
  readonly head: bigint | null;
  readonly finalized: bigint | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
  readonly stopped: boolean;
  /** When the head was last asked for with success. */
  readonly updatedAt: Date | null;
}

/**
 * What the watchers keep. Whoever moves the cursor or asks what to take back names the cursor that it knows: a watcher
 * that lost its leadership without knowing it knows an older one (fencing).
 */
export interface ChainStore {
  cursor(network: string): Promise<BlockRef | null>;
  /**
   * Moves the cursor to the block and remembers its hash; older hashes than `keep` blocks are dropped, but for blocks
   * with an unconfirmed payment. Unmatched transfers above or in another block of this height are orphaned at `at`.
   * Throws Error when the cursor stands elsewhere than one below the block: another watcher moved it.
   */
  advance(network: string, block: BlockRef, keep: number, at: Date): Promise<void>;
  /** All blocks that the chain had at `at` are taken in. No effect when the cursor stands elsewhere. */
  caughtUp(network: string, cursor: BlockRef, at: Date): Promise<void>;
  /** The remembered hash at a height. */
  hashAt(network: string, height: bigint): Promise<string | null>;
  /**
   * After a reorg: puts the cursor back to an ancestor, forgets the hashes above it and that it ever was caught up, and
   * orphans the unmatched transfers above it. Throws Error when the cursor stands elsewhere than at `from`.
   */
  rewind(network: string, from: BlockRef, ancestor: BlockRef, at: Date): Promise<void>;
  /** To read blocks again that are still on the chain: like `rewind`, but what is above is not forgotten. */
  stepBack(network: string, from: BlockRef, to: BlockRef): Promise<void>;
  /** Which of these addresses were given out, for whatever network. One query, by index. */
  watched(addresses: readonly string[]): Promise<WatchedAddress[]>;
  /**
   * Which of these transactions are the gateway's own, that give an address the coin for a sweep: nobody paid. They are
   * stored before any node has them.
   */
  topUps(network: string, txIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * LIVE payments, confirmed ones as well, above the cursor in a block that is neither `next` nor remembered; all but
   * those in `next` when another block than `next` is remembered at its height. Null asks before the next block is
   * known. Oldest first; none when the cursor stands elsewhere.
   */
  stale(network: string, cursor: BlockRef, next: BlockRef | null): Promise<StandingPayment[]>;
  /**
   * LIVE payments in remembered blocks (by hash) that have their confirmations when `tip` is the highest block taken
   * in; where the node calls blocks final, those up to `finalized`. Oldest first.
   */
  confirmable(network: string, tip: bigint, finalized: bigint | null): Promise<StandingPayment[]>;
  /** LIVE payments not yet confirmed that stand, up to `height`, in another block than the remembered; oldest first. */
  misplacedUpTo(network: string, height: bigint): Promise<MisplacedPayment[]>;
  /** LIVE payments that were seen in the memory pool and in no block since. */
  pooled(network: string): Promise<PooledPayment[]>;
  /** Keeps what the operator is shown. */
  report(network: string, report: NetworkReport): Promise<void>;
}
