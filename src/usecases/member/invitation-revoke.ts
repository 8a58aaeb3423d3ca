import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { mayHandle, teamMay } from '../../domain/member/team-rules.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { TEAM_FAULTS, type MemberChangeDeps } from './member-change.ts';
import { revokedEvent } from './team-event.ts';

/** Takes an open invitation back (FEATURES B1). */
export type InvitationRevoke = (
  actor: UserActor,
  input: { readonly invitationId: string },
) => Promise<Result<{ invitationId: string }>>;

const NO_INVITATION = refuse('NOT_FOUND', 'There is no such invitation.', 'invitationId');

export const invitationRevoke =
  ({ teams, ids, clock, feed }: MemberChangeDeps): InvitationRevoke =>
  async (actor, { invitationId }) => {
    const place = await teams.invitationPlace(invitationId);
    if (!place || !may(actor, 'member:write', place)) return NO_INVITATION;
    const { merchantId } = place;
    const at = clock.now();
    const revoked = await teams.changeTeam(merchantId, { userId: actor.userId }, at, (team) => {
      const acting = team.members.find(({ userId }) => userId === actor.userId);
      if (!acting || !teamMay(acting, 'member:write')) return NO_INVITATION;
      const offer = team.offers.find((open) => open.invitationId === invitationId);
      if (!offer) return refuse('WRONG_STATE', 'This invitation is not open any more.');
      if (!mayHandle(acting.role, offer.role)) return TEAM_FAULTS.ABOVE_OWN_ROLE;
      const stamp = { id: ids.next(), actor: eventActor(actor), at };
      return done({ revoked: [offer], events: [stampEvent(revokedEvent(merchantId, offer), stamp)] });
    });
    if (!revoked) return NO_INVITATION;
    if (!revoked.ok) return revoked;
    feed.poke();
    return done({ invitationId });
  };
