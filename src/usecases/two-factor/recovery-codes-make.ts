import { RECOVERY_CODES, recoveryCodeKey } from '../../domain/account/second-factor.ts';
import type { NewRecoveryCode } from '../ports/second-factor.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { NewRecoveryCodes } from '../ports/two-factor-store.ts';

export interface RecoveryCodesDeps {
  readonly newRecoveryCode: NewRecoveryCode;
  readonly secrets: Pick<Secrets, 'hash'>;
}

/** New recovery codes: in clear for the person, once, and hashed for the store. */
export function makeRecoveryCodes(
  { newRecoveryCode, secrets }: RecoveryCodesDeps,
  userId: string,
  at: Date,
): { readonly shown: readonly string[]; readonly kept: NewRecoveryCodes } {
  const shown = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  const hashes = shown.map((code) => secrets.hash(recoveryCodeKey(code) ?? code));
  return { shown, kept: { userId, hashes, at } };
}
