import type { UserActor } from '../../domain/access/actor.ts';
import type { PasswordStore } from '../ports/password-store.ts';
import { refuse, type Result } from '../result.ts';
import type { PasswordResetRequest } from './password-reset-request.ts';

/**
 * Mails a person who is known the link that sets a new password (FEATURES A4), to the person's own address.
 * Refusals: RATE_LIMITED, NOT_FOUND.
 */
export type PasswordResetMail = (actor: UserActor) => Promise<Result<{ email: string }>>;

export interface PasswordResetMailDeps {
  readonly passwordStore: Pick<PasswordStore, 'ownerOf'>;
  readonly passwordResetRequest: PasswordResetRequest;
}

export const passwordResetMail =
  ({ passwordStore, passwordResetRequest }: PasswordResetMailDeps): PasswordResetMail =>
  async ({ userId }) => {
    const owner = await passwordStore.ownerOf(userId);
    if (!owner) return refuse('NOT_FOUND', 'There is no such person.');
    return passwordResetRequest({ email: owner.email });
  };
