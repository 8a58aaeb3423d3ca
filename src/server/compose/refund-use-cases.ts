import { createReboundStore } from '../../adapters/db/rebound-store.ts';
import { tellEvent } from '../../adapters/db/event-insert.ts';
import { createRefundCourseReads } from '../../adapters/db/refund-course-reads.ts';
import { createRefundStore } from '../../adapters/db/refund-store.ts';
import { jitteredPause } from '../../adapters/system/jittered-pause.ts';
import { claimsExpire } from '../../usecases/claim/claims-expire.ts';
import { sourcePayout } from '../../usecases/payout/source-payout.ts';
import { sourceStands } from '../../usecases/payout/source-stands.ts';
import { reboundCarryOut, reboundEnd } from '../../usecases/rebound/rebound-carry-out.ts';
import { reboundClaimResend } from '../../usecases/rebound/rebound-claim-resend.ts';
import { reboundClaim, reboundClaimShow } from '../../usecases/rebound/rebound-claim.ts';
import { reboundFollow } from '../../usecases/rebound/rebound-follow.ts';
import { reboundReject } from '../../usecases/rebound/rebound-reject.ts';
import { refundCancel } from '../../usecases/refund/refund-cancel.ts';
import { refundCarryOut, refundEnd } from '../../usecases/refund/refund-carry-out.ts';
import { refundClaimResend } from '../../usecases/refund/refund-claim-resend.ts';
import { refundClaim, refundClaimShow } from '../../usecases/refund/refund-claim.ts';
import { refundCreate } from '../../usecases/refund/refund-create.ts';
import { refundSetAside } from '../../usecases/refund/refund-set-aside.ts';
import type { Parts } from './parts.ts';

/** The use cases of refunds and rebounds: the API's, those of the claim pages, and the worker's steps. */
export function refundUseCases(parts: Parts) {
  const { pool } = parts.database;
  const stores = {
    ...parts,
    refunds: createRefundStore(pool, parts.ids),
    rebounds: createReboundStore(pool, parts.ids),
    pause: jitteredPause,
  };
  const reads = createRefundCourseReads(pool);
  const deps = { ...stores, payoutForSource: sourcePayout(stores) };
  return {
    api: {
      refundCreate: refundCreate(deps),
      refundCancel: refundCancel(deps),
      refundClaimResend: refundClaimResend(deps),
      reboundReject: reboundReject(deps),
      reboundClaimResend: reboundClaimResend(deps),
    },
    claims: {
      refund: { show: refundClaimShow(deps), claim: refundClaim(deps) },
      rebound: { show: reboundClaimShow(deps), claim: reboundClaim(deps) },
    },
    sourceStands: sourceStands(deps),
    steps: {
      reboundFollow: reboundFollow(deps),
      refundCarryOut: refundCarryOut(deps),
      reboundCarryOut: reboundCarryOut(deps),
      refundEnd: refundEnd(deps),
      reboundEnd: reboundEnd(deps),
      reads,
      claimsExpire: claimsExpire({ ...deps, reads }),
      setAside: refundSetAside({ ...parts, tell: (event) => tellEvent(pool, event) }),
    },
  };
}
