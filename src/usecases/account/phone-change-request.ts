import type { PersonActor } from '../../domain/access/actor.ts';
import { isPhoneNumber } from '../../domain/account/phone-number.ts';
import type { ContactStore } from '../ports/contact-store.ts';
import { refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';
import { sendCode, type CodeRequestDeps, type SentCode } from './code-request.ts';

/** Sends a code to the phone number that the person wants to have (FEATURES A12). */
export type PhoneChangeRequest = (
  actor: PersonActor,
  input: { readonly newPhone: string },
) => Promise<Result<SentCode>>;

export interface PhoneChangeRequestDeps extends CodeRequestDeps {
  readonly contacts: Pick<ContactStore, 'contactOf'>;
}

export const phoneChangeRequest =
  (deps: PhoneChangeRequestDeps): PhoneChangeRequest =>
  async (actor, input) => {
    const newPhone = input.newPhone.replace(/[ ().-]/g, '');
    if (!isPhoneNumber(newPhone))
      return refuse(
        'INVALID_INPUT',
        'Write the number with its country code, as +49 151 23456789.',
        'newPhone',
      );
    const present = await deps.contacts.contactOf(actor.userId);
    if (present?.phone === newPhone)
      return refuse('INVALID_INPUT', 'This is your phone number already.', 'newPhone');
    const unproven = stepUpMissing(actor, deps.clock.now());
    if (unproven) return unproven;
    const code = {
      purpose: 'PHONE_CHANGE',
      target: newPhone,
      targetKey: newPhone,
      data: { newPhone },
    } as const;
    return sendCode(deps, actor, code);
  };
