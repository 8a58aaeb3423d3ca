import type { FeeSchedule } from '../../../src/domain/fee/fee-schedule.ts';
import { NO_FEES } from '../../../src/domain/fee/fee-schedule.ts';
import type { ChangeContext } from '../../../src/domain/invoice/invoice-change.ts';
import type { Balances } from '../../../src/domain/ledger/balances.ts';
import type { PostingDraft } from '../../../src/domain/ledger/entries.ts';
import { scaleRate } from '../../../src/domain/money/rate.ts';
import type { Payment } from '../../../src/domain/payment/payment.ts';
import { DEFAULT_POLICIES } from '../../../src/domain/project/payment-rules.ts';
import {
  changeDeposit,
  type Deposit,
  type DepositAction,
  type DepositChange,
} from '../../../src/domain/static-wallet/deposit-change.ts';
import type { StaticWallet, StaticWalletStatus } from '../../../src/domain/static-wallet/static-wallet.ts';

export const NOW = new Date('2026-01-01T00:00:00Z');

/** What goes on around the deposit. */
export interface Weather {
  readonly status: StaticWalletStatus;
  readonly settlementCurrency: string | null;
  /** Price of one USDT in EUR, a decimal; null when there is no fresh one. */
  readonly euro: string | null;
  readonly fees: FeeSchedule;
}

export const FAIR: Weather = { status: 'ACTIVE', settlementCurrency: null, euro: '0.9', fees: NO_FEES };

/** One thing that happens, in its weather. */
export interface Happening {
  readonly action: DepositAction;
  readonly weather: Weather;
}

export const walletIn = ({ status }: Pick<Weather, 'status'>): StaticWallet => ({
  id: 'wallet',
  merchantId: 'merchant',
  projectId: 'project',
  mode: 'LIVE',
  network: 'ETHEREUM',
  customerRef: 'customer-1',
  address: '0x1',
  status,
});

export const contextIn = (
  { settlementCurrency, euro, fees }: Weather,
  balances: Balances,
): ChangeContext => ({
  now: NOW,
  fees,
  balances,
  rates: {
    rateOf: (asset, currency) =>
      asset === 'USDT' && currency === 'EUR' && euro !== null
        ? { scaled: scaleRate(euro), source: 'test', at: NOW }
        : null,
  },
  rules: {
    underpaidAmount: null,
    underpaidCurrency: null,
    underpaidBasisPoints: 0,
    policies: DEFAULT_POLICIES,
    monitoringSeconds: 86_400,
    rateLockSeconds: 900,
    rateSpreadBasisPoints: 0,
    settlementCurrency,
    networkFeePayer: 'MERCHANT',
    confirmations: {},
  },
});

export const seen = (blockHash: string | null, amount = 100_000_000n): DepositAction => ({
  type: 'TRANSFER_SEEN',
  transfer: {
    id: 'payment',
    network: 'ETHEREUM',
    txId: '0xa',
    outputIndex: 0,
    asset: 'USDT',
    amount,
    blockHeight: blockHash === null ? null : 1n,
    blockHash,
    at: NOW,
    confirmationsRequired: 12,
  },
});
export const confirmed = (blockHash: string | null): DepositAction => ({
  type: 'PAYMENT_CONFIRMED',
  paymentId: 'payment',
  blockHash,
});
export const orphaned = (blockHash: string | null): DepositAction => ({
  type: 'PAYMENT_ORPHANED',
  paymentId: 'payment',
  blockHash,
});
export const resolved = (resolution: 'CREDIT' | 'REBOUND'): DepositAction => ({
  type: 'RESOLVE',
  paymentId: 'payment',
  resolution,
});

export interface Run {
  readonly payment: Payment | null;
  readonly changes: readonly DepositChange[];
  /** By account and currency, such as `AVAILABLE USDT`. */
  readonly balances: ReadonlyMap<string, bigint>;
}

const START: Run = { payment: null, changes: [], balances: new Map() };

/** The deposit after what happened, and the ledger as the store would have it. Plain actions happen in fair weather. */
export const run = (happenings: readonly (Happening | DepositAction)[], start = START): Run =>
  happenings.reduce<Run>((before, one) => {
    const { action, weather } = 'action' in one ? one : { action: one, weather: FAIR };
    const change = changeDeposit(depositIn(before, weather), [action], contextOf(before, weather));
    if (!change) return before;
    const postings = change.entries.flatMap((entry) => entry.postings);
    return {
      payment: change.payment,
      changes: [...before.changes, change],
      balances: added(before.balances, postings),
    };
  }, start);

export const depositIn = ({ payment }: Run, weather: Weather): Deposit => ({
  wallet: walletIn(weather),
  payment,
});

export const contextOf = ({ balances }: Run, weather: Weather): ChangeContext =>
  contextIn(weather, {
    available: (currency) => balances.get(`AVAILABLE ${currency}`) ?? 0n,
    owed: (currency) => -(balances.get(`OWED ${currency}`) ?? 0n),
  });

function added(balances: Run['balances'], postings: readonly PostingDraft[]): Run['balances'] {
  const sums = new Map(balances);
  for (const { account, amount } of postings) {
    const key = `${account.kind} ${account.asset}`;
    sums.set(key, (sums.get(key) ?? 0n) + amount);
  }
  return sums;
}

/** The balances that are not zero. */
export const left = ({ balances }: Run): Record<string, bigint> =>
  Object.fromEntries([...balances].filter(([, amount]) => amount !== 0n));
export const told = ({ changes }: Run): string[] =>
  changes.flatMap((change) => change.events.map((event) => event.type));
export const booked = ({ changes }: Run): string[] =>
  changes.flatMap((change) => change.entries.map((entry) => `${entry.sourceId} ${entry.kind}`));
