import type { EventType } from '../event/catalogue.ts';
import type { EventData, EventDraft } from '../event/event.ts';
import { formatAmount } from '../money/money.ts';
import type { Payout } from './payout.ts';
import { bankPayoutDue } from './spend-events.ts';

/** An event of a payout, with enough to render any message; `more` is what this type of event tells besides. */
export const payoutEvent = (type: EventType, payout: Payout, more: EventData = {}): EventDraft => ({
  type,
  merchantId: payout.merchantId,
  projectId: payout.projectId,
  mode: payout.mode,
  subject: { type: 'PAYOUT', id: payout.id },
  data: { ...payoutData(payout), ...more },
});

/** What is told of a payout that has what it needs: to a bank account an operator sends it, so operators are called. */
export const queuedEvents = (payout: Payout): readonly EventDraft[] => [
  payoutEvent('payout.queued', payout),
  ...(payout.target.kind === 'FIAT' && payout.mode === 'LIVE' ? [bankPayoutDue(payout)] : []),
];

function payoutData({ id, status, origin, currency, target, sourceId, ...amounts }: Payout): EventData {
  const money = (minorUnits: bigint): string => formatAmount({ minorUnits, currency });
  return {
    payoutId: id,
    status,
    origin,
    currency,
    debited: money(amounts.debited),
    fee: money(amounts.fee),
    networkFee: money(amounts.networkFee),
    arrives: money(amounts.arrives),
    network: target.kind === 'CRYPTO' ? target.network : null,
    address: target.kind === 'CRYPTO' ? target.address : null,
    sourceId,
  };
}
