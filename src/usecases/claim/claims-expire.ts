import { eventActor, SYSTEM } from '../../domain/access/actor.ts';
import { reboundEvent } from '../../domain/rebound/rebound-events.ts';
import { isUnclaimed as isUnclaimedRebound } from '../../domain/rebound/rebound.ts';
import { refundEvent } from '../../domain/refund/refund-events.ts';
import { isUnclaimed as isUnclaimedRefund } from '../../domain/refund/refund.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { ReboundStore } from '../ports/rebound-store.ts';
import type { RefundCourseReads } from '../ports/refund-course-reads.ts';
import type { RefundStore } from '../ports/refund-store.ts';
import { stampEvent } from '../stamp-event.ts';

export interface ClaimsExpireDeps {
  readonly refunds: Pick<RefundStore, 'byId' | 'change'>;
  readonly rebounds: Pick<ReboundStore, 'byId' | 'change'>;
  readonly reads: Pick<RefundCourseReads, 'expiredClaims'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

const BATCH = 200;

/**
 * Marks refunds and rebounds whose payer let the link run out (FEATURES G2), and tells members, once for each link: the
 * money stays set aside until they ask the payer again or call it off. Safe to repeat, and in several processes.
 */
export const claimsExpire = (deps: ClaimsExpireDeps) => async (): Promise<void> => {
  const due = await deps.reads.expiredClaims(deps.clock.now(), BATCH);
  for (const { kind, id } of due) await (kind === 'REFUND' ? expireRefund : expireRebound)(deps, id);
  if (due.length > 0) deps.feed.poke();
};

async function expireRefund({ refunds, ...deps }: ClaimsExpireDeps, id: string): Promise<void> {
  const before = await refunds.byId(id);
  if (!before || !isUnclaimedRefund(before) || !hasRunOut(before, deps.clock.now())) return;
  const events = [stampEvent(refundEvent('refund.claim_expired', before), stamp(deps))];
  // Another writer was faster: the next look goes by what it wrote.
  await refunds.change({
    before,
    after: before,
    claimExpired: true,
    entries: [],
    events,
    at: deps.clock.now(),
  });
}

async function expireRebound({ rebounds, ...deps }: ClaimsExpireDeps, id: string): Promise<void> {
  const before = await rebounds.byId(id);
  if (!before || !isUnclaimedRebound(before) || !hasRunOut(before, deps.clock.now())) return;
  const events = [stampEvent(reboundEvent('rebound.claim_expired', before), stamp(deps))];
  await rebounds.change({
    before,
    after: before,
    claimExpired: true,
    entries: [],
    events,
    at: deps.clock.now(),
  });
}

/** The payer may have been asked again since the look. */
const hasRunOut = ({ claimExpiresAt }: { readonly claimExpiresAt: Date | null }, now: Date): boolean =>
  claimExpiresAt !== null && claimExpiresAt <= now;

const stamp = ({ ids, clock }: Pick<ClaimsExpireDeps, 'ids' | 'clock'>) => ({
  id: ids.next(),
  actor: eventActor(SYSTEM),
  at: clock.now(),
});
