import type { Client } from '../../domain/access/actor.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import { userEvent } from '../../domain/event/event.ts';
import { takeAttempt } from '../attempt.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PasswordStore } from '../ports/password-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface PasswordResetRequestInput {
  readonly email: string;
  /** Left out where the person asks in a chat. */
  readonly client?: Client;
}

/**
 * Mails the link that sets a new password (FEATURES A4). The answer is the same whether or not the address has an
 * account, and so is what is written but for the event. An address that was never confirmed counts as none: its owner
 * signs up again, and the link of that mail brings its own password.
 */
export type PasswordResetRequest = (input: PasswordResetRequestInput) => Promise<Result<{ email: string }>>;

export interface PasswordResetRequestDeps {
  readonly accounts: Pick<AccountStore, 'credentialsOf'>;
  readonly passwordStore: Pick<PasswordStore, 'createReset'>;
  readonly limits: AttemptLimits;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const PASSWORD_RESET_PURPOSE = 'PASSWORD_RESET';
/** How long the link works, in milliseconds. */
const RESET_LIFETIME_MS = 60 * 60_000;

export const passwordResetRequest =
  ({
    accounts,
    passwordStore,
    limits,
    secrets,
    ids,
    clock,
    feed,
  }: PasswordResetRequestDeps): PasswordResetRequest =>
  async ({ email: typed, client }) => {
    const email = typed.trim();
    if (!isEmail(email)) return refuse('INVALID_INPUT', 'This is no e-mail address.', 'email');
    const at = clock.now();
    const account = emailKeyOf(email);
    const limited = await takeAttempt(limits, 'message', { account, client }, at);
    if (limited) return limited;
    const person = await accounts.credentialsOf(account);
    const userId = person?.emailConfirmed ? person.userId : null;
    const tokenId = ids.next();
    const event = (id: string) =>
      stampEvent(userEvent('user.password_reset_requested', id, { tokenId }), {
        id: ids.next(),
        actor: { type: 'ANONYMOUS', id: null, ...client },
        at,
      });
    await passwordStore.createReset(
      {
        id: tokenId,
        userId,
        hash: secrets.derive(PASSWORD_RESET_PURPOSE, tokenId).hash,
        at,
        expiresAt: new Date(at.getTime() + RESET_LIFETIME_MS),
      },
      userId === null ? [] : [event(userId)],
    );
    feed.poke();
    return done({ email });
  };
