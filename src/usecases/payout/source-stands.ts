import { isSeen, type Payment } from '../../domain/payment/payment.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { capturedOf, isCovered } from '../../domain/refund/refund-limits.ts';
import type { DepositStore } from '../ports/deposit-store.ts';
import type { InvoiceStore } from '../ports/invoice-store.ts';
import type { ReboundStore } from '../ports/rebound-store.ts';
import type { RefundStore } from '../ports/refund-store.ts';

/**
 * Whether what a payout gives back was received, and still is: the chain may have taken the payment back since. True for a
 * payout that gives nothing back.
 */
export type SourceStands = (payout: Payout) => Promise<boolean>;

export interface SourceStandsDeps {
  readonly refunds: Pick<RefundStore, 'byId' | 'standingOf'>;
  readonly rebounds: Pick<ReboundStore, 'byId'>;
  readonly invoices: Pick<InvoiceStore, 'snapshot' | 'snapshotOfPayment'>;
  readonly deposits: Pick<DepositStore, 'snapshot'>;
}

export const sourceStands =
  (deps: SourceStandsDeps): SourceStands =>
  async ({ origin, sourceId }) => {
    if (sourceId === null) return true;
    if (origin === 'REFUND') {
      const refund = await deps.refunds.byId(sourceId);
      return refund !== null && (await refundStands(deps, refund));
    }
    if (origin === 'REBOUND') {
      const rebound = await deps.rebounds.byId(sourceId);
      const payment = rebound && (await paymentOf(deps, rebound.paymentId));
      return rebound?.status === 'WITHDRAW_REQUESTED' && payment !== null && isToGoBack(payment);
    }
    return true;
  };

/** Whether what was captured still covers this refund; refunds that were made before it come first. */
export async function refundStands(
  {
    refunds,
    invoices,
  }: {
    readonly refunds: Pick<RefundStore, 'standingOf'>;
    readonly invoices: Pick<InvoiceStore, 'snapshot'>;
  },
  { id, invoiceId }: { readonly id: string; readonly invoiceId: string },
): Promise<boolean> {
  const standing = await refunds.standingOf(invoiceId);
  const snapshot = await invoices.snapshot(invoiceId);
  return snapshot !== null && isCovered(id, standing, capturedOf(snapshot.invoice));
}

/** Null when there is no such payment or deposit. */
export async function paymentOf(
  {
    invoices,
    deposits,
  }: Pick<SourceStandsDeps, 'deposits'> & {
    readonly invoices: Pick<InvoiceStore, 'snapshotOfPayment'>;
  },
  paymentId: string,
): Promise<Payment | null> {
  const snapshot = await invoices.snapshotOfPayment(paymentId);
  if (snapshot) return snapshot.invoice.payments.find(({ id }) => id === paymentId) ?? null;
  return (await deposits.snapshot({ paymentId }))?.payment ?? null;
}

/** Its money is held, and decided to go back to its payer. */
export const isToGoBack = (payment: Payment): boolean => isSeen(payment) && payment.decision === 'REBOUNDED';
