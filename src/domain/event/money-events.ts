import { EVENT_TYPES, type EventType } from './catalogue.ts';

const startingWith = (...subjects: readonly string[]): ReadonlySet<EventType> =>
  new Set(EVENT_TYPES.filter((type) => subjects.some((subject) => type.startsWith(`${subject}.`))));

/** What happens to a payment. */
export const TRANSFER_EVENTS = startingWith('payment', 'deposit');
export const PAYOUT_EVENTS = startingWith('payout');
export const REFUND_EVENTS = startingWith('refund');
export const REBOUND_EVENTS = startingWith('rebound');

/** Every posting to a merchant's accounts is told by one of these. */
export const BALANCE_EVENTS = startingWith('payment', 'deposit', 'payout', 'refund', 'rebound');

/** What the figures of invoices depend on. */
export const INVOICE_EVENTS = startingWith('invoice', 'payment');
