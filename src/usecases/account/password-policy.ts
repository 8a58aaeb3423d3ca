import {
  MAX_PASSWORD,
  MIN_PASSWORD,
  passwordFault,
  type PasswordFault,
} from '../../domain/account/password-rule.ts';
import type { PasswordBlocklist } from '../ports/secrets.ts';
import { refuse, type Result } from '../result.ts';

export interface PasswordPolicyDeps {
  readonly blocklist: PasswordBlocklist;
}

const MESSAGES: Record<PasswordFault, string> = {
  LENGTH: `A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters.`,
  TEXT: 'This password holds what is no text.',
  COMMON: 'Many people use this password, so it is tried first. Choose another one.',
  GUESSABLE: 'This password is easy to guess. Choose another one.',
};

/**
 * Null when the password may be chosen, else the refusal INVALID_INPUT. The same rule wherever a person chooses one:
 * at sign-up, by an invitation, by a reset, by a change.
 *
 * @param names e-mail address and names that a stranger would try first
 * @param field where the password stands in the input
 */
export async function checkPassword(
  { blocklist }: PasswordPolicyDeps,
  password: string,
  names: readonly string[],
  field = 'password',
): Promise<Result<never> | null> {
  const isCommon = await blocklist.load();
  const fault = passwordFault(password, { names, isCommon });
  return fault && refuse('INVALID_INPUT', MESSAGES[fault], field);
}
