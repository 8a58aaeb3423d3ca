import { SYSTEM, eventActor } from '../../domain/access/actor.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import type { EventData, EventDraft } from '../../domain/event/event.ts';
import { termsOf } from '../../domain/fee/fee-schedule.ts';
import { withDebts, type Balances } from '../../domain/ledger/balances.ts';
import { isSeen, type Payment } from '../../domain/payment/payment.ts';
import { reboundEvent } from '../../domain/rebound/rebound-events.ts';
import { settled } from '../../domain/rebound/rebound-money.ts';
import { arrivesOf, isPromised, type Rebound } from '../../domain/rebound/rebound.ts';
import { claimMail, newClaimLink, takeClaimMail } from '../claim/claim-link.ts';
import { stampEvent } from '../stamp-event.ts';
import type { ReboundDeps } from './rebound-deps.ts';
import { reboundPayerTold } from './rebound-payer-told.ts';

/**
 * Gives a payment the rebound that its decision asks for (FEATURES G3), and ends one that it does not ask for any more,
 * because its money was credited or the chain took it back. Goes by what the payment is now: safe to repeat.
 */
export const reboundFollow =
  (deps: ReboundDeps) =>
  async (paymentId: string): Promise<void> => {
    const place = await placeOf(deps, paymentId);
    if (!place) return;
    const { payment } = place;
    const standing = await deps.rebounds.standingOf(paymentId);
    const isAsked = isSeen(payment) && payment.decision === 'REBOUND' && payment.held > 0n;
    if (standing && isPromised(standing)) {
      if (isAsked) await comeAgain(deps, place, standing);
      return;
    }
    if (standing && isAsked && standing.amount === payment.held) return;
    if (standing) await withdraw(deps, standing);
    if (isAsked) await create(deps, place);
  };

type Place = Pick<Rebound, 'merchantId' | 'projectId' | 'mode' | 'invoiceId' | 'orderId'> & {
  readonly payment: Payment;
  readonly networkFee: bigint;
  readonly balances: Balances;
};

async function placeOf({ invoices, deposits }: ReboundDeps, paymentId: string): Promise<Place | null> {
  const snapshot = (await invoices.snapshotOfPayment(paymentId)) ?? (await deposits.snapshot({ paymentId }));
  if (!snapshot) return null;
  const isDeposit = 'wallet' in snapshot;
  const payment = isDeposit ? snapshot.payment : snapshot.invoice.payments.find((p) => p.id === paymentId);
  if (!payment) return null;
  const { merchantId, projectId, mode } = isDeposit ? snapshot.wallet : snapshot.invoice;
  const { networkFee } = termsOf(snapshot.fees, payment, null);
  return {
    merchantId,
    projectId,
    mode,
    invoiceId: isDeposit ? null : snapshot.invoice.id,
    orderId: isDeposit ? null : snapshot.invoice.orderId,
    payment,
    networkFee,
    balances: snapshot.balances,
  };
}

/** One whose network fee is more than there is goes back to those that wait for a decision at once. */
async function create(deps: ReboundDeps, place: Place): Promise<void> {
  const customerEmail =
    place.invoiceId === null ? null : await deps.rebounds.customerEmailOf(place.invoiceId);
  const rebound = draft(deps, place, customerEmail);
  const written = await (arrivesOf(rebound) > 0n
    ? ask(deps, rebound)
    : refuse(deps, rebound, 'FEE_ABOVE_AMOUNT'));
  if (written) deps.feed.poke();
}

const draft = (
  { ids, clock }: ReboundDeps,
  { payment, balances: _balances, ...place }: Place,
  customerEmail: string | null,
): Rebound => ({
  ...place,
  id: ids.next(),
  paymentId: payment.id,
  status: 'PENDING',
  revision: 0,
  reason: payment.heldReason ?? 'HELD',
  asset: payment.asset,
  network: payment.network,
  amount: payment.held,
  customerEmail,
  address: null,
  claimExpiresAt: null,
  createdAt: clock.now(),
});

/** It ends as it begins: the payment's money waits for a decision. */
const refuse = (deps: ReboundDeps, rebound: Rebound, failure: string): Promise<boolean> => {
  const rejected: Rebound = { ...rebound, status: 'REJECTED' };
  const events = [event(deps, 'rebound.rejected', rejected, { failure })];
  return deps.rebounds.create(rejected, { claimTokenHash: null, failure, events });
};

/**
 * The chain took the payment back after its payer was promised the money, and shows it again: what is held now pays what
 * the merchant owed since, and the same rebound stands for it (decision record 0032). Where another amount is held than
 * went back, it waits for a decision; credited, it pays the debt as every credit does.
 */
async function comeAgain(deps: ReboundDeps, place: Place, before: Rebound): Promise<void> {
  const { payment, balances } = place;
  const isSame = before.amount === payment.held && before.asset === payment.asset;
  const written = isSame
    ? await deps.rebounds.change({
        before,
        after: before,
        decision: { from: 'REBOUND', to: 'REBOUNDED' },
        entries: withDebts([settled(before, payment)], balances).map((entry) => ({
          ...entry,
          id: deps.ids.next(),
        })),
        events: [event(deps, 'rebound.settled', before)],
        at: deps.clock.now(),
      })
    : await refuse(deps, draft(deps, place, before.customerEmail), 'SENT_BACK_BEFORE');
  // The rebound ended, the payment was taken back again or a balance moved: the next look goes by that.
  if (!written) throw new Error(`rebound ${before.id} was overtaken while its payment came again`);
  deps.feed.poke();
}

/** With the link to its payer, where the inbox is known and takes one more; else somebody sends it later. */
async function ask(deps: ReboundDeps, rebound: Rebound): Promise<boolean> {
  const { customerEmail, createdAt: at } = rebound;
  const asks =
    customerEmail !== null && (await takeClaimMail(deps.limits, rebound, customerEmail, at)) === null;
  if (!asks) {
    const events = [event(deps, 'rebound.created', rebound)];
    return await deps.rebounds.create(rebound, { claimTokenHash: null, failure: null, events });
  }
  const link = newClaimLink('REBOUND_CLAIM', deps, at);
  const asked: Rebound = { ...rebound, claimExpiresAt: link.expiresAt };
  const mail = claimMail(link, customerEmail, await deps.refunds.shopName(rebound.projectId));
  return await deps.rebounds.create(asked, {
    claimTokenHash: link.tokenHash,
    failure: null,
    events: [event(deps, 'rebound.created', asked), event(deps, 'rebound.claim_sent', asked, mail)],
  });
}

/** The payment decides otherwise: its money is not this rebound's any more. */
async function withdraw(deps: ReboundDeps, before: Rebound): Promise<void> {
  const after: Rebound = { ...before, status: 'REJECTED' };
  const failure = 'DECIDED_OTHERWISE';
  const told = (await reboundPayerTold(deps.refunds, after)).map((draft) => stamped(deps, draft));
  const written = await deps.rebounds.change({
    before,
    after,
    claimTokenHash: null,
    failure,
    entries: [],
    events: [event(deps, 'rebound.rejected', after, { failure }), ...told],
    at: deps.clock.now(),
  });
  if (written) deps.feed.poke();
}

const event = (deps: ReboundDeps, type: EventType, rebound: Rebound, more?: EventData) =>
  stamped(deps, reboundEvent(type, rebound, more));

const stamped = ({ ids, clock }: ReboundDeps, draft: EventDraft) =>
  stampEvent(draft, { id: ids.next(), actor: eventActor(SYSTEM), at: clock.now() });
