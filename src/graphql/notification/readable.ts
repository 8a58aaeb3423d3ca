import type { Actor, Membership } from '../../domain/access/actor.ts';
import { may, memberMay } from '../../domain/access/rights.ts';
import { EVENT_TYPES, eventRow, type EventType } from '../../domain/event/catalogue.ts';
import { rightToHear } from '../../domain/event/routing.ts';

interface NotificationPlace {
  readonly userId: string;
  readonly eventType: string;
  readonly merchantId: string | null;
  readonly projectId: string | null;
}

const typesFor = (audience: 'SUBJECT_USER' | 'MERCHANT_MEMBERS'): EventType[] =>
  EVENT_TYPES.filter((type) => eventRow(type).audience === audience);

/** What concerns the person stays the person's, whatever becomes of a membership. */
const OWN: readonly EventType[] = typesFor('SUBJECT_USER');
const OF_MERCHANTS: readonly EventType[] = typesFor('MERCHANT_MEMBERS');

/**
 * The notifications that the person may read, for Prisma: those of a merchant only while the membership gives the right
 * to hear of them (FEATURES B2, B3). They are not deleted, so they are back with the right.
 */
export function readable(actor: Actor) {
  if (actor.type !== 'USER' && actor.type !== 'OPERATOR') return { OR: [] };
  const memberships = actor.type === 'USER' ? actor.memberships : [];
  return { userId: actor.userId, OR: [{ eventType: { in: [...OWN] } }, ...memberships.flatMap(ofMember)] };
}

function ofMember(membership: Membership) {
  const { merchantId, projectIds } = membership;
  const heard = (projectId: string | undefined): EventType[] =>
    OF_MERCHANTS.filter((type) => memberMay(membership, rightToHear(type), projectId));
  if (projectIds === null) return [{ merchantId, eventType: { in: heard(undefined) } }];
  return [
    { merchantId, projectId: null, eventType: { in: heard(undefined) } },
    { merchantId, projectId: { in: [...projectIds] }, eventType: { in: heard(projectIds[0]) } },
  ];
}

/** Whether `readable` would find it. */
export function mayRead(
  actor: Actor,
  { userId, eventType, merchantId, projectId }: NotificationPlace,
): boolean {
  if ((actor.type !== 'USER' && actor.type !== 'OPERATOR') || actor.userId !== userId) return false;
  if (OWN.some((type) => type === eventType)) return true;
  const type = OF_MERCHANTS.find((known) => known === eventType);
  if (type === undefined || merchantId === null) return false;
  return may(actor, rightToHear(type), { merchantId, ...(projectId === null ? {} : { projectId }) });
}
