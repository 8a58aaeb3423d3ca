import type { Actor } from '../../domain/access/actor.ts';
import type { LiveSession, SessionStore } from '../ports/session-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { API_KEY_PREFIX } from '../project/api-key-create.ts';
import { SESSION_TOKEN_PREFIX } from './session-create.ts';

export interface AuthenticateDeps {
  readonly sessions: SessionStore;
  readonly projects: ProjectStore;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

/** The actor of a bearer secret: a session token or an API key. Null when it is none, ended or revoked. */
export type Authenticate = (secret: string) => Promise<Actor | null>;

/** A session without PIN ends after six hours without activity (FEATURES A8). */
const IDLE_MS = 6 * 3_600_000;
/** Activity is noted at most this often. */
const TOUCH_MS = 60_000;

export const authenticate =
  ({ sessions, projects, secrets, clock }: AuthenticateDeps): Authenticate =>
  async (secret) => {
    const at = clock.now();
    if (Object.values(API_KEY_PREFIX).some((prefix) => secret.startsWith(prefix))) {
      return projects.apiKeyOf(secrets.hash(secret), at);
    }
    if (!secret.startsWith(SESSION_TOKEN_PREFIX)) return null;
    const session = await sessions.sessionOf(secrets.hash(secret));
    if (!session || isIdle(session, at)) return null;
    if (at.getTime() - session.activeAt.getTime() > TOUCH_MS)
      await sessions.touchSession(session.sessionId, at);
    return userActor(session);
  };

/** Whether an actor that was recognised before may still act, with the rights of this moment. */
export type Reauthenticate = (actor: Actor) => Promise<Actor | null>;

export const reauthenticate =
  ({ sessions, projects, clock }: Omit<AuthenticateDeps, 'secrets'>): Reauthenticate =>
  async (actor) => {
    if (actor.type === 'API_KEY') return (await projects.apiKeyIsLive(actor.apiKeyId)) ? actor : null;
    if (actor.type !== 'USER') return actor;
    const session = await sessions.sessionById(actor.sessionId);
    return session && !isIdle(session, clock.now()) ? userActor(session) : null;
  };

const isIdle = (session: LiveSession, at: Date): boolean =>
  at.getTime() - session.activeAt.getTime() >= IDLE_MS;

const userActor = (session: LiveSession): Actor => ({
  type: 'USER',
  userId: session.userId,
  sessionId: session.sessionId,
  memberships: session.memberships,
});
