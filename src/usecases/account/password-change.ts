import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PasswordStore } from '../ports/password-store.ts';
import type { PasswordBlocklist, PasswordHasher } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { sessionsEnded } from './ended-sessions.ts';
import { checkPassword } from './password-policy.ts';

export interface PasswordChangeInput {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/**
 * Changes the password of the person who asks. Ends all other sessions and holds payouts back (FEATURES A11). Ten
 * wrong current passwords in a quarter of an hour are the limit, however many sessions guess.
 */
export type PasswordChange = (
  actor: PersonActor,
  input: PasswordChangeInput,
) => Promise<Result<{ endedSessions: number }>>;

export interface PasswordChangeDeps {
  readonly passwordStore: Pick<PasswordStore, 'ownerOf' | 'changePassword'>;
  readonly passwords: PasswordHasher;
  readonly blocklist: PasswordBlocklist;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

const WRONG_PASSWORD = refuse('INVALID_CREDENTIALS', 'The current password is wrong.', 'currentPassword');

export const passwordChange =
  (deps: PasswordChangeDeps): PasswordChange =>
  async (actor, { currentPassword, newPassword }) => {
    const { passwordStore, passwords, limits, ids, clock } = deps;
    const { userId, sessionId } = actor;
    const at = clock.now();
    const owner = await passwordStore.ownerOf(userId);
    if (!owner) return WRONG_PASSWORD;
    const names = [owner.email, ...owner.merchantNames];
    const problem = await checkPassword(deps, newPassword, names, 'newPassword');
    if (problem) return problem;
    if (newPassword === currentPassword)
      return refuse('INVALID_INPUT', 'This is the current password.', 'newPassword');
    const limited = await takeAttempt(limits, 'password', { account: userId, client: clientOf(actor) }, at);
    if (limited) return limited;
    if (!(await passwords.verify(owner.passwordHash, currentPassword))) return WRONG_PASSWORD;
    const change = {
      userId,
      sessionId,
      expectedHash: owner.passwordHash,
      passwordHash: await passwords.hash(newPassword),
      at,
    };
    const ended = await passwordStore.changePassword(change, (endedSessions) =>
      [
        userEvent('user.password_changed', userId, {}),
        ...sessionsEnded(userId, endedSessions, 'PASSWORD_CHANGED'),
      ].map((draft) => stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at })),
    );
    // Changed or reset by somebody else in between.
    if (ended === null) return WRONG_PASSWORD;
    await limits.forgive('password', { account: userId });
    deps.feed.poke();
    return done({ endedSessions: ended.length });
  };
