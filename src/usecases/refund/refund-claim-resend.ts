import { eventActor, type Actor } from '../../domain/access/actor.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import type { EventData } from '../../domain/event/event.ts';
import { refundEvent } from '../../domain/refund/refund-events.ts';
import { isUnclaimed, type Refund } from '../../domain/refund/refund.ts';
import {
  claimInbox,
  claimMail,
  namedBy,
  newClaimLink,
  resentBefore,
  takeClaimMail,
} from '../claim/claim-link.ts';
import { isOfRevokedKey, ofRevokedKey } from '../claim/claiming.ts';
import { idempotencyOf } from '../idempotency-of.ts';
import { payoutProofMissing } from '../payout/payout-place.ts';
import { keyFault } from '../payout/payout-request.ts';
import type { PayoutPayees } from '../ports/payout-payees.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { RefundDeps } from './refund-deps.ts';
import { holdOn, refundFor } from './refund-place.ts';

export interface RefundClaimResendInput {
  readonly refundId: string;
  /** The one that is known when left out. */
  readonly email?: string | null | undefined;
  /** A repetition with the same key sends no other mail, so that the link that was sent stays good. */
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Sends the payer a new link, to the known address or another one (FEATURES G2): a former link is of no use any more. Who
 * names the inbox names who gets the money: it asks for what a payout asks for, and holds keep it back (RULES 12).
 */
export type RefundClaimResend = (
  actor: Actor,
  input: RefundClaimResendInput,
) => Promise<Result<{ refundId: string }>>;

export type RefundClaimResendDeps = Pick<
  RefundDeps,
  'refunds' | 'withdrawals' | 'limits' | 'secrets' | 'ids' | 'clock' | 'feed'
> & { readonly payees: Pick<PayoutPayees, 'whoIsGone'> };

export const refundClaimResend =
  (deps: RefundClaimResendDeps): RefundClaimResend =>
  async (actor, { idempotencyKey, ...request }) => {
    const { refundId, email } = request;
    const { refunds, ids, clock } = deps;
    const found = await refundFor(refunds, actor, 'payout:write', refundId);
    if (!found.ok) return found;
    const before = found.value;
    const inbox = claimInbox(email, before.customerEmail);
    if (!inbox.ok) return inbox;
    const at = clock.now();
    const barred = keyFault(idempotencyKey) ?? payoutProofMissing(actor, before.mode, at);
    if (barred) return barred;
    const operation = 'refundClaimResend';
    const idempotency = idempotencyOf(actor, { idempotencyKey, operation, request }, deps.secrets);
    const answered = async (): Promise<Result<{ refundId: string }> | null> => {
      const first = await resentBefore(refunds, idempotency);
      return first?.ok ? done({ refundId }) : first;
    };
    const first = await answered();
    if (first) return first;
    if (!isUnclaimed(before)) return notOpen();
    const named = namedBy(actor, inbox.value, before.customerEmail);
    const held = named.inboxNamedBy ? await holdOn(deps.withdrawals, actor, before, at) : null;
    if (held) return held;
    if (await isOfRevokedKey(deps.payees, 'REFUND', before)) return ofRevokedKey();
    const limited = await takeClaimMail(deps.limits, before, inbox.value, at);
    if (limited) return limited;

    const link = newClaimLink('REFUND_CLAIM', deps, at);
    const after: Refund = {
      ...before,
      status: 'PREPARED',
      customerEmail: inbox.value,
      claimExpiresAt: link.expiresAt,
    };
    const event = (type: EventType, more?: EventData) =>
      stampEvent(refundEvent(type, after, more), { id: ids.next(), actor: eventActor(actor), at });
    const mail = claimMail(link, inbox.value, await refunds.shopName(before.projectId));
    const written = await refunds.change({
      before,
      after,
      claimTokenHash: link.tokenHash,
      ...named,
      idempotency,
      entries: [],
      events: [
        ...(before.status === 'PENDING' ? [event('refund.prepared')] : []),
        event('refund.claim_sent', mail),
        ...(named.inboxNamedBy === undefined ? [] : [event('refund.inbox_named', { inbox: inbox.value })]),
      ],
      at,
    });
    // Of two with the same key at once, one was first.
    if (!written) return (await answered()) ?? notOpen();
    deps.feed.poke();
    return done({ refundId });
  };

const notOpen = () => refuse('WRONG_STATE', 'The refund does not wait for its payer any more.');
