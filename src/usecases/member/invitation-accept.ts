import { eventActor, type Role, type UserActor } from '../../domain/access/actor.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { TeamStore } from '../ports/team-store.ts';
import { done, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { invitationOf, JOIN_REFUSALS, type InvitationTokenDeps } from './invitation-token.ts';
import { memberEvent } from './team-event.ts';

/** Makes the signed-in person, who has the invited address, a member (FEATURES B1). */
export type InvitationAccept = (
  actor: UserActor,
  token: string,
) => Promise<Result<{ merchantId: string; merchantName: string; memberId: string; role: Role }>>;

export interface InvitationAcceptDeps extends InvitationTokenDeps {
  readonly teams: TeamStore;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const invitationAccept =
  (deps: InvitationAcceptDeps): InvitationAccept =>
  async (actor, token) => {
    const invitation = await invitationOf(deps, token, actor.client);
    if (!invitation.ok) return invitation;
    const { id: invitationId, merchantName } = invitation.value;
    const { ids, teams, feed, clock } = deps;
    const at = clock.now();
    const memberId = ids.next();
    const request = { invitationId, memberId, joiner: { userId: actor.userId }, at };
    const joined = await teams.join(request, ({ merchantId, userId, email, role }) => [
      stampEvent(memberEvent('member.joined', merchantId, { memberId, userId, email }, { role }), {
        id: ids.next(),
        actor: eventActor(actor),
        at,
      }),
    ]);
    if (typeof joined === 'string') return JOIN_REFUSALS[joined];
    feed.poke();
    const { merchantId, role } = joined;
    return done({ merchantId, merchantName, memberId, role });
  };
