import type { UserActor } from '../../domain/access/actor.ts';
import type { EventDraft } from '../../domain/event/event.ts';
import type { TeamMember } from '../../domain/member/team-rules.ts';
import type { Result } from '../result.ts';
import { changeMember, type MemberChangeDeps } from './member-change.ts';
import { memberEvent } from './team-event.ts';

/** Makes another member the owner; the one who gives it becomes an admin (FEATURES B3). Asks for a step-up. */
export type OwnershipTransfer = (
  actor: UserActor,
  input: { readonly memberId: string },
) => Promise<Result<{ memberId: string; merchantId: string }>>;

export const ownershipTransfer =
  (deps: MemberChangeDeps): OwnershipTransfer =>
  (actor, { memberId }) =>
    changeMember(deps, actor, {
      memberId,
      change: { kind: 'TRANSFER_OWNERSHIP' },
      right: 'ownership:transfer',
      grants: () => 'OWNER',
      events: (merchantId, before, { saved }) => [
        ...saved.map((member) =>
          memberEvent('member.changed', merchantId, member, {
            role: member.role,
            previousRole: member.memberId === memberId ? before.role : 'OWNER',
            restricted: false,
          }),
        ),
        ...transferred(merchantId, memberId, saved),
      ],
    });

function transferred(merchantId: string, memberId: string, saved: readonly TeamMember[]): EventDraft[] {
  const to = saved.find((member) => member.memberId === memberId);
  const from = saved.find((member) => member.memberId !== memberId);
  if (!to || !from) throw new TypeError('a transfer has two sides');
  return [
    {
      type: 'merchant.ownership_transferred',
      merchantId,
      projectId: null,
      mode: null,
      subject: { type: 'MERCHANT', id: merchantId },
      data: { fromEmail: from.email, toEmail: to.email, fromUserId: from.userId, userId: to.userId },
    },
  ];
}
