import type { LeaderLock } from '../../usecases/ports/leader-lock.ts';
import { sendQueued } from './send-queued.ts';
import type { SenderDeps } from './sender-deps.ts';
import { followOpen } from './follow-open.ts';
import { rest } from './rest.ts';

export interface PayoutSenderOptions extends SenderDeps {
  readonly leader: LeaderLock;
  /** Between two rounds. */
  readonly everyMilliseconds: number;
  /** Bitcoin family: `createCoinCollection`. */
  readonly collectCoins?: () => Promise<void>;
  /** Networks with accounts: `sweeping`; Bitcoin family: `consolidating`. */
  readonly sweep?: (signal: AbortSignal) => Promise<void>;
}

export interface PayoutSender {
  /** Sends the payouts of one network whenever this process leads it, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Signs, sends and follows the payouts of one network (FEATURES F1, F6). The lock keeps two from working in vain; what
 * keeps a payout from being paid twice are the nonce, the coins and the revisions that each write names.
 */
export function createPayoutSender({
  leader,
  everyMilliseconds,
  collectCoins,
  sweep,
  ...deps
}: PayoutSenderOptions): PayoutSender {
  return {
    run: (signal) =>
      leader.lead(`payouts ${deps.spender.network}`, signal, async (leading) => {
        while (!leading.aborted) {
          await guarded(deps, () => followOpen(deps, leading));
          if (collectCoins) await guarded(deps, collectCoins);
          await guarded(deps, () => sendQueued(deps, leading));
          // What payouts leave of the coin pays for sweeps.
          if (sweep) await guarded(deps, () => sweep(leading));
          await rest(everyMilliseconds, leading);
        }
      }),
  };
}

/** No fault of a node or the database ends the sender: all that counts is stored, and the next round goes on from it. */
async function guarded({ logger, spender }: SenderDeps, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (err) {
    logger.error({ err, network: spender.network }, 'payouts could not be sent on; trying again');
  }
}
