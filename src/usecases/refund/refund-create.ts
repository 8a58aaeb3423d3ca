import { eventActor, type Actor } from '../../domain/access/actor.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import type { EventData } from '../../domain/event/event.ts';
import { refundEvent } from '../../domain/refund/refund-events.ts';
import { debited } from '../../domain/refund/refund-money.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import { claimMail, newClaimLink, takeClaimMail } from '../claim/claim-link.ts';
import { idempotencyOf } from '../idempotency-of.ts';
import { invoiceFor } from '../invoice/invoice-place.ts';
import { payoutProofMissing } from '../payout/payout-place.ts';
import type { Idempotency, InvoiceSnapshot } from '../ports/invoice-store.ts';
import type { KeyUsed, NewRefund, RefundCreated } from '../ports/refund-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { RefundDeps } from './refund-deps.ts';
import { draftRefund, exceeds, type RefundDraft } from './refund-draft.ts';
import { checkRefundInput, type RefundCreateInput } from './refund-input.ts';
import { holdOn } from './refund-place.ts';

/**
 * Gives money of an invoice back to its payer, in part or all that is left (FEATURES G1): it is set aside at once, at the
 * rate of this moment. A payer whose e-mail address is known is asked at once where it is to go (G2). With an idempotency
 * key, which is kept for ever, a repeated request gives the first one's refund (RULES 7).
 */
export type RefundCreate = (actor: Actor, input: RefundCreateInput) => Promise<Result<{ refundId: string }>>;

/** An invoice that this many writers overtook in a row points to a fault, not to traffic. */
const MAX_ATTEMPTS = 100;

export const refundCreate =
  (deps: RefundDeps): RefundCreate =>
  async (actor, input) => {
    const mayMail = takeMailOnce(deps.limits);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const made = await attemptRefund(deps, actor, input, mayMail);
      if (made !== 'stale') return made;
      await deps.pause(attempt);
    }
    throw new Error(`invoice ${input.invoiceId} was overtaken by other writers ${MAX_ATTEMPTS} times`);
  };

/** Whether the payer may be mailed now. */
type MayMail = (refund: Refund, email: string) => Promise<boolean>;

/** A request takes one mail, however often it is computed anew. */
function takeMailOnce(limits: RefundDeps['limits']): MayMail {
  let taken: Promise<boolean> | undefined;
  return (refund, email) =>
    (taken ??= takeClaimMail(limits, refund, email, refund.createdAt).then((limited) => limited === null));
}

async function attemptRefund(
  deps: RefundDeps,
  actor: Actor,
  input: RefundCreateInput,
  mayMail: MayMail,
): Promise<Result<{ refundId: string }> | 'stale'> {
  const found = await invoiceFor(deps.invoices, actor, 'payout:write', input.invoiceId);
  if (!found.ok) return found;
  const snapshot = found.value;
  const facts = await deps.refunds.ofInvoice(snapshot.invoice.id);
  if (!facts) return refuse('NOT_FOUND', 'There is no such invoice.', 'invoiceId');
  const barred =
    checkRefundInput(input, facts) ?? payoutProofMissing(actor, snapshot.invoice.mode, deps.clock.now());
  if (barred) return barred;
  const { idempotencyKey, ...request } = input;
  const key = idempotencyOf(actor, { idempotencyKey, operation: 'refundCreate', request }, deps.secrets);
  const before = key && (await deps.refunds.usedBefore(key));
  if (before) return repeated(before);
  const draft = await draftRefund(deps, actor, snapshot, facts, input);
  if (!draft.ok) return draft;
  const held = await holdOn(deps.withdrawals, actor, draft.value.refund, deps.clock.now());
  if (held) return held;
  const outcome = await write(deps, actor, snapshot, draft.value, { key, mayMail });
  return answerTo(outcome, draft.value, snapshot.invoice.currency, facts.standing);
}

async function write(
  deps: RefundDeps,
  actor: Actor,
  { revision: invoiceRevision }: InvoiceSnapshot,
  { refund, captured }: RefundDraft,
  { key, mayMail }: { readonly key: Idempotency | null; readonly mayMail: MayMail },
): Promise<RefundCreated> {
  const { dailyLimit } = await deps.payouts.policy(refund.merchantId);
  const sums = { refund, invoiceRevision, captured, dailyLimit };
  // Nobody is mailed, and no mail counted, for what is refused.
  const refused = await deps.refunds.refusalOf(sums);
  // A request with the same key may have taken what was there meanwhile.
  if (refused) return (key && (await deps.refunds.usedBefore(key))) ?? refused;
  const outcome = await deps.refunds.create({
    ...sums,
    ...(await withClaim(deps, actor, refund, mayMail)),
    entries: [{ ...debited(refund), id: deps.ids.next() }],
    idempotency: key,
  });
  if (outcome.kind === 'created') deps.feed.poke();
  return outcome;
}

function answerTo(
  outcome: RefundCreated,
  { refund, captured }: RefundDraft,
  currency: string,
  standing: bigint,
): Result<{ refundId: string }> | 'stale' {
  switch (outcome.kind) {
    case 'created':
      return done({ refundId: refund.id });
    case 'replayed':
    case 'key_reused':
      return repeated(outcome);
    case 'stale':
      return 'stale';
    case 'limit_reached':
      return exceeds(captured > standing ? captured - standing : 0n, currency);
    case 'day_limit_reached':
      return refuse('LIMIT_REACHED', 'More than may leave within 24 hours.', 'amount');
    case 'balance_short':
      return refuse(
        'BALANCE_SHORT',
        `The available balance in ${refund.debitCurrency} is less than this.`,
        'amount',
      );
    case 'merchant_closed':
      return refuse('NOT_FOUND', 'There is no such invoice.', 'invoiceId');
  }
}

/** With the link to its payer, where the inbox is known and takes one more; else somebody sends it later. */
async function withClaim(
  deps: RefundDeps,
  actor: Actor,
  refund: Refund,
  mayMail: MayMail,
): Promise<Pick<NewRefund, 'refund' | 'claimTokenHash' | 'events'>> {
  const at = refund.createdAt;
  const event = (type: EventType, of: Refund, more?: EventData) =>
    stampEvent(refundEvent(type, of, more), { id: deps.ids.next(), actor: eventActor(actor), at });
  const { customerEmail } = refund;
  const asks = customerEmail !== null && (await mayMail(refund, customerEmail));
  if (!asks) return { refund, claimTokenHash: null, events: [event('refund.requested', refund)] };
  const link = newClaimLink('REFUND_CLAIM', deps, at);
  const shop = await deps.refunds.shopName(refund.projectId);
  const prepared: Refund = { ...refund, status: 'PREPARED', claimExpiresAt: link.expiresAt };
  return {
    refund: prepared,
    claimTokenHash: link.tokenHash,
    events: [
      event('refund.requested', refund),
      event('refund.prepared', prepared),
      event('refund.claim_sent', prepared, claimMail(link, customerEmail, shop)),
    ],
  };
}

const repeated = (before: KeyUsed): Result<{ refundId: string }> =>
  before.kind === 'replayed'
    ? done({ refundId: before.resultId })
    : refuse('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input.', 'idempotencyKey');
