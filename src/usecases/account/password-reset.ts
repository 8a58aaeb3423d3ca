import type { Client } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PasswordResetOutcome, PasswordStore } from '../ports/password-store.ts';
import type { PasswordBlocklist, PasswordHasher, Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { sessionsEnded } from './ended-sessions.ts';
import { checkPassword } from './password-policy.ts';

export interface PasswordResetInput {
  readonly token: string;
  readonly password: string;
  readonly client: Client;
}

/**
 * Sets a new password by the link that was mailed: once, within the hour. Ends all sessions and holds payouts back
 * (FEATURES A4). The second factor stays as it is: who signs in next is asked for it (QUALITY, security 29).
 */
export type PasswordReset = (input: PasswordResetInput) => Promise<Result<null>>;

export interface PasswordResetDeps {
  readonly passwordStore: Pick<PasswordStore, 'ownerOfReset' | 'resetPassword'>;
  readonly passwords: PasswordHasher;
  readonly blocklist: PasswordBlocklist;
  readonly limits: AttemptLimits;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

const NOT_VALID = refuse('INVALID_TOKEN', 'This link is not valid any more.', 'token');

export const passwordReset =
  (deps: PasswordResetDeps): PasswordReset =>
  async ({ token, password, client }) => {
    const { passwordStore, ids, clock } = deps;
    const at = clock.now();
    const limited = await takeAttempt(deps.limits, 'token', { client }, at);
    if (limited) return limited;
    const tokenHash = deps.secrets.hash(token);
    const owner = await passwordStore.ownerOfReset(tokenHash, at);
    if (!owner) return NOT_VALID;
    const problem = await checkPassword(deps, password, [owner.email, ...owner.merchantNames]);
    if (problem) return problem;
    const passwordHash = await deps.passwords.hash(password);
    const eventsFor = ({ userId, emailConfirmed, endedSessions }: PasswordResetOutcome) =>
      [
        ...(emailConfirmed ? [userEvent('user.email_confirmed', userId, {})] : []),
        userEvent('user.password_reset', userId, {}),
        ...sessionsEnded(userId, endedSessions, 'PASSWORD_RESET'),
      ].map((draft) =>
        stampEvent(draft, { id: ids.next(), actor: { type: 'USER', id: userId, ...client }, at }),
      );
    if (!(await passwordStore.resetPassword({ tokenHash, passwordHash, at }, eventsFor))) return NOT_VALID;
    deps.feed.poke();
    return done(null);
  };
