import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { paymentLinkEvent } from '../../domain/payment-link/payment-link.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PaymentLinkStore } from '../ports/payment-link-store.ts';
import { done, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { paymentLinkFor } from './payment-link-place.ts';

export type PaymentLinkStep = (
  actor: Actor,
  input: { paymentLinkId: string },
) => Promise<Result<{ paymentLinkId: string }>>;

export interface PaymentLinkStepDeps {
  readonly paymentLinks: Pick<PaymentLinkStore, 'byId' | 'setDisabled'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** Both steps of a link. One that is so already stays so: nothing is written or told. */
export const paymentLinkStep =
  (
    { paymentLinks, ids, clock, feed }: PaymentLinkStepDeps,
    type: 'payment_link.disabled' | 'payment_link.enabled',
  ): PaymentLinkStep =>
  async (actor, { paymentLinkId }) => {
    const found = await paymentLinkFor(paymentLinks, actor, 'invoice:write', paymentLinkId);
    if (!found.ok) return found;
    const at = clock.now();
    const event = stampEvent(paymentLinkEvent(type, found.value), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    const disabledAt = type === 'payment_link.disabled' ? at : null;
    if (await paymentLinks.setDisabled(paymentLinkId, disabledAt, event)) feed.poke();
    return done({ paymentLinkId });
  };
