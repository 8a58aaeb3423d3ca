import type { EventType } from './catalogue.ts';

/** The events of payments as webhooks name them (FEATURES W4), where "payment" is what is an invoice here. */
const WEBHOOK_TYPES: Readonly<Partial<Record<EventType, `payment.${string}`>>> = {
  'invoice.created': 'payment.created',
  'invoice.confirming': 'payment.fulfill',
  'invoice.paid': 'payment.captured',
  'invoice.overpaid': 'payment.captured',
};

/** The name of an event in webhooks; null for one that they do not tell. */
export const webhookTypeOf = (type: EventType): string | null => WEBHOOK_TYPES[type] ?? null;
