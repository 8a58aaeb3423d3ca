import type { EventType } from '../event/catalogue.ts';
import type { EventData, EventDraft } from '../event/event.ts';
import { formatAmount } from '../money/money.ts';
import { arrivesOf, type Rebound } from './rebound.ts';

/** An event of a rebound, with enough to render any message; `more` is what this type of event tells besides. */
export const reboundEvent = (type: EventType, rebound: Rebound, more: EventData = {}): EventDraft => ({
  type,
  merchantId: rebound.merchantId,
  projectId: rebound.projectId,
  mode: rebound.mode,
  subject: { type: 'REBOUND', id: rebound.id },
  data: { ...reboundData(rebound), ...more },
});

function reboundData(rebound: Rebound): EventData {
  const { asset } = rebound;
  const money = (minorUnits: bigint): string => formatAmount({ minorUnits, currency: asset });
  return {
    reboundId: rebound.id,
    paymentId: rebound.paymentId,
    invoiceId: rebound.invoiceId,
    orderId: rebound.orderId,
    status: rebound.status,
    heldReason: rebound.reason,
    asset,
    network: rebound.network,
    amount: money(rebound.amount),
    networkFee: money(rebound.networkFee),
    arrives: money(arrivesOf(rebound)),
    address: rebound.address,
  };
}
