import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { maskedPhone } from '../../domain/account/phone-number.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { ContactStore } from '../ports/contact-store.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { verifyCode, type VerifyCodeDeps } from '../verify-code.ts';

/** Makes the number that the code was sent to the person's (FEATURES A12), and holds payouts back. */
export type PhoneChangeConfirm = (
  actor: PersonActor,
  input: { readonly code: string },
) => Promise<Result<null>>;

export interface PhoneChangeConfirmDeps extends VerifyCodeDeps {
  readonly contacts: Pick<ContactStore, 'changePhone'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const phoneChangeConfirm =
  (deps: PhoneChangeConfirmDeps): PhoneChangeConfirm =>
  async (actor, { code }) => {
    const { contacts, limits, ids, clock, feed } = deps;
    const { userId, sessionId } = actor;
    const at = clock.now();
    const subject = { account: userId, client: clientOf(actor) };
    const limited = await takeAttempt(limits, 'verification_code', subject, at);
    if (limited) return limited;
    const verified = await verifyCode(deps, { userId, purpose: 'PHONE_CHANGE', code });
    if (!verified.ok) return verified;
    const phone = verified.value.target;
    const event = stampEvent(userEvent('user.phone_changed', userId, { phone: maskedPhone(phone) }), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    const outcome = await contacts.changePhone({ userId, sessionId, phone, at }, [event]);
    if (outcome === 'session_over') return refuse('WRONG_STATE', 'This session has ended.');
    feed.poke();
    return done(null);
  };
