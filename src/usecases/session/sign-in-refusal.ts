import { eventActor, type Client } from '../../domain/access/actor.ts';
import { isEmail } from '../../domain/account/email-address.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { SignInStore } from '../ports/sign-in-store.ts';
import { stampEvent } from '../stamp-event.ts';

export interface SignInRefusalDeps {
  readonly accounts: Pick<AccountStore, 'appendEvent'>;
  readonly signIns: Pick<SignInStore, 'credentialsOf'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** Who tried to sign in, as far as it is known. */
export interface SignInAttempt {
  readonly emailKey: string;
  readonly client: Client;
  readonly at: Date;
}

export type SignInRefusalReason = 'WRONG_PASSWORD' | 'WRONG_CODE' | 'EMAIL_NOT_CONFIRMED' | 'RATE_LIMITED';

/**
 * Puts a failed attempt into the person's log. For an address without account it writes as much elsewhere, so that the
 * time of the answer does not tell which it was.
 */
export async function recordRefusal(
  { accounts, limits, ids, feed }: SignInRefusalDeps,
  { emailKey, client, at }: SignInAttempt,
  userId: string | null,
  reason: SignInRefusalReason,
): Promise<void> {
  if (userId === null) {
    await limits.take('sign_in_unknown', { account: emailKey }, at);
    return;
  }
  const draft = userEvent('session.refused', userId, { reason, ip: client.ip, device: client.device });
  const actor = eventActor({ type: 'ANONYMOUS', client });
  await accounts.appendEvent(stampEvent(draft, { id: ids.next(), actor, at }));
  feed.poke();
}

/** The same for an attempt over the limit, at most once a while: a flood does not fill the log. */
export async function recordLimited(deps: SignInRefusalDeps, attempt: SignInAttempt): Promise<void> {
  const { emailKey, at } = attempt;
  if ((await deps.limits.take('sign_in_limited', { account: emailKey }, at)) !== null) return;
  // What is no address is no text for the database either: it may hold a NUL.
  const credentials = isEmail(emailKey) ? await deps.signIns.credentialsOf(emailKey) : null;
  await recordRefusal(deps, attempt, credentials?.userId ?? null, 'RATE_LIMITED');
}
