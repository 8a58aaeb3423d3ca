import type { Actor, Mode, Role } from './actor.ts';

/** What can be done, by area (FEATURES B3). */
export type Right =
  | 'project:read'
  | 'project:write'
  | 'api_key:read'
  | 'api_key:write'
  | 'invoice:read'
  | 'invoice:write'
  | 'invoice:pay'
  | 'balance:read'
  | 'event:read'
  | 'telegram:connect';

const READ = ['project:read', 'invoice:read', 'invoice:pay', 'event:read', 'telegram:connect'] as const;
const EVERYTHING = [
  ...READ,
  'project:write',
  'api_key:read',
  'api_key:write',
  'invoice:write',
  'balance:read',
] as const;

/** The rights of each role. */
export const ROLE_RIGHTS = {
  OWNER: EVERYTHING,
  ADMIN: EVERYTHING,
  FINANCE: [...READ, 'invoice:write', 'balance:read'],
  DEVELOPER: [...READ, 'project:write', 'api_key:read', 'api_key:write', 'invoice:write'],
  SUPPORT: [...READ, 'invoice:write'],
  VIEWER: READ,
} as const satisfies Record<Role, readonly Right[]>;

/** The rights of each kind of API key (FEATURES B4): a publishable key stands in a shop's page for all to see. */
export const API_KEY_RIGHTS = {
  SECRET: ['project:read', 'invoice:read', 'invoice:write', 'invoice:pay', 'balance:read', 'event:read'],
  PUBLISHABLE: ['invoice:pay'],
} as const satisfies Record<'SECRET' | 'PUBLISHABLE', readonly Right[]>;

/** Where a right is asked for. A merchant-wide question leaves out project and mode; ANY is what has no mode. */
export interface Place {
  readonly merchantId: string;
  readonly projectId?: string;
  readonly mode?: Mode | 'ANY';
}

const has = (rights: readonly Right[], right: Right): boolean => rights.includes(right);

/** Whether the actor may do this there. The one question that every path asks (FEATURES B7). */
export function may(actor: Actor, right: Right, place: Place): boolean {
  switch (actor.type) {
    case 'SYSTEM':
      return true;
    case 'ANONYMOUS':
      return false;
    case 'USER':
      return actor.memberships.some(
        (m) => m.merchantId === place.merchantId && has(ROLE_RIGHTS[m.role], right),
      );
    case 'API_KEY':
      return (
        has(API_KEY_RIGHTS[actor.kind], right) &&
        actor.merchantId === place.merchantId &&
        actor.projectId === place.projectId &&
        (place.mode === 'ANY' || actor.mode === place.mode)
      );
  }
}

/** Whether the actor may do this to a row that stands below a project. */
export const mayAt = (actor: Actor, right: Right, { merchantId, projectId, mode }: RowPlace): boolean =>
  may(actor, right, { merchantId, projectId, mode });

export interface RowPlace {
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
}
