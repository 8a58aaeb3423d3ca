import type { Client } from '../../domain/access/actor.ts';
import { isEmail } from '../../domain/account/email-address.ts';
import { networkOf } from '../../domain/access/ip-address.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { SignInStore } from '../ports/sign-in-store.ts';
import type { Result } from '../result.ts';

export interface SignInAttemptDeps {
  readonly limits: Pick<AttemptLimits, 'take' | 'forgive'>;
  readonly signIns: Pick<SignInStore, 'addressesOf'>;
}

/** How long an address is the person's after a sign-in, in milliseconds. */
const FAMILIAR_MS = 60 * 24 * 3_600_000;

/**
 * Counts an attempt at a password. Null when it may be made, else the refusal RATE_LIMITED. Strangers share the limit
 * of the account; where the person has signed in lately only that address's own counts, so that nobody can lock the
 * person out for ever by failing on purpose.
 */
export async function takeSignInAttempt(
  { limits, signIns }: SignInAttemptDeps,
  {
    emailKey,
    client,
    at,
  }: { readonly emailKey: string; readonly client: Client | undefined; readonly at: Date },
): Promise<Result<never> | null> {
  const limited = await takeAttempt(limits, 'sign_in', { account: emailKey, client }, at);
  if (limited) return limited;
  const since = new Date(at.getTime() - FAMILIAR_MS);
  const familiar = isEmail(emailKey) ? await signIns.addressesOf(emailKey, since) : [];
  const here = client && networkOf(client.ip);
  if (familiar.some((address) => networkOf(address) === here)) return null;
  return takeAttempt(limits, 'sign_in_elsewhere', { account: emailKey }, at);
}

/** Forgets the account's attempts after a right one. */
export async function forgiveSignIn(
  { limits }: Pick<SignInAttemptDeps, 'limits'>,
  account: string,
  { ip: address }: Client,
): Promise<void> {
  await limits.forgive('sign_in', { account, address });
  await limits.forgive('sign_in_elsewhere', { account });
}
