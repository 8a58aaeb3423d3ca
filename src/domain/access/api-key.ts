import type { Mode, UserActor } from './actor.ts';
import { API_KEY_RIGHTS, may, type Right } from './rights.ts';

export type ApiKeyKind = 'PUBLISHABLE' | 'SECRET';

/** How keys begin, so that people and secret scanners can tell them apart. */
export const API_KEY_PREFIX = {
  SECRET_TEST: 'pbsk_test_',
  SECRET_LIVE: 'pbsk_live_',
  PUBLISHABLE_TEST: 'pbpk_test_',
  PUBLISHABLE_LIVE: 'pbpk_live_',
} as const satisfies Record<`${ApiKeyKind}_${Mode}`, string>;

const PREFIXES = Object.values(API_KEY_PREFIX);

export const looksLikeApiKey = (secret: string): boolean =>
  PREFIXES.some((prefix) => secret.startsWith(prefix));

/** What is the merchant's as a whole: a project's key gets it only where it is asked for. */
const MERCHANT_WIDE: ReadonlySet<Right> = new Set(['merchant:read', 'balance:read']);

/**
 * Decides on money that is held, or where events are sent, or is about money that leaves, of which developers see nothing:
 * a key has it only where it is asked for.
 */
const ASKED_FOR: ReadonlySet<Right> = new Set([
  'payment:resolve',
  'webhook:write',
  'payout:read',
  'payout:write',
]);

/** The scopes of a key that asks for none in particular. */
export const DEFAULT_SCOPES: Readonly<Record<ApiKeyKind, readonly Right[]>> = {
  SECRET: API_KEY_RIGHTS.SECRET.filter((right) => !MERCHANT_WIDE.has(right) && !ASKED_FOR.has(right)),
  PUBLISHABLE: API_KEY_RIGHTS.PUBLISHABLE,
};

/**
 * The scopes that a person may give a key of the project: the rights that the person has there, and of what is the
 * merchant's as a whole, has in the merchant (FEATURES B3). Else a key would be a way around role and restriction.
 */
export const scopesToGive = (
  actor: UserActor,
  kind: ApiKeyKind,
  { merchantId, projectId }: { readonly merchantId: string; readonly projectId: string },
): readonly Right[] =>
  API_KEY_RIGHTS[kind].filter((right) =>
    may(actor, right, MERCHANT_WIDE.has(right) ? { merchantId } : { merchantId, projectId }),
  );

/** Whether changes of the key ask for presence and hold payouts back: what a thief would make, widen or take over. */
export const isGuarded = ({ mode, kind }: { readonly mode: Mode; readonly kind: ApiKeyKind }): boolean =>
  mode === 'LIVE' && kind === 'SECRET';
