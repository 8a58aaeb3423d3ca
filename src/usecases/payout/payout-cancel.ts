import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { payoutEvent } from '../../domain/payout/payout-events.ts';
import { failed } from '../../domain/payout/payout-money.ts';
import { canApprove, canCancel, type Payout } from '../../domain/payout/payout.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import type { PayoutPayees } from '../ports/payout-payees.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { PayoutDeps } from './payout-deps.ts';
import { payoutProofMissing } from './payout-place.ts';

export interface PayoutDecisionInput {
  readonly payoutId: string;
  /** The revision that the caller saw. */
  readonly revision: number;
  readonly reason?: string | null | undefined;
}

/**
 * Calls a payout off while nothing of it is signed; its amount is available again. A refund is cancelled with its payout.
 * What goes back to a payer by a rebound is the payer's own, and is not called off, unless a member or key named the inbox
 * in which the payer was asked: the held money then waits for a decision again.
 */
export type PayoutCancel = (
  actor: Actor,
  input: PayoutDecisionInput,
) => Promise<Result<{ payoutId: string }>>;

/**
 * A member refuses a payout that waits for approvals (FEATURES F5); its amount is available again. A refund fails with its
 * payout.
 */
export type PayoutReject = PayoutCancel;

type Deps = Pick<PayoutDeps, 'payouts' | 'ids' | 'clock' | 'feed'> & { readonly payees: PayoutPayees };

const MAX_REASON = 1000;

export const payoutCancel =
  (deps: Deps): PayoutCancel =>
  (actor, input) =>
    callOff(deps, actor, input, 'CANCELLED');

export const payoutReject =
  (deps: Deps): PayoutReject =>
  (actor, input) =>
    callOff(deps, actor, input, 'REJECTED');

async function callOff(
  { payouts, payees, ids, clock, feed }: Deps,
  actor: Actor,
  { payoutId, revision, reason: typed }: PayoutDecisionInput,
  status: 'CANCELLED' | 'REJECTED',
): Promise<Result<{ payoutId: string }>> {
  const payout = await managedPayout(payouts, actor, payoutId);
  if (!payout) return refuse('NOT_FOUND', 'There is no such payout.', 'payoutId');
  const reason = typed?.trim() || null;
  if (reason !== null && (reason.length > MAX_REASON || !isPlainText(reason)))
    return refuse('INVALID_INPUT', `A reason has up to ${MAX_REASON} characters.`, 'reason');
  const at = clock.now();
  const unproved = status === 'REJECTED' ? payoutProofMissing(actor, payout.mode, at) : null;
  if (unproved) return unproved;
  const isOpen = status === 'REJECTED' ? canApprove(payout) : canCancel(payout);
  if (!isOpen || payout.revision !== revision) return goneOn();
  if (payout.origin === 'REBOUND' && (await payees.inboxNamedBy(payout)).length === 0)
    return refuse(
      'WRONG_STATE',
      "It is the payer's own money, and the payer was told that it is on its way: only paymentResolve decides on it, before.",
      'payoutId',
    );
  const after: Payout = { ...payout, status };
  const type = status === 'REJECTED' ? 'payout.rejected' : 'payout.cancelled';
  const written = await payouts.change({
    before: payout,
    after,
    ...(reason === null ? {} : { failure: reason }),
    // A refund gives back what it took, by the rate that it was taken at.
    entries: failed(payout).map((entry) => ({ ...entry, id: ids.next() })),
    events: [
      stampEvent(payoutEvent(type, after, { reason }), { id: ids.next(), actor: eventActor(actor), at }),
    ],
    at,
  });
  if (!written) return goneOn();
  feed.poke();
  return done({ payoutId });
}

const goneOn = () => refuse('WRONG_STATE', 'The payout has gone on since it was looked at.', 'revision');

/** A payout of a merchant whose money the actor may send; null for any other. */
export async function managedPayout(
  payouts: Pick<PayoutDeps['payouts'], 'byId'>,
  actor: Actor,
  payoutId: string,
): Promise<Payout | null> {
  const payout = await payouts.byId(payoutId);
  if (!payout) return null;
  const { merchantId, projectId, mode } = payout;
  const place = { merchantId, mode, ...(projectId === null ? {} : { projectId }) };
  return may(actor, 'payout:write', place) ? payout : null;
}
