import { EVENT_TYPES, type EventType } from './catalogue.ts';

const startingWith = (...subjects: readonly string[]): ReadonlySet<EventType> =>
  new Set(EVENT_TYPES.filter((type) => subjects.some((subject) => type.startsWith(`${subject}.`))));

/** What happens to a payment: every posting to a merchant's accounts is told by one of these. */
export const TRANSFER_EVENTS = startingWith('payment', 'deposit');

/** What the figures of invoices depend on. */
export const INVOICE_EVENTS = startingWith('invoice', 'payment');
