import type { ChangeContext } from '../../../src/domain/invoice/invoice-change.ts';
import type { QuoteTerms } from '../../../src/domain/invoice/invoice.ts';

/** Digits after the point, as the model knows them. */
const DIGITS: Readonly<Record<string, number>> = {
  USD: 2,
  JPY: 0,
  USDT: 6,
  USDC: 6,
  BTC: 8,
  LTC: 8,
  ETH: 18,
};

const unit = (currency: string): bigint => 10n ** BigInt(DIGITS[currency] ?? NaN);

export interface PriceNow {
  readonly rate: bigint;
  readonly settlement: { readonly currency: string; readonly rate: bigint } | null;
}

/** Rounded down: the payer must reach the price. */
export const worthByQuote = (sent: bigint, quote: Pick<QuoteTerms, 'price' | 'amount'>): bigint =>
  (sent * quote.price) / quote.amount;

/** A rate is the price of one whole unit, with 18 digits. */
export const worthByRate = (amount: bigint, from: string, to: string, rate: bigint): bigint =>
  (amount * rate * unit(to)) / (unit(from) * 10n ** 18n);

type Rates = Pick<ChangeContext, 'rates' | 'rules' | 'now'>;

/** The rate of the moment with the project's spread taken off; an asset in itself has neither. */
function rateNow(from: string, to: string, { rates, rules }: Rates): bigint | null {
  if (from === to) return 10n ** 18n;
  const rate = rates.rateOf(from, to);
  return rate && (rate.scaled * BigInt(10_000 - rules.rateSpreadBasisPoints)) / 10_000n;
}

/** What an asset is converted to at this moment (FEATURES E6). */
export function settlementNow(asset: string, now: Rates): PriceNow['settlement'] | 'NO_RATE' {
  const currency = now.rules.settlementCurrency;
  if (currency === null || currency === asset) return null;
  const rate = rateNow(asset, currency, now);
  return rate === null ? 'NO_RATE' : { currency, rate };
}

/** A price of its own needs every rate that it takes. */
export function priceNow(asset: string, currency: string, now: Rates): PriceNow | null {
  const rate = rateNow(asset, currency, now);
  const settlement = settlementNow(asset, now);
  return rate === null || settlement === 'NO_RATE' ? null : { rate, settlement };
}

interface Terms {
  readonly feeBasisPoints: number;
  readonly fixedFee: bigint;
  readonly networkFee: bigint;
}

/** Fees are taken one after another, as long as there is something left. */
export function feeParts(part: bigint, terms: Terms, isFurtherPart: boolean) {
  let left = part;
  const take = (wanted: bigint): bigint => {
    const taken = wanted < left ? wanted : left;
    left -= taken;
    return taken;
  };
  const share = take((part * BigInt(terms.feeBasisPoints)) / 10_000n);
  const fixed = take(isFurtherPart ? 0n : terms.fixedFee);
  const networkFee = take(isFurtherPart ? 0n : terms.networkFee);
  return { fee: share + fixed, networkFee, net: left };
}
