import type { Event } from '../event/event.ts';
import type { Actor } from './actor.ts';

/** Events that may end or change what somebody may do. */
const CHANGES =
  /^(user|member|operator|api_key)\.|^session\.(ended|stepped_up)$|^merchant\.(closed|ownership_transferred)$/;

/** Whether open connections may have to be closed after it (FEATURES A10, N11). */
export const changesRights = ({ type }: Pick<Event, 'type'>): boolean => CHANGES.test(type);

/** Whether the event may have changed what this actor may do: it has to be looked up again. */
export function concerns({ type, subject, merchantId, data }: ConcernedBy, actor: Actor): boolean {
  if (!changesRights({ type })) return false;
  if (actor.type === 'API_KEY') {
    return subject.id === actor.apiKeyId || (type === 'merchant.closed' && merchantId === actor.merchantId);
  }
  if (actor.type === 'SYSTEM' || actor.type === 'ANONYMOUS') return false;
  if (type.startsWith('session.')) return data['sessionId'] === actor.sessionId;
  if (subject.id === actor.userId || data['userId'] === actor.userId) return true;
  return (
    type.startsWith('merchant.') &&
    actor.type === 'USER' &&
    actor.memberships.some((m) => m.merchantId === merchantId)
  );
}

type ConcernedBy = Pick<Event, 'type' | 'subject' | 'merchantId' | 'data'>;
