import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../usecases/ports/clock.ts';
import type { ExpiredRows } from '../usecases/ports/expired-rows.ts';
import type { LeaderLock } from '../usecases/ports/leader-lock.ts';
import type { Logger } from '../usecases/ports/logger.ts';

export interface ExpiredRowsDeps {
  readonly rows: ExpiredRows;
  readonly clock: Clock;
  readonly leader: LeaderLock;
  readonly logger: Logger;
}

const LOOK_MILLISECONDS = 10 * 60_000;

/** Removes what has expired, every ten minutes, in one process at a time: floods of attempts leave nothing behind. */
export const createExpiredRowsRemoval = ({ rows, clock, leader, logger }: ExpiredRowsDeps) => ({
  run: (signal: AbortSignal): Promise<void> =>
    leader.lead('expired-rows', signal, async (leading) => {
      while (!leading.aborted) {
        const more = await rows.removeSome(clock.now()).catch((error: unknown) => {
          logger.error({ err: error }, 'expired rows could not be removed; trying again');
          return false;
        });
        if (!more) await delay(LOOK_MILLISECONDS, undefined, { signal: leading }).catch(() => undefined);
      }
    }),
});
