/** The invoice's state is a pair, status × exception (FEATURES D4, RULES 1). */

export type InvoiceStatus = 'CREATED' | 'PARTIAL' | 'CONFIRMING' | 'PAID' | 'OVERPAID' | 'CANCELED';

export type InvoiceException =
  | 'NONE'
  | 'EXPIRED'
  | 'CANCELLED'
  | 'PAID_LATE'
  | 'PAID_PARTIAL_ACCEPTED'
  | 'PAID_WITHIN_THRESHOLD';

export interface InvoiceState {
  readonly status: InvoiceStatus;
  readonly exception: InvoiceException;
}

/** Where each status may go. A payment that the chain takes away leads back, out of PAID as well (RULES 1, 5). */
const TRANSITIONS = {
  CREATED: ['PARTIAL', 'CONFIRMING', 'PAID', 'OVERPAID', 'CANCELED'],
  PARTIAL: ['CREATED', 'CONFIRMING', 'PAID', 'OVERPAID', 'CANCELED'],
  CONFIRMING: ['CREATED', 'PARTIAL', 'PAID', 'OVERPAID'],
  PAID: ['OVERPAID', 'CONFIRMING', 'PARTIAL', 'CREATED'],
  OVERPAID: ['PAID', 'CONFIRMING', 'PARTIAL', 'CREATED'],
  CANCELED: [],
} as const satisfies Record<InvoiceStatus, readonly InvoiceStatus[]>;

const leadsTo = (from: InvoiceStatus): readonly InvoiceStatus[] => TRANSITIONS[from];

/** Throws when the table has no such row: a use case computed what must not happen. */
export function assertTransition(from: InvoiceStatus, to: InvoiceStatus): void {
  if (from !== to && !leadsTo(from).includes(to)) throw new Error(`invoice cannot go from ${from} to ${to}`);
}

export const isPaid = (state: InvoiceState): boolean =>
  state.status === 'PAID' || state.status === 'OVERPAID';

/** Money that arrives now counts towards the invoice. */
export const canReceive = (state: InvoiceState): boolean => !isPaid(state) && state.status !== 'CANCELED';

/** Only an invoice that nothing has fully paid yet can be cancelled (FEATURES D9). */
export const canCancel = (state: InvoiceState): boolean => leadsTo(state.status).includes('CANCELED');

/** Expiry ends what is not fully covered; money already on its way is waited for. */
export const canExpire = (state: InvoiceState): boolean => canCancel(state);

/** A payer can still choose how to pay. */
export const canQuote = (state: InvoiceState): boolean => canCancel(state);

/** The merchant can take what was seen for the whole (FEATURES D5). */
export const canAccept = (state: InvoiceState): boolean => state.status === 'PARTIAL';
