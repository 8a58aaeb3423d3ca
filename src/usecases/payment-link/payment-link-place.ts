import type { Actor } from '../../domain/access/actor.ts';
import { mayAt, type Right } from '../../domain/access/rights.ts';
import type { PaymentLink } from '../../domain/payment-link/payment-link.ts';
import type { PaymentLinkStore } from '../ports/payment-link-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** The link if the actor has the right there; otherwise it looks like one that does not exist (FEATURES B7). */
export async function paymentLinkFor(
  paymentLinks: Pick<PaymentLinkStore, 'byId'>,
  actor: Actor,
  right: Right,
  paymentLinkId: string,
): Promise<Result<PaymentLink>> {
  const link = await paymentLinks.byId(paymentLinkId);
  if (!link || !mayAt(actor, right, link)) {
    return refuse('NOT_FOUND', 'There is no such payment link.', 'paymentLinkId');
  }
  return done(link);
}
