import type { EventType } from '../event/catalogue.ts';
import type { EventData, EventDraft } from '../event/event.ts';
import { formatAmount } from '../money/money.ts';
import { formatRate } from '../money/rate.ts';
import { arrivesOf } from './refund-money.ts';
import type { Refund } from './refund.ts';

/** An event of a refund, with enough to render any message; `more` is what this type of event tells besides. */
export const refundEvent = (type: EventType, refund: Refund, more: EventData = {}): EventDraft => ({
  type,
  merchantId: refund.merchantId,
  projectId: refund.projectId,
  mode: refund.mode,
  subject: { type: 'REFUND', id: refund.id },
  data: { ...refundData(refund), ...more },
});

function refundData(refund: Refund): EventData {
  const { currency, debitCurrency, asset } = refund;
  return {
    refundId: refund.id,
    invoiceId: refund.invoiceId,
    orderId: refund.orderId,
    status: refund.status,
    reason: refund.reason,
    amount: formatAmount({ minorUnits: refund.amount, currency }),
    currency,
    debitAmount: formatAmount({ minorUnits: refund.debitAmount, currency: debitCurrency }),
    debitCurrency,
    asset,
    network: refund.network,
    networkFee: formatAmount({ minorUnits: refund.networkFee, currency: asset }),
    arrives: formatAmount({ minorUnits: arrivesOf(refund), currency: asset }),
    rate: formatRate(refund.rate),
    rateSource: refund.rateSource,
    address: refund.address,
    subMerchantId: refund.subMerchantId,
  };
}
