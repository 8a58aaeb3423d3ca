import { canApprove, isMadeBy, type Payout } from './payout.ts';

/** How long a member who was given the right to agree waits before the first consent, in milliseconds. */
const NEW_MEMBER_MS = 24 * 3_600_000;

/**
 * From when on a member agrees to a payout; null for a founder, since ever. A stolen session of an owner could else make
 * members of its own mailboxes, and agree by them. In TEST mode no money leaves.
 */
export const agreesFrom = ({ mode }: Pick<Payout, 'mode'>, payingSince: Date | null): Date | null =>
  mode === 'TEST' || payingSince === null ? null : new Date(payingSince.getTime() + NEW_MEMBER_MS);

/** Whether a member is with the merchant for long enough to agree. */
export function hasWaited(payout: Pick<Payout, 'mode'>, payingSince: Date | null, at: Date): boolean {
  const from = agreesFrom(payout, payingSince);
  return from === null || from <= at;
}

/** A member with the right to agree to a payout. */
export interface Consenter {
  readonly userId: string;
  /** When somebody last gave the role, access or projects that the member has; null for a founder. */
  readonly payingSince: Date | null;
  /** Whether the member has agreed to the payout as it stands. */
  readonly hasAgreed: boolean;
}

/**
 * Whether a payout waits for this member: what lists of consents to give go by. A hold is not asked: it ends by itself, and
 * is told to whoever agrees before (FEATURES F5).
 */
export const waitsForMember = (
  payout: Payout,
  { userId, payingSince, hasAgreed }: Consenter,
  at: Date,
): boolean =>
  canApprove(payout) && !isMadeBy(payout, userId) && !hasAgreed && hasWaited(payout, payingSince, at);
