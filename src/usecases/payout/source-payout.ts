import { SYSTEM } from '../../domain/access/actor.ts';
import { approvalsFor } from '../../domain/payout/payout-policy.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PayoutPayees } from '../ports/payout-payees.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import { askedEvents } from './payout-asked-events.ts';
import type { PayoutForSource } from './payout-for-source.ts';

export interface SourcePayoutDeps {
  readonly payouts: Pick<PayoutStore, 'create' | 'namesOf' | 'ofSource' | 'policy'>;
  readonly payees: PayoutPayees;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/**
 * A refund's needs the approvals that any payout of its size needs; towards the day's limit it counted when it was made. A
 * rebound is the payer's own money, and needs none, unless a member or key named the inbox in which the payer was asked:
 * then it is as a refund, and counted when the inbox was named.
 */
export const sourcePayout =
  ({ payouts, payees, ids, clock, feed }: SourcePayoutDeps): PayoutForSource =>
  async ({ origin, id: sourceId, network, debited, networkFee, ...source }, address) => {
    const first = await payouts.ofSource(origin, sourceId);
    if (first) return { payoutId: first.id };
    const at = clock.now();
    const isMerchants = origin === 'REFUND' || (await payees.inboxNamedBy({ origin, sourceId })).length > 0;
    const approvalsRequired = isMerchants
      ? approvalsFor(await payouts.policy(source.merchantId), source.currency, debited)
      : 0;
    const payout: Payout = {
      ...source,
      id: ids.next(),
      origin,
      target: { kind: 'CRYPTO', network, address },
      status: approvalsRequired > 0 ? 'PENDING_APPROVAL' : 'QUEUED',
      revision: 0,
      debited,
      fee: 0n,
      networkFee,
      arrives: debited - networkFee,
      approvalsRequired,
      sourceId,
      createdAt: at,
    };
    const made = await payouts.create({
      payout,
      reference: null,
      batch: null,
      entries: [],
      events: await askedEvents({ payouts, ids }, SYSTEM, payout, null),
      idempotency: null,
      dailyLimit: null,
    });
    if (made.kind !== 'created')
      throw new Error(`the payout of ${origin} ${sourceId} is refused: ${made.kind}`);
    feed.poke();
    return { payoutId: payout.id };
  };
