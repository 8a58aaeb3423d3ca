import type { Client } from '../../domain/access/actor.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { JoinProblem, OpenInvitation, TeamStore } from '../ports/team-store.ts';
import { done, refuse, type Result } from '../result.ts';

export interface InvitationTokenDeps {
  readonly teams: Pick<TeamStore, 'openInvitation'>;
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly limits: AttemptLimits;
  readonly clock: Clock;
}

const NOT_VALID = refuse('INVALID_TOKEN', 'This invitation is not valid any more.', 'token');

/** The open invitation of a token. Tries are limited by address. */
export async function invitationOf(
  { teams, secrets, limits, clock }: InvitationTokenDeps,
  token: string,
  client: Client | undefined,
): Promise<Result<OpenInvitation>> {
  const at = clock.now();
  const tooMany = await takeAttempt(limits, 'token', { client }, at);
  if (tooMany) return tooMany;
  const invitation = await teams.openInvitation(secrets.hash(token), at);
  return invitation ? done(invitation) : NOT_VALID;
}

/** What the invited person is told when it does not work out. */
export const JOIN_REFUSALS: Readonly<Record<JoinProblem, Result<never>>> = {
  INVITATION_GONE: NOT_VALID,
  OTHER_ADDRESS: refuse('WRONG_STATE', 'This invitation was sent to another address: sign in with that one.'),
  OPERATOR: refuse('WRONG_STATE', 'An operator of the gateway cannot be a member of a merchant.'),
  MEMBER_ALREADY: refuse('WRONG_STATE', 'You are a member already.'),
  ACCOUNT_EXISTS: refuse('WRONG_STATE', 'This address has an account: sign in and accept the invitation.'),
  NOT_CONFIRMED: refuse('WRONG_STATE', 'Confirm your e-mail address first.'),
};
