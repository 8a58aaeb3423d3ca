import { eventActor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { isCurrencyCode } from '../../domain/money/currencies.ts';
import { paymentLinkEvent } from '../../domain/payment-link/payment-link.ts';
import { newBarrier } from '../../domain/project/moderation.ts';
import { projectPlace } from '../actor-place.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { NewPaymentLink, PaymentLinkStore } from '../ports/payment-link-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { readPaymentLink, type PaymentLinkFields } from './payment-link-input.ts';

export interface PaymentLinkCreateInput extends PaymentLinkFields {
  /** Needed from a signed-in person; an API key knows its project. */
  readonly projectId?: string | null | undefined;
  readonly mode?: Mode | null | undefined;
  readonly title: string;
  readonly currency: string;
}

/** Makes a permanent link that anybody can pay any amount by, within its bounds (FEATURES D10). */
export type PaymentLinkCreate = (
  actor: Actor,
  input: PaymentLinkCreateInput,
) => Promise<Result<{ paymentLinkId: string }>>;

export interface PaymentLinkCreateDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly paymentLinks: Pick<PaymentLinkStore, 'create'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const paymentLinkCreate =
  ({ projects, paymentLinks, ids, clock, feed }: PaymentLinkCreateDeps): PaymentLinkCreate =>
  async (actor, input) => {
    for (;;) {
      const place = await projectPlace(projects, actor, 'invoice:write', input);
      if (!place.ok) return place;
      const { project, mode } = place.value;
      const { currency } = input;
      if (!isCurrencyCode(currency)) {
        return refuse('INVALID_INPUT', 'This is no known currency.', 'currency');
      }
      const read = readPaymentLink(input, { currency, minimumAmount: null, maximumAmount: null });
      if (!read.ok) return read;
      const barrier = newBarrier(project, mode);
      if (barrier !== null) return refuse('PROJECT_NOT_ACTIVE', barrier);
      const createdAt = clock.now();
      const link: NewPaymentLink = {
        title: input.title,
        description: null,
        minimumAmount: null,
        maximumAmount: null,
        returnUrl: null,
        ...read.value,
        id: ids.next(),
        merchantId: project.merchantId,
        projectId: project.id,
        mode,
        currency,
        createdAt,
      };
      const draft = paymentLinkEvent('payment_link.created', { ...link, disabledAt: null });
      const event = stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at: createdAt });
      if ((await paymentLinks.create(link, event)) === 'created') {
        feed.poke();
        return done({ paymentLinkId: link.id });
      }
      // The project was blocked or archived meanwhile: look again.
    }
  };
