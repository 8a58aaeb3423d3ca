import type { Actor } from '../../domain/access/actor.ts';
import { mayAt, type Right } from '../../domain/access/rights.ts';
import type { Rebound } from '../../domain/rebound/rebound.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { DepositStore } from '../ports/deposit-store.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { InvoiceStore } from '../ports/invoice-store.ts';
import type { ReboundStore } from '../ports/rebound-store.ts';
import type { RefundStore } from '../ports/refund-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';

/** What the use cases of rebounds need. */
export interface ReboundDeps {
  readonly rebounds: ReboundStore;
  readonly refunds: Pick<RefundStore, 'shopName' | 'usedBefore'>;
  readonly invoices: Pick<InvoiceStore, 'snapshotOfPayment'>;
  readonly deposits: Pick<DepositStore, 'snapshot'>;
  readonly limits: AttemptLimits;
  readonly secrets: Pick<Secrets, 'hash' | 'derive'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/**
 * The rebound if the actor has the right there, and sees it, as the answer shows it; otherwise it looks like one that does
 * not exist (FEATURES B7).
 */
export async function reboundFor(
  rebounds: Pick<ReboundStore, 'byId'>,
  actor: Actor,
  right: Right,
  reboundId: string,
): Promise<Result<Rebound>> {
  const rebound = await rebounds.byId(reboundId);
  return rebound && mayAt(actor, right, rebound) && mayAt(actor, 'invoice:read', rebound)
    ? done(rebound)
    : refuse('NOT_FOUND', 'There is no such rebound.', 'reboundId');
}
