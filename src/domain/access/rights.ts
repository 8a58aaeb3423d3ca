import type { Actor, Membership, Mode, Role } from './actor.ts';

/** What can be done, by area (FEATURES B3). */
export const RIGHTS = [
  'merchant:read',
  'merchant:write',
  'merchant:close',
  'member:read',
  'member:write',
  'ownership:transfer',
  'audit:read',
  'project:read',
  'project:write',
  'api_key:read',
  'api_key:write',
  'invoice:read',
  'invoice:write',
  'invoice:pay',
  'payment:resolve',
  'static_wallet:read',
  'static_wallet:write',
  'balance:read',
  'withdrawal:read',
  'withdrawal:write',
  'payout:read',
  'payout:write',
  'event:read',
  'webhook:read',
  'webhook:write',
  'telegram:connect',
] as const;

export type Right = (typeof RIGHTS)[number];

const READ = [
  'merchant:read',
  'project:read',
  'invoice:read',
  'invoice:pay',
  'static_wallet:read',
  'event:read',
  'telegram:connect',
] as const;

/** What the owner keeps for the person who answers for the account. */
const OWNERS_ONLY: ReadonlySet<Right> = new Set(['merchant:close', 'ownership:transfer']);

/** The rights of each role. The last owner of a merchant cannot be removed, so somebody always has all of them. */
export const ROLE_RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  OWNER: RIGHTS,
  ADMIN: RIGHTS.filter((right) => !OWNERS_ONLY.has(right)),
  FINANCE: [
    ...READ,
    'invoice:write',
    'payment:resolve',
    'static_wallet:write',
    'balance:read',
    'withdrawal:read',
    'payout:read',
    'payout:write',
  ],
  DEVELOPER: [
    ...READ,
    'project:write',
    'api_key:read',
    'api_key:write',
    'invoice:write',
    'static_wallet:write',
    'webhook:read',
    'webhook:write',
  ],
  SUPPORT: [...READ, 'invoice:write'],
  VIEWER: READ,
};

/**
 * The rights that an API key of each kind can be given (FEATURES B4); its scopes choose among them. A publishable key
 * stands in a shop's page for all to see.
 */
export const API_KEY_RIGHTS: Readonly<Record<'SECRET' | 'PUBLISHABLE', readonly Right[]>> = {
  SECRET: [
    'merchant:read',
    'project:read',
    'invoice:read',
    'invoice:write',
    'invoice:pay',
    'payment:resolve',
    'static_wallet:read',
    'static_wallet:write',
    'balance:read',
    'event:read',
    'webhook:read',
    'webhook:write',
    'payout:read',
    'payout:write',
  ],
  PUBLISHABLE: ['invoice:pay'],
};

export type OperatorRole = 'ADMIN' | 'MODERATOR' | 'SUPPORT';

/** What an operator can do. None of it is a merchant's right, and no merchant's right is an operator's. */
export const OPERATOR_RIGHTS = [
  'operator:manage',
  'project:moderate',
  'two_factor:reset',
  'currency:decide',
  'audit:read_all',
  'network:read',
  'transfer:read',
  'fee:read',
  'fee:write',
  'delivery:read',
  'payout:settle',
  'custody:read',
  'custody:write',
] as const;

export type OperatorRight = (typeof OPERATOR_RIGHTS)[number];

export const OPERATOR_ROLE_RIGHTS: Readonly<Record<OperatorRole, readonly OperatorRight[]>> = {
  ADMIN: OPERATOR_RIGHTS,
  MODERATOR: ['project:moderate', 'payout:settle'],
  SUPPORT: [
    'two_factor:reset',
    'currency:decide',
    'network:read',
    'transfer:read',
    'fee:read',
    'delivery:read',
  ],
};

/** Where a right is asked for. A merchant-wide question leaves out project and mode; ANY is what has no mode. */
export interface Place {
  readonly merchantId: string;
  readonly projectId?: string;
  readonly mode?: Mode | 'ANY';
}

/** What a member who is restricted to some projects may still do in the merchant as a whole. */
const BEYOND_PROJECTS: ReadonlySet<Right> = new Set(['merchant:read', 'telegram:connect']);

/** Whether a restriction to projects leaves this right in the merchant as a whole. */
export const isBeyondProjects = (right: Right): boolean => BEYOND_PROJECTS.has(right);

/** Whether a member with this role and restriction may do this there. */
export function memberMay(
  { role, projectIds }: Omit<Membership, 'merchantId'>,
  right: Right,
  projectId: string | undefined,
): boolean {
  if (!ROLE_RIGHTS[role].includes(right)) return false;
  if (projectIds === null) return true;
  return projectId === undefined ? isBeyondProjects(right) : projectIds.includes(projectId);
}

/** Whether the actor is a member who may do this in the merchant as a whole, or at least in one of its projects. */
export const mayInSome = (actor: Actor, right: Right, merchantId: string): boolean =>
  actor.type === 'USER' &&
  actor.memberships.some(
    (member) =>
      member.merchantId === merchantId &&
      [undefined, ...(member.projectIds ?? [])].some((projectId) => memberMay(member, right, projectId)),
  );

/**
 * What a key must see to do this: it is answered with what it did. Refused the answer only, it would take the deed for
 * refused too, and repeat it.
 */
const SEEN_BY_DOING: Readonly<Partial<Record<Right, Right>>> = {
  'invoice:write': 'invoice:read',
  'static_wallet:write': 'static_wallet:read',
  'payout:write': 'payout:read',
};

/** Whether the actor may do this there. The one question that every path asks (FEATURES B7). */
export function may(actor: Actor, right: Right, place: Place): boolean {
  switch (actor.type) {
    case 'SYSTEM':
      return true;
    case 'ANONYMOUS':
    case 'LOCKED':
    case 'OPERATOR':
      return false;
    case 'USER':
      return actor.memberships.some(
        (m) => m.merchantId === place.merchantId && memberMay(m, right, place.projectId),
      );
    case 'API_KEY':
      return (
        actor.scopes.includes(right) &&
        actor.scopes.includes(SEEN_BY_DOING[right] ?? right) &&
        API_KEY_RIGHTS[actor.kind].includes(right) &&
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

/** Whether the actor may decide this for the gateway. An operator needs a second factor in the session. */
export const mayOperate = (actor: Actor, right: OperatorRight): boolean =>
  actor.type === 'OPERATOR' &&
  actor.secondFactorAt !== null &&
  OPERATOR_ROLE_RIGHTS[actor.role].includes(right);
