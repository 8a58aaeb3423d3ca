import type {
  AccountRef,
  LedgerAccountKind,
  LedgerEntry,
  PostingDraft,
  RefundStep,
} from '../ledger/entries.ts';
import { currencyOf } from '../money/currencies.ts';
import { divideDown, divideUp } from '../money/money.ts';
import { RATE_SCALE } from '../money/rate.ts';
import type { Refund, RefundAmounts } from './refund.ts';

/** What the amounts of a refund are computed from. Rates are of one whole unit of the asset, scaled by 10^18. */
export interface RefundTerms {
  readonly amount: bigint;
  readonly currency: string;
  readonly asset: string;
  readonly debitCurrency: string;
  readonly rate: bigint;
  readonly debitRate: bigint;
  readonly networkFee: bigint;
}

/**
 * The amounts of a refund at the rates of its moment. What the payer gets is rounded down, what the merchant gives is
 * rounded up: the gateway bears no part of it.
 */
export function refundAmounts(terms: RefundTerms): RefundAmounts {
  const { amount, currency, asset, debitCurrency, rate, debitRate, networkFee } = terms;
  const unit = (code: string): bigint => 10n ** BigInt(currencyOf(code).exponent);
  const assetAmount =
    asset === currency ? amount : divideDown(amount * RATE_SCALE * unit(asset), rate * unit(currency));
  const debitOf = (): bigint => {
    if (debitCurrency === asset) return assetAmount;
    if (debitCurrency === currency) return amount;
    return divideUp(assetAmount * debitRate * unit(debitCurrency), RATE_SCALE * unit(asset));
  };
  return { amount, assetAmount, debitAmount: debitOf(), networkFee };
}

/** What the payer gets. */
export const arrivesOf = ({ assetAmount, networkFee }: Pick<Refund, 'assetAmount' | 'networkFee'>): bigint =>
  assetAmount - networkFee;

type MoneyOf = Pick<Refund, 'id' | 'merchantId' | 'asset' | 'assetAmount' | 'debitCurrency' | 'debitAmount'>;

/** AVAILABLE − in the debit currency, by CONVERSION where it is another one, HELD + in the asset: it is set aside. */
export const debited = (refund: MoneyOf): LedgerEntry => entry(refund, 'DEBITED', 1n);

/** The same back: what was debited is available again, whatever the rate is by now. */
export const givenBack = (refund: MoneyOf): LedgerEntry => entry(refund, 'RETURNED', -1n);

function entry(refund: MoneyOf, kind: RefundStep, sign: 1n | -1n): LedgerEntry {
  const { id, merchantId, asset, assetAmount, debitCurrency, debitAmount } = refund;
  const account = (of: LedgerAccountKind, currency: string): AccountRef => ({
    kind: of,
    asset: currency,
    merchantId: of === 'CONVERSION' ? null : merchantId,
    network: null,
  });
  const converted: readonly PostingDraft[] =
    asset === debitCurrency
      ? []
      : [
          { account: account('CONVERSION', debitCurrency), amount: sign * debitAmount },
          { account: account('CONVERSION', asset), amount: -sign * assetAmount },
        ];
  return {
    sourceType: 'REFUND',
    sourceId: id,
    kind,
    postings: [
      { account: account('AVAILABLE', debitCurrency), amount: -sign * debitAmount },
      ...converted,
      { account: account('HELD', asset), amount: sign * assetAmount },
    ],
  };
}
