import { eventActor, type AnonymousActor } from '../../domain/access/actor.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PasswordHasher, Secrets } from '../ports/secrets.ts';
import type { SignInStore } from '../ports/sign-in-store.ts';
import type { TwoFactorResetStore } from '../ports/two-factor-reset-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { takeSignInAttempt } from '../session/sign-in-attempt.ts';
import { stampEvent } from '../stamp-event.ts';

/**
 * A person who lost the authenticator and the recovery codes is mailed the link that asks the operator (FEATURES A6).
 * The answer is always the same, and so is what it costs: nobody learns whether the password is right.
 */
export type TwoFactorResetRequest = (
  actor: AnonymousActor,
  input: { readonly email: string; readonly password: string },
) => Promise<Result<{ email: string }>>;

export interface TwoFactorResetRequestDeps {
  readonly signIns: Pick<SignInStore, 'credentialsOf' | 'addressesOf'>;
  readonly resets: Pick<TwoFactorResetStore, 'addLink'>;
  readonly passwords: Pick<PasswordHasher, 'verify'>;
  readonly secrets: Pick<Secrets, 'derive'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const RESET_PURPOSE = 'TWO_FACTOR_RESET';
const LINK_MS = 60 * 60_000;

export const twoFactorResetRequest =
  (deps: TwoFactorResetRequestDeps): TwoFactorResetRequest =>
  async (actor, { email: typed, password }) => {
    const email = typed.trim();
    if (!isEmail(email)) return refuse('INVALID_INPUT', 'This is no e-mail address.', 'email');
    const { ids } = deps;
    const at = deps.clock.now();
    const emailKey = emailKeyOf(email);
    const limited = await takeSignInAttempt(deps, { emailKey, client: clientOf(actor), at });
    if (limited) return limited;
    const userId = await personToMail(deps, emailKey, password, at);
    const id = ids.next();
    const tokenHash = deps.secrets.derive(RESET_PURPOSE, id).hash;
    const expiresAt = new Date(at.getTime() + LINK_MS);
    const event =
      userId === null
        ? null
        : stampEvent(userEvent('user.two_factor_reset_requested', userId, { tokenId: id }), {
            id: ids.next(),
            actor: eventActor(actor),
            at,
          });
    await deps.resets.addLink({ id, userId, tokenHash, at, expiresAt }, event);
    deps.feed.poke();
    return done({ email });
  };

/** Null for everybody without an authenticator or the right password, and after too many mails. */
async function personToMail(
  { signIns, passwords, limits }: TwoFactorResetRequestDeps,
  emailKey: string,
  password: string,
  at: Date,
): Promise<string | null> {
  const person = await signIns.credentialsOf(emailKey);
  const matches = await passwords.verify(person?.passwordHash ?? null, password);
  // Counted silently: a refusal would tell that the password was right. And apart from the mails that anybody can ask
  // for, which would use these up.
  const kind = matches ? 'message' : 'sign_in_unknown';
  const mails = await limits.take(kind, { account: `${RESET_PURPOSE} ${emailKey}` }, at);
  if (!person || !matches || mails !== null) return null;
  return person.emailConfirmed && person.sealedTotp !== null ? person.userId : null;
}
