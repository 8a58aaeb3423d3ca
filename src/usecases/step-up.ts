import type { PersonActor } from '../domain/access/actor.ts';
import { isSteppedUp } from '../domain/access/step-up.ts';
import { refuse, type Result } from './result.ts';

/** Null when the person proved to be there lately, else the refusal STEP_UP_REQUIRED. */
export const stepUpMissing = (actor: PersonActor, at: Date): Result<never> | null =>
  isSteppedUp(actor, at)
    ? null
    : refuse('STEP_UP_REQUIRED', 'Prove first that it is you: sessionStepUp opens this for ten minutes.');
