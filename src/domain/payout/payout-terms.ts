import { termsOf, type FeeSchedule } from '../fee/fee-schedule.ts';
import type { PayoutAmounts } from './payout.ts';

/** The least that may be paid out where no operator says otherwise, by currency, in its smallest unit (FEATURES F1). */
const USUAL_MINIMUMS: Readonly<Record<string, bigint>> = {
  BTC: 1_000_000n,
  ETH: 100_000_000_000_000_000n,
  CRO: 500_000_000_000_000_000_000n,
  USDC: 100_000_000n,
  USD: 10_000n,
  EUR: 13_000n,
  AUD: 15_000n,
};

/** What a schedule says of payouts. */
export type PayoutFees = FeeSchedule & {
  /** By currency, in its smallest unit: the least that may be paid out. */
  readonly payoutMinimums: Readonly<Record<string, bigint>>;
};

/** The least that may be paid out, by currency; of others anything that arrives. */
export const payoutMinimums = ({
  payoutMinimums: set,
}: Pick<PayoutFees, 'payoutMinimums'>): Readonly<Record<string, bigint>> => ({ ...USUAL_MINIMUMS, ...set });

/** Whether the fees come off the amount that was asked for, or on top of it. */
export type FeesFrom = 'AMOUNT' | 'BALANCE';

/**
 * The parts of a payout of this amount. With AMOUNT it is what leaves the balance, with BALANCE what arrives. `arrives`
 * may be zero or less where the fees are more than the amount: nobody is to be sent that.
 */
export function payoutAmounts(
  amount: bigint,
  way: { readonly asset: string; readonly network: string } | null,
  currency: string,
  fees: FeeSchedule,
  from: FeesFrom,
): PayoutAmounts {
  const { fixedFee: fee, networkFee } = way
    ? termsOf(fees, way, null)
    : { fixedFee: fees.fixed[currency] ?? 0n, networkFee: 0n };
  const all = fee + networkFee;
  return from === 'AMOUNT'
    ? { debited: amount, fee, networkFee, arrives: amount - all }
    : { debited: amount + all, fee, networkFee, arrives: amount };
}
