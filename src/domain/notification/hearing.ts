import type { Actor, Membership } from '../access/actor.ts';
import { memberMay } from '../access/rights.ts';
import { EVENT_TYPES, eventRow, type EventType } from '../event/catalogue.ts';
import type { Audience } from '../event/event-row.ts';
import { rightToHear } from '../event/routing.ts';

/** What a person may read of what happened, as of now (FEATURES B2, B3). */
export interface Hearing {
  readonly userId: string;
  /** What concerns the person stays the person's, whatever becomes of a membership. */
  readonly ownTypes: readonly EventType[];
  readonly grants: readonly HearingGrant[];
}

/** Events of a merchant that a membership lets its member hear of. */
export interface HearingGrant {
  readonly merchantId: string;
  /** Those of every project and of none; otherwise `projectId` alone says where. */
  readonly everywhere: boolean;
  /** Null: of the merchant as a whole. */
  readonly projectId: string | null;
  readonly types: readonly EventType[];
}

/** What an event must be known by to tell whether somebody may read of it. */
export interface HeardPlace {
  readonly userId: string | null;
  readonly eventType: string;
  readonly merchantId: string | null;
  readonly projectId: string | null;
}

const typesFor = (audience: Audience): EventType[] =>
  EVENT_TYPES.filter((type) => eventRow(type).audience === audience);

const OWN_TYPES: readonly EventType[] = typesFor('SUBJECT_USER');
const OF_OPERATORS: readonly EventType[] = typesFor('OPERATORS');
const OF_MERCHANTS: readonly EventType[] = typesFor('MERCHANT_MEMBERS');

/** Null for who is no person with an open session. */
export function hearingOf(actor: Actor): Hearing | null {
  if (actor.type !== 'USER' && actor.type !== 'OPERATOR') return null;
  const memberships = actor.type === 'USER' ? actor.memberships : [];
  const ownTypes = actor.type === 'OPERATOR' ? [...OWN_TYPES, ...OF_OPERATORS] : OWN_TYPES;
  return { userId: actor.userId, ownTypes, grants: memberships.flatMap(grantsOf) };
}

function grantsOf(membership: Membership): HearingGrant[] {
  const { merchantId, projectIds } = membership;
  const typesAt = (projectId: string | null): EventType[] =>
    OF_MERCHANTS.filter((type) => memberMay(membership, rightToHear(type), projectId ?? undefined));
  if (projectIds === null) return [{ merchantId, everywhere: true, projectId: null, types: typesAt(null) }];
  return [null, ...projectIds].map((projectId) => ({
    merchantId,
    everywhere: false,
    projectId,
    types: typesAt(projectId),
  }));
}

/** Whether the person may read of it. */
export function mayHear(hearing: Hearing | null, place: HeardPlace): boolean {
  const { userId, eventType, merchantId, projectId } = place;
  if (hearing === null || hearing.userId !== userId) return false;
  if (hearing.ownTypes.some((type) => type === eventType)) return true;
  return hearing.grants.some(
    (grant) =>
      grant.merchantId === merchantId &&
      (grant.everywhere || grant.projectId === projectId) &&
      grant.types.some((type) => type === eventType),
  );
}
