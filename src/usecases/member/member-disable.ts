import type { UserActor } from '../../domain/access/actor.ts';
import type { Result } from '../result.ts';
import { changeMember, type MemberChangeDeps } from './member-change.ts';
import { memberEvent } from './team-event.ts';

/** Takes a member's access away at once, until it is given back (FEATURES B2). */
export type MemberDisable = (
  actor: UserActor,
  input: { readonly memberId: string },
) => Promise<Result<{ memberId: string; merchantId: string }>>;

export const memberDisable =
  (deps: MemberChangeDeps): MemberDisable =>
  (actor, { memberId }) =>
    changeMember(deps, actor, {
      memberId,
      change: { kind: 'DISABLE', at: deps.clock.now() },
      right: 'member:write',
      events: (merchantId, before) => [memberEvent('member.disabled', merchantId, before)],
    });
