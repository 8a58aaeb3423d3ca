import type { UserActor } from '../../domain/access/actor.ts';
import type { Result } from '../result.ts';
import { changeMember, type MemberChangeDeps } from './member-change.ts';
import { memberEvent } from './team-event.ts';

/** Gives a disabled member the access back (FEATURES B2). A role with guarded rights asks for a step-up. */
export type MemberEnable = (
  actor: UserActor,
  input: { readonly memberId: string },
) => Promise<Result<{ memberId: string; merchantId: string }>>;

export const memberEnable =
  (deps: MemberChangeDeps): MemberEnable =>
  (actor, { memberId }) =>
    changeMember(deps, actor, {
      memberId,
      change: { kind: 'ENABLE' },
      right: 'member:write',
      grants: (role) => role,
      events: (merchantId, before) => [
        memberEvent('member.enabled', merchantId, before, { role: before.role }),
      ],
    });
