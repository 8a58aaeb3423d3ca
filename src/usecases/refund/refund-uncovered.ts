import { eventActor, SYSTEM } from '../../domain/access/actor.ts';
import { refundEvent } from '../../domain/refund/refund-events.ts';
import { givenBack } from '../../domain/refund/refund-money.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import { refundStands } from '../payout/source-stands.ts';
import { stampEvent } from '../stamp-event.ts';
import type { RefundDeps } from './refund-deps.ts';
import { refundPayerTold } from './refund-payer-told.ts';

export type RefundUncoveredDeps = Pick<RefundDeps, 'refunds' | 'invoices' | 'ids' | 'clock' | 'feed'>;

/**
 * Ends a refund whose payment the chain took back since: what was not received is not given back, and what was debited is
 * available again. False when what was captured still covers it. Safe to repeat.
 */
export async function refundUncovered(
  { refunds, invoices, ids, clock, feed }: RefundUncoveredDeps,
  before: Refund,
): Promise<boolean> {
  if (await refundStands({ refunds, invoices }, before)) return false;
  const after: Refund = { ...before, status: 'FAILED' };
  const at = clock.now();
  const failure = 'PAYMENT_REVERSED';
  const drafts = [
    refundEvent('refund.failed', after, { failure, txId: null }),
    ...(await refundPayerTold(refunds, after)),
  ];
  const written = await refunds.change({
    before,
    after,
    failure,
    entries: [{ ...givenBack(before), id: ids.next() }],
    events: drafts.map((draft) => stampEvent(draft, { id: ids.next(), actor: eventActor(SYSTEM), at })),
    at,
  });
  if (!written) throw new Error(`refund ${before.id} was changed while it ended`);
  feed.poke();
  return true;
}
