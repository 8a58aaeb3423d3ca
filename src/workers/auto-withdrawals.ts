import { setTimeout as delay } from 'node:timers/promises';
import type { AutoWithdrawalsFollow } from '../usecases/auto-withdrawal/auto-withdrawals-follow.ts';
import type { LeaderLock } from '../usecases/ports/leader-lock.ts';
import type { Logger } from '../usecases/ports/logger.ts';

export interface AutoWithdrawalsDeps {
  readonly follow: AutoWithdrawalsFollow;
  readonly leader: LeaderLock;
  readonly logger: Logger;
}

const LOOK_MILLISECONDS = 1000;
const BATCH = 1000;

/** Sends on what is credited, by the merchants' rules (FEATURES F3). In one process at a time. */
export const createAutoWithdrawals = ({ follow, leader, logger }: AutoWithdrawalsDeps) => ({
  run: (signal: AbortSignal): Promise<void> =>
    leader.lead('auto-withdrawals', signal, async (leading) => {
      while (!leading.aborted) {
        const more = await follow(BATCH).catch((error: unknown) => {
          logger.error({ err: error }, 'automatic withdrawals could not be looked at; trying again');
          return false;
        });
        if (!more) await delay(LOOK_MILLISECONDS, undefined, { signal: leading }).catch(() => undefined);
      }
    }),
});
