import { sessionTokenKey, type Actor, type Client } from '../../domain/access/actor.ts';
import { looksLikeApiKey } from '../../domain/access/api-key.ts';
import { sessionState } from '../../domain/account/session-state.ts';
import type { LiveSession, SessionStore } from '../ports/session-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ApiKeyStore } from '../ports/api-key-store.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Secrets } from '../ports/secrets.ts';
import { keyActor, recogniseApiKey, type TurnedAway } from './recognise-api-key.ts';
import { SESSION_TOKEN_PREFIX } from './session-create.ts';

export interface AuthenticateDeps {
  readonly sessions: SessionStore;
  readonly keys: ApiKeyStore;
  readonly limits: AttemptLimits;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

/**
 * The actor of a bearer secret: a session token or an API key. Null when it is none, ended or revoked. Secrets that
 * open nothing are counted by address, and one too many is RATE_LIMITED; those that do are never held up.
 */
export type Authenticate = (secret: string, client: Client) => Promise<Actor | TurnedAway | null>;

export const authenticate =
  ({ sessions, keys, limits, secrets, clock }: AuthenticateDeps): Authenticate =>
  async (secret, client) => {
    const at = clock.now();
    const found = await actorOf(secret);
    if (found && 'type' in found) return found;
    const seconds = await limits.take('token', { address: client.ip }, at);
    if (seconds === null) return found;
    return { code: 'RATE_LIMITED', message: 'Too many attempts; wait a while.', retryAfterSeconds: seconds };

    async function actorOf(text: string): Promise<Actor | TurnedAway | null> {
      if (looksLikeApiKey(text)) return recogniseApiKey(keys, secrets.hash(text), client, at);
      if (!text.startsWith(SESSION_TOKEN_PREFIX)) return null;
      const session = await sessions.sessionOf(secrets.hash(text));
      return session && sessionActor(session, client, at);
    }
  };

/**
 * Whether an actor that was recognised before may still act, with the rights of this moment. A step-up voids the token
 * that a connection was opened with, and so the connection: a copy does not rise with the person.
 */
export type Reauthenticate = (actor: Actor) => Promise<Actor | null>;

export const reauthenticate =
  ({ sessions, keys, clock }: Pick<AuthenticateDeps, 'sessions' | 'keys' | 'clock'>): Reauthenticate =>
  async (actor) => {
    if (actor.type === 'SYSTEM' || actor.type === 'ANONYMOUS') return actor;
    const at = clock.now();
    if (actor.type === 'API_KEY') {
      const key = await keys.liveKeyById(actor.apiKeyId, at);
      return key && keyActor(key, actor.client);
    }
    const session = await sessions.sessionById(actor.sessionId);
    const isSameToken = session !== null && sessionTokenKey(session) === sessionTokenKey(actor);
    return isSameToken ? sessionActor(session, actor.client, at) : null;
  };

function sessionActor(session: LiveSession, client: Client | undefined, at: Date): Actor | null {
  const { state, validUntil } = sessionState(session, at);
  if (state === 'OVER') return null;
  const { userId, sessionId, secondFactorAt, steppedUpAt, operatorRole: role, memberships } = session;
  const person = {
    userId,
    sessionId,
    secondFactorAt,
    steppedUpAt,
    validUntil,
    ...(client ? { client } : {}),
  };
  if (state === 'LOCKED') return { type: 'LOCKED', ...person };
  return role ? { type: 'OPERATOR', ...person, role } : { type: 'USER', ...person, memberships };
}
