import type { EventActor } from '../event/event.ts';
import type { OperatorRole, Right } from './rights.ts';

export type Mode = 'TEST' | 'LIVE';

export type Role = 'OWNER' | 'ADMIN' | 'FINANCE' | 'DEVELOPER' | 'SUPPORT' | 'VIEWER';

/** Where a request came from, for the logs that people and auditors read. */
export interface Client {
  readonly ip: string;
  /** The user agent in words, such as "Firefox on Linux". */
  readonly device: string;
}

/** Who acts. Every use case takes one and checks its right itself. */
export type Actor =
  | UserActor
  | OperatorActor
  | LockedActor
  | ApiKeyActor
  | { readonly type: 'SYSTEM' }
  | AnonymousActor;

/** A signed-in person, whatever the person may do. */
interface SessionActor {
  readonly userId: string;
  readonly sessionId: string;
  /** When a second factor was given in this session. */
  readonly secondFactorAt: Date | null;
  /** When the person last proved to be there (`isSteppedUp`). */
  readonly steppedUpAt: Date | null;
  /** When this stops being true unless the person does something: the session is locked or over then. */
  readonly validUntil: Date;
  readonly client?: Client;
}

/** A person who works for merchants. */
export interface UserActor extends SessionActor {
  readonly type: 'USER';
  readonly memberships: readonly Membership[];
}

/** A person who runs the gateway. Has no rights in any merchant. */
export interface OperatorActor extends SessionActor {
  readonly type: 'OPERATOR';
  readonly role: OperatorRole;
}

/** A person whose session waits for the PIN (FEATURES A7): may unlock or end it, nothing else. */
export interface LockedActor extends SessionActor {
  readonly type: 'LOCKED';
}

/**
 * What tells a session's tokens apart: each step-up gives it another one. Whoever came with a former token is not the
 * session's any more, however long the connection has been open.
 */
export const sessionTokenKey = ({
  sessionId,
  steppedUpAt,
}: Pick<SessionActor, 'sessionId' | 'steppedUpAt'>): string => `${sessionId} ${steppedUpAt?.getTime() ?? ''}`;

/** A person with an unlocked session. */
export type PersonActor = UserActor | OperatorActor;

export interface Membership {
  readonly merchantId: string;
  readonly role: Role;
  /** The only projects that are open to the member; null for all (FEATURES B3). */
  readonly projectIds: readonly string[] | null;
}

export interface ApiKeyActor {
  readonly type: 'API_KEY';
  readonly apiKeyId: string;
  readonly kind: 'PUBLISHABLE' | 'SECRET';
  /** What it may do, of the rights that keys of its kind can have. */
  readonly scopes: readonly Right[];
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
  /** When the key ends by itself, after a rotation; null for one that does not. */
  readonly validUntil?: Date | null;
  /** Whether it works from a list of addresses only, none of its ranges wide (FEATURES B5). */
  readonly isIpBound?: boolean;
  /** The first of the keys that took one another's place, where it is another one: they are one client. */
  readonly firstKeyId?: string | null;
  readonly client?: Client;
}

export interface AnonymousActor {
  readonly type: 'ANONYMOUS';
  readonly client?: Client;
}

export const SYSTEM: Actor = { type: 'SYSTEM' };
export const ANONYMOUS: AnonymousActor = { type: 'ANONYMOUS' };

/** How an actor is kept with the events that it caused. */
export function eventActor(actor: Actor): EventActor {
  switch (actor.type) {
    case 'USER':
    case 'OPERATOR':
      return { type: actor.type, id: actor.userId, ...actor.client };
    case 'LOCKED':
      return { type: 'USER', id: actor.userId, ...actor.client };
    case 'API_KEY':
      return { type: 'API_KEY', id: actor.apiKeyId, ...actor.client };
    case 'SYSTEM':
      return { type: 'SYSTEM', id: null };
    case 'ANONYMOUS':
      return { type: 'ANONYMOUS', id: null, ...actor.client };
  }
}

/** The project that a request is about: the one it names, or an API key's own. */
export const projectFor = (actor: Actor, named: string | null | undefined): string | undefined =>
  named ?? (actor.type === 'API_KEY' ? actor.projectId : undefined);

/** The mode that a request is about: the one it names, an API key's own, or LIVE. */
export const modeFor = (actor: Actor, named: Mode | null | undefined): Mode =>
  named ?? (actor.type === 'API_KEY' ? actor.mode : 'LIVE');
