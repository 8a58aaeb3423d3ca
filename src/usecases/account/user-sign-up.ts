import type { Client } from '../../domain/access/actor.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import { userEvent } from '../../domain/event/event.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import { takeAttempt } from '../attempt.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PasswordBlocklist, PasswordHasher, Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { checkPassword } from './password-policy.ts';

export interface UserSignUpInput {
  readonly email: string;
  readonly password: string;
  readonly merchantName: string;
  /** BCP 47 language tag. */
  readonly locale: string;
  readonly client: Client;
}

/**
 * Signs a person up and has the confirmation mailed (FEATURES A1). The answer is the same whether or not the
 * address has an account already, after the same work; its owner learns it by e-mail.
 */
export type UserSignUp = (input: UserSignUpInput) => Promise<Result<{ email: string }>>;

export interface UserSignUpDeps {
  readonly accounts: Pick<
    AccountStore,
    'credentialsOf' | 'createAccount' | 'addConfirmation' | 'appendEvent'
  >;
  readonly passwords: PasswordHasher;
  readonly blocklist: PasswordBlocklist;
  readonly limits: AttemptLimits;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const CONFIRMATION_PURPOSE = 'EMAIL_CONFIRMATION';
const CONFIRMATION_HOURS = 24;
/** The form of BCP 47 tags, with the subtags that languages, scripts and regions need. */
const LANGUAGE_TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/;

export const userSignUp =
  (deps: UserSignUpDeps): UserSignUp =>
  async (input) => {
    const problem = await checkInput(deps, input);
    if (problem) return problem;
    const { clock, limits, passwords } = deps;
    const { client } = input;
    const email = input.email.trim();
    const emailKey = emailKeyOf(email);
    const limited = await takeAttempt(limits, 'sign_up', { account: emailKey, client }, clock.now());
    if (limited) return limited;
    const passwordHash = await passwords.hash(input.password);
    const signUp = { ...input, email, emailKey, passwordHash, at: clock.now() };
    // Once more only when somebody else took the address between reading and writing.
    if (!(await write(deps, signUp))) await write(deps, signUp);
    deps.feed.poke();
    return done({ email });
  };

interface HashedSignUp extends UserSignUpInput {
  readonly emailKey: string;
  readonly passwordHash: string;
  readonly at: Date;
}

/** One read and one write, whatever the address is. False when the address was taken in between. */
async function write(deps: UserSignUpDeps, signUp: HashedSignUp): Promise<boolean> {
  const { accounts, ids } = deps;
  const { at, client, email, emailKey, passwordHash, locale } = signUp;
  const existing = await accounts.credentialsOf(emailKey);
  const userId = existing?.userId ?? ids.next();
  const token = newConfirmation(deps, signUp);
  const stamp = { id: ids.next(), actor: { type: 'ANONYMOUS', id: null, ...client }, at } as const;
  if (existing?.emailConfirmed) {
    await accounts.appendEvent(stampEvent(userEvent('user.sign_up_repeated', userId, {}), stamp));
    return true;
  }
  const signedUp = stampEvent(userEvent('user.signed_up', userId, { tokenId: token.id }), stamp);
  if (existing) {
    await accounts.addConfirmation(userId, token, at, signedUp);
    return true;
  }
  const outcome = await accounts.createAccount(
    {
      user: { id: userId, email, emailKey, passwordHash, locale },
      merchant: { id: ids.next(), name: signUp.merchantName.trim() },
      memberId: ids.next(),
      token,
      at,
    },
    signedUp,
  );
  return outcome === 'created';
}

function newConfirmation({ ids, secrets }: UserSignUpDeps, { passwordHash, at }: HashedSignUp) {
  const id = ids.next();
  const { hash } = secrets.derive(CONFIRMATION_PURPOSE, id);
  const expiresAt = new Date(at.getTime() + CONFIRMATION_HOURS * 3_600_000);
  return { id, hash, passwordHash, expiresAt };
}

async function checkInput(deps: UserSignUpDeps, input: UserSignUpInput): Promise<Result<never> | null> {
  const email = input.email.trim();
  if (!isEmail(email)) return refuse('INVALID_INPUT', 'This is no e-mail address.', 'email');
  const name = input.merchantName.trim();
  if (name.length < 1 || name.length > 100 || !isPlainLine(name)) {
    return refuse('INVALID_INPUT', 'A merchant name has 1 to 100 characters in one line.', 'merchantName');
  }
  if (!LANGUAGE_TAG.test(input.locale)) {
    return refuse('INVALID_INPUT', 'This is no BCP 47 language tag.', 'locale');
  }
  return checkPassword(deps, input.password, [email, name]);
}
