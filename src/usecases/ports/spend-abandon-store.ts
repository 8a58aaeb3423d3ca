import type { NewEvent } from '../../domain/event/event.ts';
import type { SpendKind } from './spend-store.ts';

/** A spend, as an operator who gives it up needs it. */
export interface SpendAtWork {
  readonly id: string;
  readonly network: string;
  readonly kind: SpendKind;
  readonly payoutId: string | null;
  /** SIGNED or BROADCAST. */
  readonly isOpen: boolean;
  /** Why it does not get on, as operators were told. */
  readonly stuckFor: string | null;
  readonly isGivenUp: boolean;
}

export interface SpendAbandonStore {
  /** The spend that a transaction was signed for; null where there is none. */
  byTransaction(network: string, txId: string): Promise<SpendAtWork | null>;
  /** One atomic write; false, having written nothing, when it is not stuck as FOREIGN any more, or was given up already. */
  giveUp(spendId: string, event: NewEvent, at: Date): Promise<boolean>;
}
