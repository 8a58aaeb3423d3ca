import { eventActor, type Actor } from '../../domain/access/actor.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import { payoutEvent, queuedEvents } from '../../domain/payout/payout-events.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import { stampEvent } from '../stamp-event.ts';

export interface AskedEventsDeps {
  readonly payouts: Pick<PayoutStore, 'namesOf'>;
  readonly ids: IdSource;
}

/** What is told of a new payout: that it was asked for, and what it waits for. */
export async function askedEvents(
  { payouts, ids }: AskedEventsDeps,
  actor: Actor,
  payout: Payout,
  reference: string | null,
): Promise<readonly NewEvent[]> {
  const stamp = () => ({ id: ids.next(), actor: eventActor(actor), at: payout.createdAt });
  const asked = stampEvent(payoutEvent('payout.requested', payout), stamp());
  if (payout.status === 'QUEUED')
    return [asked, ...queuedEvents(payout).map((event) => stampEvent(event, stamp()))];
  const more = { revision: payout.revision, reference, ...(await payouts.namesOf(payout)) };
  return [asked, stampEvent(payoutEvent('payout.approval_needed', payout, more), stamp())];
}
