import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../usecases/ports/clock.ts';
import type { ExpiredRows } from '../usecases/ports/expired-rows.ts';
import type { LeaderLock } from '../usecases/ports/leader-lock.ts';
import type { Logger } from '../usecases/ports/logger.ts';

export interface ExpiredRowsDeps {
  /** Of the lock: one process at a time. */
  readonly name: string;
  readonly rows: ExpiredRows;
  readonly everyMilliseconds: number;
  readonly clock: Clock;
  readonly leader: LeaderLock;
  readonly logger: Logger;
}

/** Removes what means nothing any more, again and again, in one process at a time: floods of attempts leave nothing behind. */
export const createExpiredRowsRemoval = ({
  name,
  rows,
  everyMilliseconds,
  clock,
  leader,
  logger,
}: ExpiredRowsDeps) => ({
  run: (signal: AbortSignal): Promise<void> =>
    leader.lead(name, signal, async (leading) => {
      while (!leading.aborted) {
        const more = await rows.removeSome(clock.now()).catch((error: unknown) => {
          logger.error({ err: error, rows: name }, 'expired rows could not be removed; trying again');
          return false;
        });
        if (!more) await delay(everyMilliseconds, undefined, { signal: leading }).catch(() => undefined);
      }
    }),
});
