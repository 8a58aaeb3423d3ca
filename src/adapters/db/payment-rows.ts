import type { FeeSchedule } from '../../domain/fee/fee-schedule.ts';
import type { Balances } from '../../domain/ledger/balances.ts';
import { formatRate, scaleRate } from '../../domain/money/rate.ts';
import type { OwnPrice, Payment } from '../../domain/payment/payment.ts';
import { DEFAULT_POLICIES, type PaymentRules } from '../../domain/project/payment-rules.ts';
import { NO_FEES } from '../../domain/fee/fee-schedule.ts';

/** A number that came as text because JSON would round it. */
export type Exact<T, Keys extends keyof T> = Omit<T, Keys> & Readonly<Record<Keys, string>>;

type Amounts = 'amount' | 'credited' | 'held' | 'fee' | 'networkFee' | 'settled';

/** A payment as `PAYMENT_JSON` writes it. */
export type PaymentJson = Omit<Exact<Payment, Amounts>, 'price' | 'blockHeight' | 'orphanedAt'> & {
  readonly blockHeight: string | null;
  readonly orphanedAt: number | null;
  readonly rate: string | null;
  readonly rateSource: string | null;
  readonly rateAt: number | null;
  readonly settlementCurrency: string | null;
  readonly settlementRate: string | null;
};

export function toPayment(row: PaymentJson): Payment {
  const { rate } = row;
  return {
    id: row.id,
    quoteId: row.quoteId,
    network: row.network,
    txId: row.txId,
    outputIndex: row.outputIndex,
    asset: row.asset,
    status: row.status,
    exception: row.exception,
    blockHash: row.blockHash,
    confirmationsRequired: row.confirmationsRequired,
    sighting: row.sighting,
    heldReason: row.heldReason,
    decision: row.decision,
    settledCurrency: row.settledCurrency,
    amount: BigInt(row.amount),
    credited: BigInt(row.credited),
    held: BigInt(row.held),
    fee: BigInt(row.fee),
    networkFee: BigInt(row.networkFee),
    settled: BigInt(row.settled),
    blockHeight: row.blockHeight === null ? null : BigInt(row.blockHeight),
    orphanedAt: row.orphanedAt === null ? null : new Date(row.orphanedAt),
    price: rate === null ? null : ownPrice(rate, row),
  };
}

const ownPrice = (rate: string, row: PaymentJson): OwnPrice => ({
  rate: scaleRate(rate),
  source: row.rateSource ?? '',
  at: new Date(row.rateAt ?? 0),
  settlement: toSettlement(row),
});

export const toSettlement = (row: {
  readonly settlementCurrency: string | null;
  readonly settlementRate: string | null;
}) =>
  row.settlementCurrency !== null && row.settlementRate !== null
    ? { currency: row.settlementCurrency, rate: scaleRate(row.settlementRate) }
    : null;

/** The payments as the jsonb text that `writePayments` reads. */
export const paymentRows = (payments: readonly Payment[]): string =>
  exactJson(
    payments.map(({ price, ...payment }) => ({
      ...payment,
      rate: price ? formatRate(price.rate) : null,
      rateSource: price?.source ?? null,
      rateAt: price?.at ?? null,
      settlementCurrency: price?.settlement?.currency ?? null,
      settlementRate: price?.settlement ? formatRate(price.settlement.rate) : null,
    })),
  );

/** JSON with bigints as strings, which jsonb_to_recordset reads into numeric and bigint exactly. */
export const exactJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));

/** What `contextOf` selects. */
export interface ContextRow {
  rules: Omit<PaymentRules, 'underpaidAmount' | 'confirmations'> & {
    readonly underpaidAmount: string | null;
    readonly confirmations: Readonly<Record<string, number>> | null;
  };
  fees: {
    readonly basisPoints: number;
    readonly fixed: Readonly<Record<string, string>>;
    readonly network: Readonly<Record<string, string>>;
  } | null;
  balances: readonly { readonly kind: string; readonly asset: string; readonly balance: string }[];
}

/** What a change is computed by, as it stands in the database. */
export interface StoredContext {
  readonly rules: PaymentRules;
  readonly fees: FeeSchedule;
  readonly balances: Balances;
}

export const toContext = ({ rules, fees, balances }: ContextRow): StoredContext => ({
  rules: {
    ...rules,
    policies: { ...DEFAULT_POLICIES, ...rules.policies },
    underpaidAmount: rules.underpaidAmount === null ? null : BigInt(rules.underpaidAmount),
    confirmations: rules.confirmations ?? {},
  },
  fees: fees
    ? { basisPoints: fees.basisPoints, fixed: amountsOf(fees.fixed), network: amountsOf(fees.network) }
    : NO_FEES,
  balances: {
    available: (currency) => balanceOf(balances, 'AVAILABLE', currency),
    owed: (currency) => -balanceOf(balances, 'OWED', currency),
  },
});

const amountsOf = (texts: Readonly<Record<string, string>>): Record<string, bigint> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, BigInt(text)]));

const balanceOf = (balances: ContextRow['balances'], kind: string, asset: string): bigint =>
  BigInt(balances.find((a) => a.kind === kind && a.asset === asset)?.balance ?? 0);
