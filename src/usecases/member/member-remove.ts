import type { UserActor } from '../../domain/access/actor.ts';
import type { Result } from '../result.ts';
import { changeMember, type MemberChangeDeps } from './member-change.ts';
import { memberEvent } from './team-event.ts';

/** Removes a member, or oneself: everybody may leave but the last owner (FEATURES B2). */
export type MemberRemove = (
  actor: UserActor,
  input: { readonly memberId: string },
) => Promise<Result<{ memberId: string; merchantId: string }>>;

export const memberRemove =
  (deps: MemberChangeDeps): MemberRemove =>
  (actor, { memberId }) =>
    changeMember(deps, actor, {
      memberId,
      change: { kind: 'REMOVE' },
      right: 'member:write',
      byOneself: true,
      events: (merchantId, before) => [memberEvent('member.removed', merchantId, before)],
    });
