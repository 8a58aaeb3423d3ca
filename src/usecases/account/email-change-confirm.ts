import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { emailKeyOf } from '../../domain/account/email-address.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { ContactStore } from '../ports/contact-store.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { verifyCode, type VerifyCodeDeps } from '../verify-code.ts';
import { sessionsEnded } from './ended-sessions.ts';

/**
 * Makes the address that the code was sent to the person's (FEATURES A12). Both addresses are told, all other sessions
 * end, and payouts are held back. Only who reads the mails to an address learns that it has an account.
 */
export type EmailChangeConfirm = (
  actor: PersonActor,
  input: { readonly code: string },
) => Promise<Result<null>>;

export interface EmailChangeConfirmDeps extends VerifyCodeDeps {
  readonly contacts: Pick<ContactStore, 'changeEmail'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const emailChangeConfirm =
  (deps: EmailChangeConfirmDeps): EmailChangeConfirm =>
  async (actor, { code }) => {
    const { contacts, limits, ids, clock, feed } = deps;
    const { userId, sessionId } = actor;
    const at = clock.now();
    const subject = { account: userId, client: clientOf(actor) };
    const limited = await takeAttempt(limits, 'verification_code', subject, at);
    if (limited) return limited;
    const verified = await verifyCode(deps, { userId, purpose: 'EMAIL_CHANGE', code });
    if (!verified.ok) return verified;
    const email = verified.value.target;
    const outcome = await contacts.changeEmail(
      { userId, sessionId, email, emailKey: emailKeyOf(email), at },
      ({ oldEmail, endedSessions }) =>
        [
          userEvent('user.email_changed', userId, { oldEmail, newEmail: email }),
          ...sessionsEnded(userId, endedSessions, 'EMAIL_CHANGED'),
        ].map((draft) => stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at })),
    );
    if (outcome === 'taken') return refuse('WRONG_STATE', 'This e-mail address has another account.');
    if (outcome === 'session_over') return refuse('WRONG_STATE', 'This session has ended.');
    feed.poke();
    return done(null);
  };
