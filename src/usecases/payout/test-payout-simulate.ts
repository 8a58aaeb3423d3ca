import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { payoutEvent } from '../../domain/payout/payout-events.ts';
import { failed, sent } from '../../domain/payout/payout-money.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { managedPayout } from './payout-cancel.ts';
import type { PayoutDeps } from './payout-deps.ts';

/** How a simulated payout ends. */
export type SimulatedEnd = 'CONFIRMED' | 'FAILED';

export interface TestPayoutSimulateInput {
  readonly payoutId: string;
  /** CONFIRMED unless said. */
  readonly outcome?: SimulatedEnd | null | undefined;
}

/**
 * Carries a queued TEST payout out without chain, bank or signature: sent and ended at once, as `testPaymentSimulate` pays
 * (FEATURES D16). Nothing happens to one by itself, so that a shop can try its cancelling and its approvals too. What it
 * carried out, a refund or a rebound, ends with it.
 * Refusals: NOT_FOUND, TEST_MODE_ONLY, WRONG_STATE.
 */
export type TestPayoutSimulate = (
  actor: Actor,
  input: TestPayoutSimulateInput,
) => Promise<Result<{ payoutId: string }>>;

export const testPayoutSimulate =
  ({
    payouts,
    ids,
    clock,
    feed,
  }: Pick<PayoutDeps, 'payouts' | 'ids' | 'clock' | 'feed'>): TestPayoutSimulate =>
  async (actor, { payoutId, outcome }) => {
    const before = await managedPayout(payouts, actor, payoutId);
    if (!before) return refuse('NOT_FOUND', 'There is no such payout.', 'payoutId');
    if (before.mode !== 'TEST')
      return refuse('TEST_MODE_ONLY', 'Only a TEST payout can be carried out by simulation.');
    if (before.status !== 'QUEUED')
      return refuse('WRONG_STATE', `The payout is ${before.status}.`, 'payoutId');
    const status = outcome ?? 'CONFIRMED';
    const after: Payout = { ...before, status, revision: before.revision + 1 };
    const at = clock.now();
    const txId = before.target.kind === 'CRYPTO' ? `test-${payoutId}` : null;
    const told = (
      type: 'payout.broadcast' | 'payout.confirmed' | 'payout.failed',
      payout: Payout,
      more = {},
    ) =>
      stampEvent(payoutEvent(type, payout, { txId, ...more }), {
        id: ids.next(),
        actor: eventActor(actor),
        at,
      });
    const written = await payouts.change({
      before,
      after,
      ...(status === 'FAILED' ? { failure: SIMULATED } : {}),
      entries: (status === 'CONFIRMED' ? [sent(before)] : failed(before)).map((entry) => ({
        ...entry,
        id: ids.next(),
      })),
      events: [
        ...(txId === null ? [] : [told('payout.broadcast', { ...after, status: 'BROADCAST' })]),
        status === 'CONFIRMED'
          ? told('payout.confirmed', after)
          : told('payout.failed', after, { reason: SIMULATED }),
      ],
      at,
    });
    if (!written) return refuse('WRONG_STATE', 'The payout was changed meanwhile.', 'payoutId');
    feed.poke();
    return done({ payoutId });
  };

const SIMULATED = 'SIMULATED';
