import { payoutEvent } from '../../domain/payout/payout-events.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { payoutUnsigned, type UnsignedWhy } from '../../domain/payout/spend-events.ts';
import {
  isForMember,
  sameWait,
  type NetworkWait,
  type PayoutWait,
} from '../../domain/payout/payout-waits.ts';
import type { WaitingAlert } from '../../usecases/ports/spend-store.ts';
import type { SenderDeps } from './sender-deps.ts';

export type WaitingDeps = Pick<SenderDeps, 'spends' | 'stamp' | 'clock' | 'feed'>;

/** What passes by itself has passed after so long: a node's pause, an upgrade, a mistake. */
const PATIENCE_MS = 10 * 60_000;

/** Keeps why a payout waits. True when that is new, or operators are told. */
export async function wait(
  { spends, stamp, clock, feed }: WaitingDeps,
  payout: Payout,
  reason: PayoutWait,
  until: Date | null = null,
  alert: WaitingAlert | null = null,
): Promise<boolean> {
  const type = isForMember(reason) ? 'payout.stalled' : 'payout.waiting';
  const event = stamp(payoutEvent(type, payout, { reason, until: until?.toISOString() ?? null }));
  const isTold = await spends.waits(payout, { reason, event, alert, at: clock.now() });
  if (isTold) feed.poke();
  return isTold;
}

/** Operators hear of it, once for all payouts of the network that wait for the same. */
export async function waitForOperator(
  deps: WaitingDeps,
  network: string,
  payout: Payout,
  why: UnsignedWhy,
): Promise<boolean> {
  const event = deps.stamp(payoutUnsigned(payout.id, { network, why }));
  return await wait(deps, payout, why, null, { asset: null, amount: 0n, event });
}

/** As long as it may pass by itself the payout just waits; then operators hear of it. */
export async function waitForNetwork(
  deps: WaitingDeps,
  network: string,
  payout: Payout,
  reason: NetworkWait,
): Promise<boolean> {
  const isLong = await hasWaited(deps, payout, sameWait(reason));
  return isLong ? await waitForOperator(deps, network, payout, reason) : await wait(deps, payout, reason);
}

/** Whether a payout has waited for one of these so long that it does not pass by itself. */
export async function hasWaited(
  { spends, clock }: Pick<WaitingDeps, 'spends' | 'clock'>,
  payout: Payout,
  reasons: readonly PayoutWait[],
): Promise<boolean> {
  const now = await spends.waiting(payout);
  return (
    now !== null &&
    reasons.some((reason) => reason === now.reason) &&
    clock.now().getTime() - now.since.getTime() >= PATIENCE_MS
  );
}
