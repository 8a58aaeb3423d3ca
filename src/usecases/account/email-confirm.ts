import { userEvent } from '../../domain/event/event.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

/** Confirms an e-mail address by the link that was sent there. The link works once, for 24 hours. */
export type EmailConfirm = (token: string) => Promise<Result<{ userId: string }>>;

export interface EmailConfirmDeps {
  readonly accounts: AccountStore;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const emailConfirm =
  ({ accounts, secrets, ids, clock, feed }: EmailConfirmDeps): EmailConfirm =>
  async (token) => {
    const at = clock.now();
    const userId = await accounts.confirmEmail(secrets.hash(token), at, (confirmed) =>
      stampEvent(userEvent('user.email_confirmed', confirmed, {}), {
        id: ids.next(),
        actor: { type: 'USER', id: confirmed },
        at,
      }),
    );
    if (userId === null) return refuse('INVALID_TOKEN', 'This link is not valid any more.', 'token');
    feed.poke();
    return done({ userId });
  };
