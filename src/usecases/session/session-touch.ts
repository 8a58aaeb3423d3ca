import type { Actor } from '../../domain/access/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { SessionStore } from '../ports/session-store.ts';

/**
 * Notes that the person behind a session did something (RULES 13), to the minute. A locked session and one whose time
 * has run out stay as they are; API keys and strangers have none.
 */
export type SessionTouch = (actor: Actor) => Promise<void>;

export interface SessionTouchDeps {
  readonly sessions: Pick<SessionStore, 'touchSession'>;
  readonly clock: Clock;
}

export const sessionTouch =
  ({ sessions, clock }: SessionTouchDeps): SessionTouch =>
  async (actor) => {
    if (actor.type !== 'USER' && actor.type !== 'OPERATOR') return;
    const at = clock.now();
    if (actor.validUntil > at) await sessions.touchSession(actor.sessionId, at);
  };
