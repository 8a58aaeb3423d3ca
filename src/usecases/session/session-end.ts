import { eventActor, type LockedActor, type PersonActor } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface SessionEndInput {
  /** Another session of the same person; null for the one that asks. */
  readonly sessionId: string | null;
}

/**
 * Ends a session of the person (FEATURES A10): the one that asks, which is safe to repeat, or another. A locked
 * session can only end itself.
 */
export type SessionEnd = (
  actor: PersonActor | LockedActor,
  input: SessionEndInput,
) => Promise<Result<{ current: boolean }>>;

export interface SessionEndDeps {
  readonly sessions: Pick<SessionStore, 'endSession'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const sessionEnd =
  ({ sessions, ids, clock, feed }: SessionEndDeps): SessionEnd =>
  async (actor, input) => {
    const { userId } = actor;
    const sessionId = input.sessionId ?? actor.sessionId;
    const current = sessionId === actor.sessionId;
    if (actor.type === 'LOCKED' && !current) return noSuchSession();
    const at = clock.now();
    const reason = current ? 'SIGNED_OUT' : 'ENDED_BY_PERSON';
    const event = stampEvent(userEvent('session.ended', userId, { sessionId, reason }), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    const ended = await sessions.endSession({ sessionId, userId }, at, event);
    if (!ended && !current) return noSuchSession();
    feed.poke();
    return done({ current });
  };

const noSuchSession = (): Result<never> =>
  refuse('NOT_FOUND', 'There is no such session, or it has ended.', 'sessionId');
