import { eventActor, type LockedActor, type PersonActor } from '../../domain/access/actor.ts';
import { isPin } from '../../domain/account/pin.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { PinStore } from '../ports/pin-store.ts';
import type { PasswordHasher } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { PinSetDeps } from './pin-set.ts';

export interface SessionUnlockInput {
  readonly pin: string;
}

/** Opens a locked session by the PIN (FEATURES A7). The fifth wrong one ends it. */
export type SessionUnlock = (
  actor: PersonActor | LockedActor,
  input: SessionUnlockInput,
) => Promise<Result<{ unlocked: true }>>;

export type SessionUnlockDeps = Pick<PinSetDeps, 'ids' | 'clock' | 'feed'> & {
  readonly pins: Omit<PinStore, 'setPin' | 'removePin'>;
  readonly passwords: Pick<PasswordHasher, 'verify'>;
  readonly limits: AttemptLimits;
};

export const sessionUnlock =
  (deps: SessionUnlockDeps): SessionUnlock =>
  async (actor, { pin }) => {
    const { pins, limits, clock, feed } = deps;
    const { sessionId, userId } = actor;
    if (!isPin(pin)) return refuse('INVALID_INPUT', 'A PIN has 4 to 8 digits.', 'pin');
    if (actor.type !== 'LOCKED') return refuse('WRONG_STATE', 'The session is not locked.');
    const at = clock.now();
    const attempt = { sessionId, at };
    const limited = await takeAttempt(limits, 'pin', { account: userId, client: actor.client }, at);
    if (limited) return limited;
    const event = eventsOf(deps, actor, at);
    const taken = await pins.takePinAttempt(sessionId);
    if (taken && (await deps.passwords.verify(taken.pinHash, pin))) {
      if (!(await pins.unlockSession(attempt, event('session.unlocked')))) return sessionOver();
      await limits.forgive('pin', { account: userId });
      feed.poke();
      return done({ unlocked: true });
    }
    const ended = event('session.ended', 'WRONG_PINS');
    const outcome = taken
      ? await pins.refusePin(attempt, event('session.unlock_refused'), ended)
      : await pins.endWithoutAttempts(attempt, ended).then(() => 'ended' as const);
    feed.poke();
    return outcome === 'ended' ? sessionOver() : refuse('CODE_REFUSED', 'This PIN is wrong.', 'pin');
  };

const sessionOver = (): Result<never> =>
  refuse('CODE_REFUSED', 'The session has ended: sign in again.', 'pin');

const eventsOf =
  ({ ids }: Pick<SessionUnlockDeps, 'ids'>, actor: LockedActor, at: Date) =>
  (type: EventType, reason?: string) => {
    const data = { sessionId: actor.sessionId, ...(reason === undefined ? {} : { reason }) };
    return stampEvent(userEvent(type, actor.userId, data), { id: ids.next(), actor: eventActor(actor), at });
  };
