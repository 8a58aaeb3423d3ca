import type { EventType } from '../../domain/event/catalogue.ts';
import type { EventData, EventDraft, SubjectType } from '../../domain/event/event.ts';
import type { Offer, TeamMember } from '../../domain/member/team-rules.ts';

const ofMerchant = (
  type: EventType,
  merchantId: string,
  subject: { type: SubjectType; id: string },
  data: EventData,
): EventDraft => ({ type, merchantId, projectId: null, mode: null, subject, data });

/** Names the person, so that the person's open connections are looked at again. */
export const memberEvent = (
  type: EventType,
  merchantId: string,
  { memberId, email, userId }: Pick<TeamMember, 'memberId' | 'email' | 'userId'>,
  more: EventData = {},
): EventDraft => ofMerchant(type, merchantId, { type: 'MEMBER', id: memberId }, { email, userId, ...more });

export const revokedEvent = (merchantId: string, { invitationId, email }: Offer): EventDraft =>
  ofMerchant('member.invitation_revoked', merchantId, { type: 'INVITATION', id: invitationId }, { email });
