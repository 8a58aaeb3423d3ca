import type { EventActor } from '../event/event.ts';

export type Mode = 'TEST' | 'LIVE';

export type Role = 'OWNER' | 'ADMIN' | 'FINANCE' | 'DEVELOPER' | 'SUPPORT' | 'VIEWER';

/** Who acts. Every use case takes one and checks its right itself. */
export type Actor = UserActor | ApiKeyActor | { readonly type: 'SYSTEM' } | { readonly type: 'ANONYMOUS' };

export interface UserActor {
  readonly type: 'USER';
  readonly userId: string;
  readonly sessionId: string;
  readonly memberships: readonly Membership[];
}

export interface Membership {
  readonly merchantId: string;
  readonly role: Role;
}

export interface ApiKeyActor {
  readonly type: 'API_KEY';
  readonly apiKeyId: string;
  readonly kind: 'PUBLISHABLE' | 'SECRET';
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
}

export const SYSTEM: Actor = { type: 'SYSTEM' };
export const ANONYMOUS: Actor = { type: 'ANONYMOUS' };

/** How an actor is kept with the events that it caused. */
export function eventActor(actor: Actor): EventActor {
  switch (actor.type) {
    case 'USER':
      return { type: 'USER', id: actor.userId };
    case 'API_KEY':
      return { type: 'API_KEY', id: actor.apiKeyId };
    case 'SYSTEM':
    case 'ANONYMOUS':
      return { type: actor.type, id: null };
  }
}

/** The project that a request is about: the one it names, or an API key's own. */
export const projectFor = (actor: Actor, named: string | null | undefined): string | undefined =>
  named ?? (actor.type === 'API_KEY' ? actor.projectId : undefined);

/** The mode that a request is about: the one it names, an API key's own, or LIVE. */
export const modeFor = (actor: Actor, named: Mode | null | undefined): Mode =>
  named ?? (actor.type === 'API_KEY' ? actor.mode : 'LIVE');
