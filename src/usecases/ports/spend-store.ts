import type { NewEvent } from '../../domain/event/event.ts';
import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import type { PayoutWait } from '../../domain/payout/payout-waits.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { StuckWhy } from '../../domain/payout/spend-events.ts';
import type {
  SignedTransaction,
  SpendPlace,
  SpendPlaces,
  SpendSight,
  SpendTransfer,
} from './chain-spender.ts';

export type SpendKind = 'PAYOUT' | 'SWEEP' | 'TOP_UP';

/** A spend that is not final, with all transactions that were signed for it. */
export interface OpenSpend {
  readonly id: string;
  readonly network: string;
  readonly kind: SpendKind;
  readonly status: 'SIGNED' | 'BROADCAST';
  readonly revision: number;
  readonly payout: Payout | null;
  readonly transfer: SpendTransfer;
  readonly place: SpendPlace;
  /** Oldest first; at least one. */
  readonly transactions: readonly (SignedTransaction & {
    readonly id: string;
    readonly broadcastAt: Date | null;
  })[];
  readonly createdAt: Date;
  /** By an operator. */
  readonly isGivenUp: boolean;
}

export interface NewSpend {
  readonly id: string;
  readonly transactionId: string;
  readonly network: string;
  readonly kind: SpendKind;
  /** The payout as it was seen: its status and revision must still hold. */
  readonly payout: Payout | null;
  readonly transfer: SpendTransfer;
  readonly place: SpendPlace;
  readonly signed: SignedTransaction;
  readonly events: readonly NewEvent[];
  readonly at: Date;
}

/** A spend as the chain decided on it, with what follows for its payout. */
export interface SpendEnd {
  readonly spend: OpenSpend;
  readonly sight: Extract<SpendSight, { readonly kind: 'MINED' }>;
  readonly entries: readonly (LedgerEntry & { readonly id: string })[];
  readonly events: readonly NewEvent[];
  readonly at: Date;
}

export type SpendAbandoned = Omit<SpendEnd, 'sight'>;

/** Why a payout waits although it is its turn. */
export interface Waiting {
  readonly reason: PayoutWait;
  readonly event: NewEvent;
  /**
   * What operators hear of it: at once, again some hours later, and when it is about much less. Told of each network,
   * reason and asset, not of each payout.
   */
  readonly alert: WaitingAlert | null;
  readonly at: Date;
}

export interface WaitingAlert {
  /** What the hot wallet lacks; null where the payout waits for something else. */
  readonly asset: string | null;
  /** Of the asset, in its smallest unit; 0 where that does not matter. */
  readonly amount: bigint;
  readonly event: NewEvent;
}

/**
 * What the gateway signed. Each method is one atomic write or one read; a write names what it was decided on, and gives
 * false, having written nothing, when that is another by now.
 */
export interface SpendStore extends SpendPlaces {
  /** A page of the LIVE payouts to an address that are QUEUED on a network, oldest first, behind the one named. */
  queued(network: string, limit: number, after: string | null): Promise<readonly Payout[]>;
  /** Whether what was signed within the 24 hours before `at` comes with this payout to more than its merchant's limit. */
  isBeyondDay(payout: Payout, at: Date): Promise<boolean>;
  /**
   * Stores the first signed transaction: takes the nonce or the coins, sets the payout SIGNED. Nothing was sent before.
   * False when the nonce or a coin was taken, or the payout was changed: sign anew.
   */
  signed(spend: NewSpend): Promise<boolean>;
  /** Stores one more transaction at the same place. */
  outbid(spend: OpenSpend, transactionId: string, signed: SignedTransaction, at: Date): Promise<boolean>;
  /** It may be with a node from now on: spend and payout are BROADCAST. Written before the nodes are asked. */
  broadcast(spend: OpenSpend, events: readonly NewEvent[], at: Date): Promise<boolean>;
  /** A page of the SIGNED and BROADCAST spends of a network, oldest first, behind the one named. */
  open(network: string, limit: number, after?: string | null): Promise<readonly OpenSpend[]>;
  /** Mined with enough blocks above it: final. Payout CONFIRMED or FAILED, ledger, change coins, events. */
  ended(end: SpendEnd): Promise<boolean>;
  /**
   * Bitcoin family: what is there once the change of open spends is final, in the coin's smallest unit; 0 when none is on
   * its way.
   */
  change(network: string): Promise<bigint>;
  /**
   * Its place was used by another transaction, for good: spend and payout FAILED, ledger, events; its coins are free, and
   * those that are gone are found to be when they are chosen.
   */
  abandoned(abandoned: SpendAbandoned): Promise<boolean>;
  /**
   * Why a queued payout waits. Writes the events where that is another waiting (`sameWait`), or operators are told; else
   * false. Nothing is written over a stronger reason.
   */
  waits(payout: Payout, waiting: Waiting): Promise<boolean>;
  /** Why a queued payout waits, and since when for this or what is the same; null when it does not. */
  waiting(payout: Payout): Promise<{ readonly reason: string; readonly since: Date } | null>;
  /**
   * Keeps why an open spend does not get on, with the event: when that is new and no weaker reason than the one before, and
   * again when the last telling is hours ago. Else false.
   */
  stuck(spend: OpenSpend, why: StuckWhy, event: NewEvent, at: Date): Promise<boolean>;
}
