import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PasswordHasher, Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface SessionCreateInput {
  readonly email: string;
  readonly password: string;
  readonly ip: string;
  readonly userAgent: string;
}

/** Signs a person in. A wrong password and an unknown address give the same answer in the same time. */
export type SessionCreate = (
  input: SessionCreateInput,
) => Promise<Result<{ token: string; sessionId: string; userId: string }>>;

export interface SessionCreateDeps {
  readonly accounts: Pick<AccountStore, 'credentialsOf'>;
  readonly sessions: Pick<SessionStore, 'createSession'>;
  readonly passwords: PasswordHasher;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const SESSION_TOKEN_PREFIX = 'pbss_';
const MAX_USER_AGENT = 300;

export const sessionCreate =
  (deps: SessionCreateDeps): SessionCreate =>
  async (input) => {
    const { accounts, sessions, ids, clock, secrets } = deps;
    const email = input.email.trim();
    const credentials = isEmail(email) ? await accounts.credentialsOf(emailKeyOf(email)) : null;
    const matches = await deps.passwords.verify(credentials?.passwordHash ?? null, input.password);
    if (!credentials || !matches)
      return refuse('INVALID_CREDENTIALS', 'E-mail address or password is wrong.');
    if (!credentials.emailConfirmed) {
      return refuse('EMAIL_NOT_CONFIRMED', 'Confirm the e-mail address first: the link is in your mailbox.');
    }
    const at = clock.now();
    const { userId } = credentials;
    const token = secrets.issue(SESSION_TOKEN_PREFIX);
    const session = {
      id: ids.next(),
      userId,
      tokenHash: token.hash,
      ip: input.ip,
      userAgent: input.userAgent.slice(0, MAX_USER_AGENT),
      at,
    };
    const { ip, userAgent } = session;
    await sessions.createSession(
      session,
      stampEvent(userEvent('session.created', userId, { sessionId: session.id, ip, userAgent }), {
        id: ids.next(),
        actor: { type: 'USER', id: userId },
        at,
      }),
    );
    deps.feed.poke();
    return done({ token: token.secret, sessionId: session.id, userId });
  };
