import { eventActor, type Client } from '../../domain/access/actor.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { PasswordHasher, Secrets } from '../ports/secrets.ts';
import type { SignInCredentials, SignInStore } from '../ports/sign-in-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { PasswordRehash } from '../account/password-rehash.ts';
import { readProof, type Proof, type ProofInput } from '../two-factor/proof-input.ts';
import { checkSecondFactor, type SecondFactorDeps } from '../two-factor/second-factor-check.ts';
import { forgiveSignIn, takeSignInAttempt } from './sign-in-attempt.ts';
import {
  recordLimited,
  recordRefusal,
  type SignInAttempt,
  type SignInRefusalDeps,
} from './sign-in-refusal.ts';

export interface SessionCreateInput extends ProofInput {
  readonly email: string;
  readonly password: string;
  readonly client: Client;
  readonly userAgent: string;
}

/**
 * Signs a person in. A wrong password and an unknown address give the same answer in the same time. Only after a right
 * password it tells that a second factor is asked for (SECOND_FACTOR_REQUIRED).
 */
export type SessionCreate = (
  input: SessionCreateInput,
) => Promise<Result<{ token: string; sessionId: string; userId: string }>>;

export interface SessionCreateDeps extends SignInRefusalDeps, SecondFactorDeps {
  readonly signIns: Pick<SignInStore, 'credentialsOf' | 'addressesOf' | 'openSession'>;
  readonly passwords: Pick<PasswordHasher, 'verify'>;
  readonly passwordRehash: PasswordRehash;
  readonly secrets: Pick<Secrets, 'hash' | 'issue'>;
  readonly clock: Clock;
}

export const SESSION_TOKEN_PREFIX = 'pbss_';
const MAX_USER_AGENT = 300;

const wrongCredentials = () => refuse('INVALID_CREDENTIALS', 'E-mail address or password is wrong.');

export const sessionCreate =
  (deps: SessionCreateDeps): SessionCreate =>
  async (input) => {
    const read = readProof(input);
    if (!read.ok) return read;
    const { client } = input;
    const attempt = { emailKey: emailKeyOf(input.email), client, at: deps.clock.now() };
    const limited = await takeSignInAttempt(deps, attempt);
    if (limited) {
      await recordLimited(deps, attempt);
      return limited;
    }
    const found = await verifyPassword(deps, input, attempt);
    if (!found.ok) return found;
    const proven = await verifySecondFactor(deps, found.value, read.value, attempt);
    if (!proven.ok) return proven;
    const { withSecondFactor } = proven.value;
    const opened = await openSession(deps, input, found.value, { at: attempt.at, withSecondFactor });
    if (!opened.ok) return opened;
    await forgiveSignIn(deps, attempt.emailKey, client);
    const { userId, passwordHash } = found.value;
    await deps.passwordRehash({ userId, passwordHash, password: input.password });
    return opened;
  };

async function verifyPassword(
  deps: SessionCreateDeps,
  { email, password }: SessionCreateInput,
  attempt: SignInAttempt,
): Promise<Result<SignInCredentials>> {
  const credentials = isEmail(email.trim()) ? await deps.signIns.credentialsOf(attempt.emailKey) : null;
  const matches = await deps.passwords.verify(credentials?.passwordHash ?? null, password);
  if (!credentials || !matches) {
    await recordRefusal(deps, attempt, credentials?.userId ?? null, 'WRONG_PASSWORD');
    return wrongCredentials();
  }
  if (credentials.emailConfirmed) return done(credentials);
  await recordRefusal(deps, attempt, credentials.userId, 'EMAIL_NOT_CONFIRMED');
  return refuse('EMAIL_NOT_CONFIRMED', 'Confirm the e-mail address first: the link is in your mailbox.');
}

async function verifySecondFactor(
  deps: SessionCreateDeps,
  { userId, sealedTotp: sealedSecret }: SignInCredentials,
  proof: Proof | null,
  attempt: SignInAttempt,
): Promise<Result<{ withSecondFactor: boolean }>> {
  if (sealedSecret === null) return done({ withSecondFactor: false });
  if (proof === null) {
    return refuse('SECOND_FACTOR_REQUIRED', 'Send a code of the authenticator, or a recovery code, as well.');
  }
  const { client, at } = attempt;
  const actor = eventActor({ type: 'ANONYMOUS', client });
  const checked = await checkSecondFactor(deps, { userId, sealedSecret, proof, actor, client, at });
  if (checked.ok) return done({ withSecondFactor: true });
  if (checked.refusal.code === 'RATE_LIMITED') await recordLimited(deps, attempt);
  else await recordRefusal(deps, attempt, userId, 'WRONG_CODE');
  return checked;
}

async function openSession(
  { signIns, secrets, ids, feed }: SessionCreateDeps,
  { client, userAgent: fullUserAgent }: SessionCreateInput,
  { userId, passwordHash }: SignInCredentials,
  { at, withSecondFactor }: { at: Date; withSecondFactor: boolean },
): Promise<Result<{ token: string; sessionId: string; userId: string }>> {
  const token = secrets.issue(SESSION_TOKEN_PREFIX);
  const sessionId = ids.next();
  const { ip, device } = client;
  const userAgent = fullUserAgent.slice(0, MAX_USER_AGENT);
  const secondFactorAt = withSecondFactor ? at : null;
  const opened = await signIns.openSession(
    { id: sessionId, userId, tokenHash: token.hash, ip, userAgent, device, secondFactorAt, at },
    passwordHash,
    stampEvent(userEvent('session.created', userId, { sessionId, ip, userAgent, device }), {
      id: ids.next(),
      actor: { type: 'USER', id: userId, ...client },
      at,
    }),
  );
  if (!opened) return wrongCredentials();
  feed.poke();
  return done({ token: token.secret, sessionId, userId });
}
