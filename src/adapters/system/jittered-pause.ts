import { setTimeout as delay } from 'node:timers/promises';
import type { Pause } from '../../usecases/ports/pause.ts';

const FIRST_MILLISECONDS = 4;
const LONGEST_MILLISECONDS = 100;

/** Anything up to a bound that doubles with each attempt ("full jitter"): the crowd spreads over the time it needs. */
export const jitteredPause: Pause = (attempts) =>
  delay(Math.random() * Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** (attempts - 1)));
