import type { PasswordStore } from '../ports/password-store.ts';
import type { PasswordHasher } from '../ports/secrets.ts';

/**
 * Hashes a password anew that was hashed with weaker parameters than those of today. Call it with a password that has
 * just been verified: there is no other moment when it is known.
 */
export type PasswordRehash = (verified: {
  readonly userId: string;
  readonly passwordHash: string;
  readonly password: string;
}) => Promise<void>;

export interface PasswordRehashDeps {
  readonly passwords: Pick<PasswordHasher, 'needsRehash' | 'hash'>;
  readonly passwordStore: Pick<PasswordStore, 'replaceHash'>;
}

export const passwordRehash =
  ({ passwords, passwordStore }: PasswordRehashDeps): PasswordRehash =>
  async ({ userId, passwordHash, password }) => {
    if (!passwords.needsRehash(passwordHash)) return;
    await passwordStore.replaceHash(userId, passwordHash, await passwords.hash(password));
  };
