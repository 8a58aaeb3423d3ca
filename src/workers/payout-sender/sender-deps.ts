import type { ChainSpender } from '../../usecases/ports/chain-spender.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventFeed } from '../../usecases/ports/event-log.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { SpendStore } from '../../usecases/ports/spend-store.ts';
import type { PayoutCheck } from '../../usecases/payout/payout-check.ts';
import type { PayoutFail } from '../../usecases/payout/payout-fail.ts';
import type { SourceStands } from '../../usecases/payout/source-stands.ts';
import type { SystemStamp } from '../../usecases/stamp-event.ts';

export interface SenderDeps {
  readonly spender: ChainSpender;
  readonly spends: SpendStore;
  /** Asked again right before signing: a hold or a whitelist may have come since (RULES 12). */
  readonly payoutCheck: PayoutCheck;
  /** Asked with it: the chain may have taken back what a refund or rebound gives back. */
  readonly sourceStands: SourceStands;
  readonly payoutFail: PayoutFail;
  readonly stamp: SystemStamp;
  /** Blocks, its own included, after which a transaction is final. */
  readonly confirmations: number;
  /** A transaction that no block has taken for so long is outbid. */
  readonly outbidAfterMilliseconds: number;
  /** Operators are told of what is not mined after so long. */
  readonly stuckAfterMilliseconds: number;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
  readonly logger: Logger;
}
