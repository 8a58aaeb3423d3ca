import type { EventDraft } from '../event/event.ts';
import { formatAmount } from '../money/money.ts';
import { percentOf } from '../project/payment-rules.ts';
import type { PayoutFees } from '../payout/payout-terms.ts';
import { keptScope, type FeeScope } from './fee-scope.ts';

/** What the gateway takes was changed; null for a schedule that was removed, so that a wider one holds. */
export const feeScheduleEvent = (id: string, scope: FeeScope, schedule: PayoutFees | null): EventDraft => ({
  type: 'fee_schedule.changed',
  ...keptScope(scope),
  mode: null,
  subject: { type: 'FEE_SCHEDULE', id },
  data: {
    scope: scope.of,
    removed: schedule === null,
    percent: schedule && percentOf(schedule.basisPoints),
    fixed: schedule && inWords(schedule.fixed),
    network: schedule && inWords(schedule.network),
    payoutMinimums: schedule && inWords(schedule.payoutMinimums),
  },
});

/** Such as `0.50 USDT, 0.001 ETH/ETHEREUM`: amounts by asset or by way. */
const inWords = (amounts: Readonly<Record<string, bigint>>): string =>
  Object.entries(amounts)
    .map(([name, minorUnits]) => `${formatAmount({ minorUnits, currency: assetOf(name) })} ${name}`)
    .join(', ');

const assetOf = (name: string): string => name.split('/')[0] ?? name;
