import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { userEvent, type EventDraft } from '../../domain/event/event.ts';
import type { PinStore } from '../ports/pin-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { PinSetDeps } from './pin-set.ts';

/** Removes the PIN: idle sessions end from now on, and those that it has locked end at once. */
export type PinRemove = (actor: PersonActor) => Promise<Result<{ hasPin: false }>>;

export type PinRemoveDeps = Pick<PinSetDeps, 'ids' | 'clock' | 'feed'> & {
  readonly pins: Pick<PinStore, 'removePin'>;
};

export const pinRemove =
  ({ pins, ids, clock, feed }: PinRemoveDeps): PinRemove =>
  async (actor) => {
    const { userId, sessionId } = actor;
    const at = clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const stamped = (draft: EventDraft) =>
      stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at });
    const ended = (id: string) =>
      stamped(userEvent('session.ended', userId, { sessionId: id, reason: 'ENDED_BY_PERSON' }));
    const removed = await pins.removePin(
      { userId, sessionId, at },
      stamped(userEvent('user.pin_removed', userId, {})),
      ended,
    );
    if (!removed) return refuse('WRONG_STATE', 'There is no PIN.');
    feed.poke();
    return done({ hasPin: false });
  };
