import type { Client } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { takeAttempt } from '../attempt.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PasswordHasher, Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface EmailConfirmInput {
  readonly token: string;
  /** The one chosen at the sign-up that the link belongs to. */
  readonly password: string;
  readonly client: Client;
}

/**
 * Confirms an e-mail address by the link that was sent there and the password chosen with it. The link works once,
 * for 24 hours. Somebody else who signs up with the same address has another link and another password: the owner of
 * the address opens the wrong mail in vain.
 */
export type EmailConfirm = (input: EmailConfirmInput) => Promise<Result<{ userId: string }>>;

export interface EmailConfirmDeps {
  readonly accounts: Pick<AccountStore, 'confirmationOf' | 'confirmEmail'>;
  readonly passwords: Pick<PasswordHasher, 'verify'>;
  readonly limits: AttemptLimits;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

const NOT_VALID = refuse('INVALID_TOKEN', 'This link is not valid any more.', 'token');
const WRONG_PASSWORD = refuse(
  'INVALID_CREDENTIALS',
  'This is not the password of the sign-up that this link belongs to. If there are several mails, open the one that was sent for yours.',
  'password',
);

export const emailConfirm =
  (deps: EmailConfirmDeps): EmailConfirm =>
  async ({ token, password, client }) => {
    const { accounts, limits, ids, clock } = deps;
    const at = clock.now();
    const tokenHash = deps.secrets.hash(token);
    const limited = await takeAttempt(limits, 'token', { client }, at);
    if (limited) return limited;
    const link = await accounts.confirmationOf(tokenHash, at);
    if (!link) return NOT_VALID;
    const guessing = await takeAttempt(limits, 'password', { account: link.tokenId, client }, at);
    if (guessing) return guessing;
    if (!(await deps.passwords.verify(link.passwordHash, password))) return WRONG_PASSWORD;
    const userId = await accounts.confirmEmail(tokenHash, at, (confirmed) =>
      stampEvent(userEvent('user.email_confirmed', confirmed, {}), {
        id: ids.next(),
        actor: { type: 'USER', id: confirmed, ...client },
        at,
      }),
    );
    if (userId === null) return NOT_VALID;
    deps.feed.poke();
    return done({ userId });
  };
