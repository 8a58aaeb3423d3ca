import { eventActor, type Role, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import type { EventDraft } from '../../domain/event/event.ts';
import { isGuardedRole, isRestrictable, mayHandle, teamMay } from '../../domain/member/team-rules.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { NewInvitation, Team, TeamWrite } from '../ports/team-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import { TEAM_FAULTS, type MemberChangeDeps } from './member-change.ts';
import { restrictionFault, tidyProjects } from './project-restriction.ts';
import { revokedEvent } from './team-event.ts';

export interface MemberInviteInput {
  readonly merchantId: string;
  readonly email: string;
  readonly role: Role;
  /** Null for all projects. */
  readonly projectIds: readonly string[] | null;
}

/**
 * Invites somebody by e-mail (FEATURES B1). The link works once, for seven days; a new invitation to the same address
 * takes the place of the open one. A role with guarded rights asks for a step-up.
 */
export type MemberInvite = (
  actor: UserActor,
  input: MemberInviteInput,
) => Promise<Result<{ invitationId: string }>>;

export interface MemberInviteDeps extends MemberChangeDeps {
  readonly secrets: Pick<Secrets, 'derive'>;
  readonly limits: AttemptLimits;
}

export const INVITATION_PURPOSE = 'INVITATION';
const INVITATION_MS = 7 * 24 * 3_600_000;
/** Open ones a merchant. */
const MAX_OPEN = 100;

const NO_MERCHANT = refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');

export const memberInvite =
  (deps: MemberInviteDeps): MemberInvite =>
  async (actor, input) => {
    const { merchantId, role } = input;
    if (!may(actor, 'member:write', { merchantId })) return NO_MERCHANT;
    const email = input.email.trim();
    const projectIds = tidyProjects(input.projectIds);
    const at = deps.clock.now();
    const problem =
      (await inputFault(deps, { ...input, email, projectIds })) ??
      (isGuardedRole(role) ? stepUpMissing(actor, at) : null) ??
      // Counted apart from a person's own mails: inviting somebody must not use up the password recovery.
      (await takeAttempt(
        deps.limits,
        'message',
        { account: `${INVITATION_PURPOSE} ${emailKeyOf(email)}`, client: actor.client },
        at,
      ));
    if (problem) return problem;

    const id = deps.ids.next();
    const emailKey = emailKeyOf(email);
    const invitation: NewInvitation = {
      id,
      email,
      emailKey,
      role,
      projectIds,
      tokenHash: deps.secrets.derive(INVITATION_PURPOSE, id).hash,
      invitedBy: actor.userId,
      expiresAt: new Date(at.getTime() + INVITATION_MS),
    };
    const stamp = (draft: EventDraft) =>
      stampEvent(draft, { id: deps.ids.next(), actor: eventActor(actor), at });
    const written = await deps.teams.changeTeam(merchantId, { userId: actor.userId, emailKey }, at, (team) =>
      decide(team, merchantId, invitation, stamp),
    );
    if (!written) return NO_MERCHANT;
    if (!written.ok) return written;
    deps.feed.poke();
    return done({ invitationId: id });
  };

async function inputFault(
  { teams }: Pick<MemberInviteDeps, 'teams'>,
  { merchantId, email, role, projectIds }: MemberInviteInput,
): Promise<Result<never> | null> {
  if (!isEmail(email)) return refuse('INVALID_INPUT', 'This is no e-mail address.', 'email');
  if (projectIds !== null && !isRestrictable(role)) return TEAM_FAULTS.NOT_RESTRICTABLE;
  return restrictionFault(teams, merchantId, projectIds);
}

function decide(
  { merchantName, members, offers }: Team,
  merchantId: string,
  invited: NewInvitation,
  stamp: (draft: EventDraft) => TeamWrite['events'][number],
): Result<TeamWrite> {
  const { id, email, emailKey, role, invitedBy } = invited;
  const acting = members.find(({ userId }) => userId === invitedBy);
  if (!acting || !teamMay(acting, 'member:write')) return NO_MERCHANT;
  if (!mayHandle(acting.role, role)) return TEAM_FAULTS.ABOVE_OWN_ROLE;
  if (members.some((member) => emailKeyOf(member.email) === emailKey)) {
    return refuse('WRONG_STATE', 'This person is a member already.', 'email');
  }
  const replaced = offers.filter((offer) => offer.emailKey === emailKey);
  if (replaced.some((offer) => !mayHandle(acting.role, offer.role))) return TEAM_FAULTS.ABOVE_OWN_ROLE;
  if (offers.length - replaced.length >= MAX_OPEN) {
    return refuse('WRONG_STATE', `There are ${MAX_OPEN} open invitations; revoke some first.`);
  }
  const event: EventDraft = {
    type: 'member.invited',
    merchantId,
    projectId: null,
    mode: null,
    subject: { type: 'INVITATION', id },
    data: { email, role, merchantName, invitedBy: acting.email, tokenId: id },
  };
  const events = [...replaced.map((offer) => revokedEvent(merchantId, offer)), event].map(stamp);
  return done({ revoked: replaced, invited, events });
}
