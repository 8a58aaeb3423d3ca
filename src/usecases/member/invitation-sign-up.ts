import type { Client } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { checkPassword, type PasswordPolicyDeps } from '../account/password-policy.ts';
import type { PasswordHasher } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { InvitationAcceptDeps } from './invitation-accept.ts';
import { invitationOf, JOIN_REFUSALS } from './invitation-token.ts';
import { memberEvent } from './team-event.ts';

export interface InvitationSignUpInput {
  readonly token: string;
  readonly password: string;
  /** BCP 47 language tag. */
  readonly locale: string;
}

/**
 * Makes an account for the invited person and the person a member (FEATURES B1). The account has no merchant of its
 * own, and its address is confirmed: the token was sent there.
 */
export type InvitationSignUp = (
  client: Client | undefined,
  input: InvitationSignUpInput,
) => Promise<Result<{ email: string; merchantName: string }>>;

export interface InvitationSignUpDeps extends InvitationAcceptDeps, PasswordPolicyDeps {
  readonly passwords: PasswordHasher;
}

/** The form of BCP 47 tags, with the subtags that languages, scripts and regions need. */
const LANGUAGE_TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/;

export const invitationSignUp =
  (deps: InvitationSignUpDeps): InvitationSignUp =>
  async (client, { token, password, locale }) => {
    const problem = localeFault(locale);
    if (problem) return problem;
    const invitation = await invitationOf(deps, token, client);
    if (!invitation.ok) return invitation;
    const { id: invitationId, hasAccount, email, merchantName } = invitation.value;
    const weakness = await checkPassword(deps, password, [email, merchantName]);
    if (weakness) return weakness;
    if (hasAccount) return JOIN_REFUSALS.ACCOUNT_EXISTS;

    const { ids, teams, clock } = deps;
    const passwordHash = await deps.passwords.hash(password);
    const at = clock.now();
    const memberId = ids.next();
    const joiner = { newUserId: ids.next(), passwordHash, locale };
    const joined = await teams.join({ invitationId, memberId, joiner, at }, (joined) => {
      const { merchantId, userId, role } = joined;
      const stamp = () => ({ id: ids.next(), actor: { type: 'USER', id: userId, ...client } as const, at });
      return [
        stampEvent(userEvent('user.email_confirmed', userId, {}), stamp()),
        stampEvent(memberEvent('member.joined', merchantId, { memberId, userId, email }, { role }), stamp()),
      ];
    });
    if (typeof joined === 'string') return JOIN_REFUSALS[joined];
    deps.feed.poke();
    return done({ email, merchantName });
  };

const localeFault = (locale: string): Result<never> | null =>
  LANGUAGE_TAG.test(locale) ? null : refuse('INVALID_INPUT', 'This is no BCP 47 language tag.', 'locale');
