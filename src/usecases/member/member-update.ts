import type { Role, UserActor } from '../../domain/access/actor.ts';
import type { Result } from '../result.ts';
import { changeMember, type MemberChangeDeps } from './member-change.ts';
import { restrictionFault, tidyProjects } from './project-restriction.ts';
import { memberEvent } from './team-event.ts';

export interface MemberUpdateInput {
  readonly memberId: string;
  /** Left as it is when undefined. */
  readonly role?: Role | undefined;
  /** Null opens all projects; left as it is when undefined. */
  readonly projectIds?: readonly string[] | null | undefined;
}

/** Changes role and projects of a member (FEATURES B1, B3). A role with guarded rights asks for a step-up. */
export type MemberUpdate = (
  actor: UserActor,
  input: MemberUpdateInput,
) => Promise<Result<{ memberId: string; merchantId: string }>>;

export const memberUpdate =
  (deps: MemberChangeDeps): MemberUpdate =>
  (actor, { memberId, role, projectIds }) =>
    changeMember(deps, actor, {
      memberId,
      change: {
        kind: 'UPDATE',
        role,
        projectIds: projectIds === undefined ? undefined : tidyProjects(projectIds),
      },
      right: 'member:write',
      // Opening more projects gives away as much as the role does.
      grants: (present) => role ?? (projectIds === undefined ? null : present),
      check: (merchantId) => restrictionFault(deps.teams, merchantId, projectIds),
      events: (merchantId, before, { saved }) =>
        saved.map((member) =>
          memberEvent('member.changed', merchantId, member, {
            role: member.role,
            previousRole: before.role,
            restricted: member.projectIds !== null,
          }),
        ),
    });
