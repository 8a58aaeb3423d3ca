import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { sessionState } from '../../domain/account/session-state.ts';
import { userEvent, type EventDraft } from '../../domain/event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { SessionStore, SignIn } from '../ports/session-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

/**
 * The person says that a sign-in was somebody else (FEATURES N2): its session ends, and payouts are held back for 24
 * hours where the person could send money away (FEATURES A11). It asks for no step-up: it takes rights away only, and
 * waiting would help the intruder. Told once; `before` when it was said already. Refusal: NOT_FOUND.
 */
export type SessionDisown = (
  actor: UserActor,
  input: { readonly sessionId: string },
) => Promise<Result<{ before: boolean }>>;

export interface SessionDisownDeps {
  readonly sessions: Pick<SessionStore, 'disownSession'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const sessionDisown =
  ({ sessions, ids, clock, feed }: SessionDisownDeps): SessionDisown =>
  async (actor, { sessionId }) => {
    const { userId } = actor;
    const at = clock.now();
    const outcome = await sessions.disownSession({ sessionId, userId, at }, (signIn) =>
      draftsFor(userId, signIn, at).map((draft) =>
        stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at }),
      ),
    );
    if (outcome === 'unknown') return refuse('NOT_FOUND', 'There is no such sign-in.', 'sessionId');
    if (outcome === 'disowned') feed.poke();
    return done({ before: outcome === 'disowned_before' });
  };

function draftsFor(userId: string, signIn: SignIn, at: Date): EventDraft[] {
  const { sessionId, ip, device } = signIn;
  const wasLive = signIn.endedAt === null && sessionState(signIn, at).state !== 'OVER';
  return [
    userEvent('session.disowned', userId, {
      sessionId,
      ip,
      device,
      signedInAt: signIn.createdAt.toISOString(),
    }),
    // Closes the open connections of that session.
    ...(wasLive ? [userEvent('session.ended', userId, { sessionId, reason: 'DISOWNED' })] : []),
  ];
}
