import type { Settlement } from '../payment/payment.ts';
import { wayOf } from '../project/payment-rules.ts';

/** What the gateway takes of what it credits; set by the operator, for itself, a merchant or a project. */
export interface FeeSchedule {
  /** Hundredths of a per cent of what is credited. */
  readonly basisPoints: number;
  /** By asset, in its smallest unit: taken once a payment. */
  readonly fixed: Readonly<Record<string, bigint>>;
  /** By way (`USDT/ETHEREUM`), in the asset's smallest unit: what sending the money on costs, taken once a payment. */
  readonly network: Readonly<Record<string, bigint>>;
}

export const NO_FEES: FeeSchedule = { basisPoints: 0, fixed: {}, network: {} };

/** Amounts by name as they are kept: as text, because they are larger than JSON's numbers. */
export const keptAmounts = (kept: unknown): Readonly<Record<string, bigint>> =>
  Object.fromEntries(
    Object.entries(typeof kept === 'object' && kept !== null ? kept : {}).flatMap(
      ([name, amount]: [string, unknown]) => (typeof amount === 'string' ? [[name, BigInt(amount)]] : []),
    ),
  );

/** On which terms money of one way is credited. Amounts are in the asset's smallest unit. */
export interface CreditTerms {
  readonly feeBasisPoints: number;
  readonly fixedFee: bigint;
  readonly networkFee: bigint;
  /** Null when the asset itself is credited. */
  readonly settlement: Settlement | null;
}

/** The terms of a schedule for an asset on a network. */
export const termsOf = (
  schedule: FeeSchedule,
  way: { readonly asset: string; readonly network: string },
  settlement: Settlement | null,
): CreditTerms => ({
  feeBasisPoints: schedule.basisPoints,
  fixedFee: schedule.fixed[way.asset] ?? 0n,
  networkFee: schedule.network[wayOf(way)] ?? 0n,
  settlement,
});

/** The parts of an amount that is credited; `fee`, `networkFee` and `net` sum to it. */
export interface Fees {
  readonly fee: bigint;
  readonly networkFee: bigint;
  readonly net: bigint;
}

const BASIS_POINTS = 10_000n;

/**
 * What is taken of an amount: the percentage rounded down, and on the first part of a payment the fixed and the
 * network fee. Never more than there is; the network fee gives way first, then the fixed one.
 */
export function feesOf(amount: bigint, terms: CreditTerms, isFirstPart: boolean): Fees {
  const percentage = (amount * BigInt(terms.feeBasisPoints)) / BASIS_POINTS;
  const fixed = isFirstPart ? smaller(terms.fixedFee, amount - percentage) : 0n;
  const fee = percentage + fixed;
  const networkFee = isFirstPart ? smaller(terms.networkFee, amount - fee) : 0n;
  return { fee, networkFee, net: amount - fee - networkFee };
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
