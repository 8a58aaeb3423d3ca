import type { Actor } from '../../domain/access/actor.ts';
import { hearingOf, mayHear, type HeardPlace } from '../../domain/notification/hearing.ts';

/** An empty OR is false. */
const NOTHING = { OR: [] };

/**
 * The notifications that the person may read, for Prisma: those of a merchant only while the membership gives the right
 * to hear of them (FEATURES B2, B3). They are not deleted, so they are back with the right.
 */
export function readable(actor: Actor) {
  const hearing = hearingOf(actor);
  if (hearing === null) return NOTHING;
  const granted = hearing.grants.map(({ merchantId, everywhere, projectId, types }) => ({
    merchantId,
    eventType: { in: [...types] },
    ...(everywhere ? {} : { projectId }),
  }));
  return { userId: hearing.userId, OR: [{ eventType: { in: [...hearing.ownTypes] } }, ...granted] };
}

/** Whether `readable` would find it. */
export const mayRead = (actor: Actor, place: HeardPlace): boolean => mayHear(hearingOf(actor), place);

/** Rows that were checked with the rights of the moment, newer than those that a live stream began with. */
const vetted = new WeakSet<object>();

export const vet = (notification: object): void => void vetted.add(notification);
export const isVetted = (notification: object): boolean => vetted.has(notification);
