import type { PersonActor } from './actor.ts';

/** How long a proof of presence opens what asks for one, in milliseconds. */
export const STEP_UP_MS = 10 * 60_000;

/** Whether the person proved to be there lately: payouts, addresses, keys and the factors themselves ask for it. */
export const isSteppedUp = ({ steppedUpAt }: PersonActor, at: Date): boolean =>
  steppedUpAt !== null && at.getTime() - steppedUpAt.getTime() < STEP_UP_MS;
