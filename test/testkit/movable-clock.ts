import type { Clock } from '../../src/usecases/ports/clock.ts';

export interface MovableClock extends Clock {
  /** Puts business time ahead of the machine's by this much more. */
  advance(by: { readonly hours?: number; readonly seconds?: number; readonly milliseconds?: number }): void;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Business time that runs as the machine's and can be moved ahead. */
export function createMovableClock(): MovableClock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance({ hours = 0, seconds = 0, milliseconds = 0 }) {
      ahead += hours * HOUR + seconds * SECOND + milliseconds;
    },
  };
}
