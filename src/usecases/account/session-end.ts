import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import { stampEvent } from '../stamp-event.ts';

/** Signs the person out of the session that asks. Safe to repeat. */
export type SessionEnd = (actor: UserActor) => Promise<void>;

export interface SessionEndDeps {
  readonly sessions: SessionStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const sessionEnd =
  ({ sessions, ids, clock, feed }: SessionEndDeps): SessionEnd =>
  async (actor) => {
    const at = clock.now();
    const event = stampEvent(userEvent('session.ended', actor.userId, { sessionId: actor.sessionId }), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    await sessions.endSession(actor.sessionId, at, event);
    feed.poke();
  };
