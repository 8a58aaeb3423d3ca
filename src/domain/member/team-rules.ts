import type { Role } from '../access/actor.ts';
import { memberMay, ROLE_RIGHTS, type Right } from '../access/rights.ts';

/** A person in a merchant's team, as the rules see it. */
export interface TeamMember {
  readonly memberId: string;
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  /** The only projects that are open to the member; null for all. */
  readonly projectIds: readonly string[] | null;
  readonly disabledAt: Date | null;
}

/** An open invitation. */
export interface Offer {
  readonly invitationId: string;
  readonly email: string;
  readonly emailKey: string;
  readonly role: Role;
  /** The user who made it. */
  readonly invitedBy: string;
}

export type TeamChange =
  | {
      readonly kind: 'UPDATE';
      readonly role?: Role | undefined;
      readonly projectIds?: readonly string[] | null | undefined;
    }
  | { readonly kind: 'DISABLE'; readonly at: Date }
  | { readonly kind: 'ENABLE' }
  | { readonly kind: 'REMOVE' }
  | { readonly kind: 'TRANSFER_OWNERSHIP' };

export type TeamFault =
  | 'NO_RIGHT'
  | 'NO_MEMBER'
  | 'OWN_MEMBERSHIP'
  | 'ABOVE_OWN_ROLE'
  | 'LAST_OWNER'
  | 'NOT_RESTRICTABLE'
  | 'DISABLED_ALREADY'
  | 'NOT_DISABLED'
  | 'DISABLED'
  | 'OWNER_ALREADY';

/** What a change comes to: the members that differ afterwards and who is gone. */
export interface TeamOutcome {
  readonly saved: readonly TeamMember[];
  readonly removed: readonly TeamMember[];
}

/** Above all others stand those who can change the team; the owner above them. */
const RANK: Readonly<Record<Role, number>> = {
  OWNER: 2,
  ADMIN: 1,
  FINANCE: 0,
  DEVELOPER: 0,
  SUPPORT: 0,
  VIEWER: 0,
};

/** Whether a member of the first role may grant the second, or change somebody who has it: never above the own one. */
export const mayHandle = (own: Role, other: Role): boolean => RANK[own] >= RANK[other];

/** Owners and admins answer for the whole merchant. */
export const isRestrictable = (role: Role): boolean => RANK[role] === 0;

/** Rights whose use asks the person to prove to be there: granting them asks for the same. */
const GUARDED: ReadonlySet<Right> = new Set([
  'merchant:close',
  'member:write',
  'ownership:transfer',
  'api_key:write',
  'withdrawal:write',
  'payout:write',
]);

/** Whether giving somebody the role opens what a stolen session alone must not open. */
export const isGuardedRole = (role: Role): boolean => ROLE_RIGHTS[role].some((right) => GUARDED.has(right));

export const isEnabledOwner = ({ role, disabledAt }: TeamMember): boolean =>
  role === 'OWNER' && disabledAt === null;

/** Whether the member may do this in the merchant as a whole. */
export const teamMay = (member: TeamMember | undefined, right: Right): boolean =>
  member !== undefined && member.disabledAt === null && memberMay(member, right, undefined);

/** Whether the one who made an offer could make it still. */
export const offerStands = (offer: Offer, inviter: TeamMember | undefined): boolean =>
  inviter !== undefined && teamMay(inviter, 'member:write') && mayHandle(inviter.role, offer.role);

/**
 * Changes a team (FEATURES B1–B3). `team` holds at least the acting and the concerned member and every owner. The
 * last owner who is not disabled stays one; nobody gives or takes a role above the own one, or changes the own
 * membership other than by leaving.
 */
export function changeTeam(
  team: readonly TeamMember[],
  actingUserId: string,
  memberId: string,
  change: TeamChange,
): TeamOutcome | TeamFault {
  const acting = team.find(({ userId }) => userId === actingUserId);
  const target = team.find((member) => member.memberId === memberId);
  const leaves = change.kind === 'REMOVE' && target?.userId === actingUserId;
  const right = change.kind === 'TRANSFER_OWNERSHIP' ? 'ownership:transfer' : 'member:write';
  if (!acting || acting.disabledAt !== null || !(leaves || teamMay(acting, right))) return 'NO_RIGHT';
  if (!target) return 'NO_MEMBER';
  if (target === acting && !leaves) return 'OWN_MEMBERSHIP';
  if (!mayHandle(acting.role, target.role)) return 'ABOVE_OWN_ROLE';
  const outcome = apply(change, acting, target);
  if (typeof outcome === 'string') return outcome;
  return hasOwner(team, outcome) ? outcome : 'LAST_OWNER';
}

function apply(change: TeamChange, acting: TeamMember, target: TeamMember): TeamOutcome | TeamFault {
  const saved = (...members: TeamMember[]): TeamOutcome => ({ saved: members, removed: [] });
  switch (change.kind) {
    case 'REMOVE':
      return { saved: [], removed: [target] };
    case 'DISABLE':
      return target.disabledAt === null ? saved({ ...target, disabledAt: change.at }) : 'DISABLED_ALREADY';
    case 'ENABLE':
      return target.disabledAt === null ? 'NOT_DISABLED' : saved({ ...target, disabledAt: null });
    case 'TRANSFER_OWNERSHIP':
      if (target.disabledAt !== null) return 'DISABLED';
      if (target.role === 'OWNER') return 'OWNER_ALREADY';
      return saved({ ...target, role: 'OWNER', projectIds: null }, { ...acting, role: 'ADMIN' });
    case 'UPDATE': {
      const role = change.role ?? target.role;
      const projectIds = change.projectIds === undefined ? target.projectIds : change.projectIds;
      if (!mayHandle(acting.role, role)) return 'ABOVE_OWN_ROLE';
      if (projectIds !== null && !isRestrictable(role)) return 'NOT_RESTRICTABLE';
      return saved({ ...target, role, projectIds });
    }
  }
}

function hasOwner(team: readonly TeamMember[], { saved, removed }: TeamOutcome): boolean {
  const touched = new Set([...saved, ...removed].map(({ memberId }) => memberId));
  return [...team.filter(({ memberId }) => !touched.has(memberId)), ...saved].some(isEnabledOwner);
}

/** Offers that whoever made them could not make after the change: they go with it. */
export const withdrawnOffers = (
  offers: readonly Offer[],
  { saved, removed }: TeamOutcome,
): readonly Offer[] =>
  offers.filter((offer) => {
    const inviter = saved.find(({ userId }) => userId === offer.invitedBy);
    const isGone = removed.some(({ userId }) => userId === offer.invitedBy);
    return isGone || (inviter !== undefined && !offerStands(offer, inviter));
  });
