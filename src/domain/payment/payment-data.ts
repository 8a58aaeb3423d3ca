import type { EventData } from '../event/event.ts';
import { formatAmount } from '../money/money.ts';
import type { Payment } from './payment.ts';

/** What every event of a payment tells of it. */
export function paymentData(payment: Payment): EventData {
  const { asset, settledCurrency } = payment;
  const inAsset = (minorUnits: bigint): string => formatAmount({ minorUnits, currency: asset });
  return {
    paymentId: payment.id,
    network: payment.network,
    asset,
    received: inAsset(payment.amount),
    txId: payment.txId,
    paymentStatus: payment.status,
    paymentException: payment.exception,
    held: inAsset(payment.held),
    heldReason: payment.heldReason,
    fee: inAsset(payment.fee),
    networkFee: inAsset(payment.networkFee),
    credited: settledCurrency
      ? formatAmount({ minorUnits: payment.settled, currency: settledCurrency })
      : null,
    creditedCurrency: settledCurrency,
  };
}
