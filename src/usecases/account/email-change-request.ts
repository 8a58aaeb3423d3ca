import type { PersonActor } from '../../domain/access/actor.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import type { ContactStore } from '../ports/contact-store.ts';
import { refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';
import { sendCode, type CodeRequestDeps, type SentCode } from './code-request.ts';

/**
 * Sends a code to the address that the person wants to have (FEATURES A12). An address that has an account gets the
 * code as any other: neither the answer nor the person's activity log tells it apart, and the code changes nothing
 * there (`emailChangeConfirm`).
 */
export type EmailChangeRequest = (
  actor: PersonActor,
  input: { readonly newEmail: string },
) => Promise<Result<SentCode>>;

export interface EmailChangeRequestDeps extends CodeRequestDeps {
  readonly contacts: Pick<ContactStore, 'contactOf'>;
}

export const emailChangeRequest =
  (deps: EmailChangeRequestDeps): EmailChangeRequest =>
  async (actor, input) => {
    const newEmail = input.newEmail.trim();
    if (!isEmail(newEmail)) return refuse('INVALID_INPUT', 'This is no e-mail address.', 'newEmail');
    const targetKey = emailKeyOf(newEmail);
    const present = await deps.contacts.contactOf(actor.userId);
    if (present && emailKeyOf(present.email) === targetKey)
      return refuse('INVALID_INPUT', 'This is your e-mail address already.', 'newEmail');
    const unproven = stepUpMissing(actor, deps.clock.now());
    if (unproven) return unproven;
    const data = { newEmail };
    return sendCode(deps, actor, { purpose: 'EMAIL_CHANGE', target: newEmail, targetKey, data });
  };
