import { ANONYMOUS, eventActor } from '../../domain/access/actor.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import { userEvent, type EventDraft } from '../../domain/event/event.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PasswordHasher, Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface UserSignUpInput {
  readonly email: string;
  readonly password: string;
  readonly merchantName: string;
  /** BCP 47 language tag. */
  readonly locale: string;
}

/**
 * Signs a person up and has the confirmation mailed (FEATURES A1). The answer is the same whether or not the
 * address has an account already; its owner learns it by e-mail.
 */
export type UserSignUp = (input: UserSignUpInput) => Promise<Result<{ email: string }>>;

export interface UserSignUpDeps {
  readonly accounts: AccountStore;
  readonly passwords: PasswordHasher;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const CONFIRMATION_PURPOSE = 'EMAIL_CONFIRMATION';
const CONFIRMATION_HOURS = 24;
const MIN_PASSWORD = 8;
const MAX_PASSWORD = 256;
/** The form of BCP 47 tags, with the subtags that languages, scripts and regions need. */
const LANGUAGE_TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/;

export const userSignUp =
  (deps: UserSignUpDeps): UserSignUp =>
  async (input) => {
    const problem = checkInput(input);
    if (problem) return problem;
    const { accounts, ids, clock, secrets } = deps;
    const at = clock.now();
    const passwordHash = await deps.passwords.hash(input.password);
    const emailKey = emailKeyOf(input.email);
    const userId = ids.next();
    const merchantId = ids.next();
    const tokenId = ids.next();
    const token = {
      id: tokenId,
      hash: secrets.derive(CONFIRMATION_PURPOSE, tokenId).hash,
      passwordHash,
      expiresAt: new Date(at.getTime() + CONFIRMATION_HOURS * 3_600_000),
    };
    const event = (type: EventDraft['type'], subjectId: string, data: EventDraft['data']) =>
      stampEvent(userEvent(type, subjectId, data), { id: ids.next(), actor: eventActor(ANONYMOUS), at });

    const outcome = await accounts.createAccount(
      {
        user: { id: userId, email: input.email.trim(), emailKey, passwordHash, locale: input.locale },
        merchant: { id: merchantId, name: input.merchantName.trim() },
        memberId: ids.next(),
        token,
        at,
      },
      event('user.signed_up', userId, { tokenId }),
    );
    if (outcome === 'email_taken') {
      const existing = await accounts.credentialsOf(emailKey);
      if (existing?.emailConfirmed)
        await accounts.appendEvent(event('user.sign_up_repeated', existing.userId, {}));
      else if (existing) {
        await accounts.addConfirmation(
          existing.userId,
          token,
          at,
          event('user.signed_up', existing.userId, { tokenId }),
        );
      }
    }
    deps.feed.poke();
    return done({ email: input.email.trim() });
  };

function checkInput(input: UserSignUpInput): Result<never> | null {
  if (!isEmail(input.email.trim())) return refuse('INVALID_INPUT', 'This is no e-mail address.', 'email');
  if (input.password.length < MIN_PASSWORD || input.password.length > MAX_PASSWORD) {
    return refuse(
      'INVALID_INPUT',
      `A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters.`,
      'password',
    );
  }
  const name = input.merchantName.trim();
  if (name.length < 1 || name.length > 100 || !isPlainLine(name)) {
    return refuse('INVALID_INPUT', 'A merchant name has 1 to 100 characters in one line.', 'merchantName');
  }
  if (!LANGUAGE_TAG.test(input.locale)) {
    return refuse('INVALID_INPUT', 'This is no BCP 47 language tag.', 'locale');
  }
  return null;
}
