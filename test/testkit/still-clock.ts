import type { MovableClock } from './movable-clock.ts';

/** Business time that stands still until it is moved: what is computed from it is exact. */
export function createStillClock(): MovableClock {
  let now = Date.now();
  return {
    now: () => new Date(now),
    advance({ hours = 0, seconds = 0, milliseconds = 0 }) {
      now += hours * 3_600_000 + seconds * 1_000 + milliseconds;
    },
  };
}
