import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { stampEvent } from '../stamp-event.ts';
import type { SessionEndDeps } from './session-end.ts';
import type { SessionStore } from '../ports/session-store.ts';

/** Ends every session of the person but the one that asks (FEATURES A10); gives how many. */
export type SessionsEndOthers = (actor: PersonActor) => Promise<number>;

export type SessionsEndOthersDeps = Omit<SessionEndDeps, 'sessions'> & {
  readonly sessions: Pick<SessionStore, 'endOtherSessions'>;
};

export const sessionsEndOthers =
  ({ sessions, ids, clock, feed }: SessionsEndOthersDeps): SessionsEndOthers =>
  async (actor) => {
    const at = clock.now();
    const eventFor = (sessionId: string) =>
      stampEvent(userEvent('session.ended', actor.userId, { sessionId, reason: 'ENDED_BY_PERSON' }), {
        id: ids.next(),
        actor: eventActor(actor),
        at,
      });
    const ended = await sessions.endOtherSessions(actor, at, eventFor);
    feed.poke();
    return ended;
  };
