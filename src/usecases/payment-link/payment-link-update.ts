import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { paymentLinkEvent } from '../../domain/payment-link/payment-link.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PaymentLinkStore } from '../ports/payment-link-store.ts';
import { done, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { readPaymentLink, type PaymentLinkFields } from './payment-link-input.ts';
import { paymentLinkFor } from './payment-link-place.ts';

export interface PaymentLinkUpdateInput extends PaymentLinkFields {
  readonly paymentLinkId: string;
}

/**
 * Changes a link (FEATURES D10); its currency stays. Invoices that were made by it keep what they have. An update that
 * names nothing writes nothing.
 */
export type PaymentLinkUpdate = (
  actor: Actor,
  input: PaymentLinkUpdateInput,
) => Promise<Result<{ paymentLinkId: string }>>;

export interface PaymentLinkUpdateDeps {
  readonly paymentLinks: Pick<PaymentLinkStore, 'byId' | 'update'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const paymentLinkUpdate =
  ({ paymentLinks, ids, clock, feed }: PaymentLinkUpdateDeps): PaymentLinkUpdate =>
  async (actor, { paymentLinkId, ...fields }) => {
    for (;;) {
      const found = await paymentLinkFor(paymentLinks, actor, 'invoice:write', paymentLinkId);
      if (!found.ok) return found;
      const read = readPaymentLink(fields, found.value);
      if (!read.ok) return read;
      const patch = read.value;
      const changed = Object.keys(patch);
      if (changed.length === 0) return done({ paymentLinkId });
      const draft = paymentLinkEvent(
        'payment_link.updated',
        { ...found.value, ...patch },
        { changed: changed.join(', ') },
      );
      const event = stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at: clock.now() });
      if ((await paymentLinks.update(found.value, patch, event)) === 'written') {
        feed.poke();
        return done({ paymentLinkId });
      }
      // Another writer was first: the bounds may not fit one another any more.
    }
  };
