import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { isPin, isTrivialPin } from '../../domain/account/pin.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PinStore } from '../ports/pin-store.ts';
import type { PasswordHasher } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';

export interface PinSetInput {
  readonly pin: string;
}

/** Sets or changes the PIN of the person (FEATURES A7): idle sessions are locked from now on, and do not end. */
export type PinSet = (actor: PersonActor, input: PinSetInput) => Promise<Result<{ hasPin: true }>>;

export interface PinSetDeps {
  readonly pins: Pick<PinStore, 'setPin'>;
  readonly passwords: Pick<PasswordHasher, 'hash'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const pinSet =
  ({ pins, passwords, ids, clock, feed }: PinSetDeps): PinSet =>
  async (actor, { pin }) => {
    if (!isPin(pin)) return refuse('INVALID_INPUT', 'A PIN has 4 to 8 digits.', 'pin');
    if (isTrivialPin(pin)) return refuse('INVALID_INPUT', 'This PIN is too easy to guess.', 'pin');
    const at = clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const event = stampEvent(userEvent('user.pin_set', actor.userId, {}), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    await pins.setPin({ userId: actor.userId, pinHash: await passwords.hash(pin), at }, event);
    feed.poke();
    return done({ hasPin: true });
  };
