import type { EventType } from '../event/catalogue.ts';
import type { EventData, EventDraft } from '../event/event.ts';

/** A permanent link that takes any amount within its bounds; each payer gets an invoice of the own (FEATURES D10). */
export interface PaymentLink {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly title: string;
  readonly description: string | null;
  readonly currency: string;
  /** In the currency's smallest unit, like maximumAmount; null for no bound. */
  readonly minimumAmount: bigint | null;
  readonly maximumAmount: bigint | null;
  readonly returnUrl: string | null;
  /** It takes nothing new from then on; null while it does. */
  readonly disabledAt: Date | null;
}

type Bounds = Pick<PaymentLink, 'minimumAmount' | 'maximumAmount'>;

/** Whether some amount fits. */
export const areBounds = ({ minimumAmount, maximumAmount }: Bounds): boolean =>
  minimumAmount === null || maximumAmount === null || minimumAmount <= maximumAmount;

export const isWithin = ({ minimumAmount, maximumAmount }: Bounds, amount: bigint): boolean =>
  (minimumAmount === null || amount >= minimumAmount) && (maximumAmount === null || amount <= maximumAmount);

/** An event of a link; `more` is what this type of event tells besides. */
export const paymentLinkEvent = (type: EventType, link: PaymentLink, more: EventData = {}): EventDraft => ({
  type,
  merchantId: link.merchantId,
  projectId: link.projectId,
  mode: link.mode,
  subject: { type: 'PAYMENT_LINK', id: link.id },
  data: { paymentLinkId: link.id, title: link.title, currency: link.currency, ...more },
});
