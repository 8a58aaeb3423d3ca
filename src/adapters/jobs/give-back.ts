import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { Presence } from './presence.ts';

/**
 * Gives back the jobs of owners that were absent at two looks in a row, until the signal aborts. Once would not do:
 * after a restart of PostgreSQL everybody is absent until connected again.
 */
export async function giveBackDeadJobs(
  presence: Presence,
  everyMilliseconds: number,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let suspects: readonly string[] = [];
  while (!signal.aborted) {
    try {
      const absentees = await presence.absentees();
      const dead = absentees.filter((id) => suspects.includes(id));
      if (dead.length > 0) {
        const owners = await presence.giveBackJobsOf(dead);
        logger.warn({ owners }, 'jobs of workers that died were given back');
      }
      suspects = absentees;
    } catch (err) {
      suspects = [];
      logger.warn({ err }, 'the jobs of dead workers could not be looked for');
    }
    await delay(everyMilliseconds, undefined, { signal }).catch(() => undefined);
  }
}
