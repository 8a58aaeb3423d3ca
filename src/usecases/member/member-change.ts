import { eventActor, type Role, type UserActor } from '../../domain/access/actor.ts';
import { may, type Right } from '../../domain/access/rights.ts';
import type { EventDraft } from '../../domain/event/event.ts';
import {
  changeTeam,
  isGuardedRole,
  withdrawnOffers,
  type TeamChange,
  type TeamFault,
  type TeamMember,
  type TeamOutcome,
} from '../../domain/member/team-rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Team, TeamPlace, TeamStore, TeamWrite } from '../ports/team-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import { revokedEvent } from './team-event.ts';

export interface MemberChangeDeps {
  readonly teams: TeamStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export interface MemberChange {
  readonly memberId: string;
  readonly change: TeamChange;
  readonly right: Right;
  /** Whether a member may do it to the own membership without that right. */
  readonly byOneself?: boolean;
  /** The role that the change gives to one who has this role now: a guarded one asks for a step-up. */
  readonly grants?: (role: Role) => Role | null;
  /** Faults of the input. */
  readonly check?: (merchantId: string) => Promise<Result<never> | null>;
  /** What is told of it. */
  readonly events: (merchantId: string, before: TeamMember, outcome: TeamOutcome) => readonly EventDraft[];
}

const NO_MEMBER = refuse('NOT_FOUND', 'There is no such member.', 'memberId');

export const TEAM_FAULTS: Readonly<Record<TeamFault, Result<never>>> = {
  NO_RIGHT: NO_MEMBER,
  NO_MEMBER,
  OWN_MEMBERSHIP: refuse('WRONG_STATE', 'Nobody changes the own membership; others can, and one can leave.'),
  ABOVE_OWN_ROLE: refuse('WRONG_STATE', 'Nobody gives or changes a role above the own one.'),
  LAST_OWNER: refuse('WRONG_STATE', 'This is the last owner: transfer the ownership first.'),
  NOT_RESTRICTABLE: refuse('INVALID_INPUT', 'Owners and admins see all projects.', 'projectIds'),
  DISABLED_ALREADY: refuse('WRONG_STATE', 'This member is disabled already.'),
  NOT_DISABLED: refuse('WRONG_STATE', 'This member is not disabled.'),
  DISABLED: refuse('WRONG_STATE', 'This member is disabled.'),
  OWNER_ALREADY: refuse('WRONG_STATE', 'This member is an owner already.'),
};

/** One change of one member: right, input, step-up, then the rules of the team under the lock of its merchant. */
export async function changeMember(
  { teams, ids, clock, feed }: MemberChangeDeps,
  actor: UserActor,
  request: MemberChange,
): Promise<Result<{ memberId: string; merchantId: string }>> {
  const { memberId, change } = request;
  const place = await teams.memberPlace(memberId);
  if (!place || !isOpenTo(actor, place, request)) return NO_MEMBER;
  const { merchantId } = place;
  const at = clock.now();
  const granted = request.grants?.(place.role) ?? null;
  const problem =
    (await request.check?.(merchantId)) ??
    (granted !== null && isGuardedRole(granted) ? stepUpMissing(actor, at) : null);
  if (problem) return problem;

  const stamp = (draft: EventDraft) => stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at });
  const changed = await teams.changeTeam(merchantId, { userId: actor.userId, memberId }, at, (team) => {
    const decision = decide(team, actor.userId, memberId, change);
    if (!decision.ok) return decision;
    const { before, outcome } = decision.value;
    const revoked = withdrawnOffers(team.offers, outcome);
    const told = isSame(before, outcome) ? [] : request.events(merchantId, before, outcome);
    const events = [...told, ...revoked.map((offer) => revokedEvent(merchantId, offer))].map(stamp);
    return done<TeamWrite>({ ...outcome, revoked, events });
  });
  if (!changed) return NO_MEMBER;
  if (!changed.ok) return changed;
  feed.poke();
  return done({ memberId, merchantId });
}

const isOpenTo = (
  actor: UserActor,
  { merchantId, userId }: TeamPlace,
  { right, byOneself = false }: MemberChange,
): boolean =>
  may(actor, right, { merchantId }) ||
  (byOneself &&
    userId === actor.userId &&
    actor.memberships.some((membership) => membership.merchantId === merchantId));

function decide(
  { members }: Team,
  actingUserId: string,
  memberId: string,
  change: TeamChange,
): Result<{ before: TeamMember; outcome: TeamOutcome }> {
  const outcome = changeTeam(members, actingUserId, memberId, change);
  if (typeof outcome === 'string') return TEAM_FAULTS[outcome];
  const before = members.find((member) => member.memberId === memberId);
  return before ? done({ before, outcome }) : NO_MEMBER;
}

/** Nothing is told of a change that changes nothing. */
const isSame = (before: TeamMember, { saved, removed }: TeamOutcome): boolean =>
  removed.length === 0 && saved.every((member) => JSON.stringify(member) === JSON.stringify(before));
