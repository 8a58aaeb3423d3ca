import type { CurrencyCode } from '../../domain/money/currencies.ts';
import { observedRates, type RateRules } from '../../domain/money/observed-rates.ts';
import { rateBook } from '../../domain/money/rate-book.ts';
import type { RateObservation } from '../../domain/money/rate-observation.ts';
import { scaleRate } from '../../domain/money/rate.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { Rates } from '../../usecases/ports/rates.ts';

/** US dollars for one whole unit. Made up for development, roughly of the right size; every quote says so. */
const IN_DOLLARS = {
  BTC: '90000',
  LTC: '100',
  ETH: '3000',
  CRO: '0.1',
  USDC: '1',
  USDT: '1',
} as const;

/** What one US dollar is worth. As made up. */
const OF_ONE_DOLLAR = {
  EUR: '0.9',
  AUD: '1.5',
  CAD: '1.4',
  GBP: '0.8',
  BGN: '1.8',
  BRL: '5.5',
  CHF: '0.8',
  CLP: '950',
  CNY: '7',
  COP: '4000',
  DKK: '6.7',
  HKD: '7.8',
  IDR: '16000',
  INR: '85',
  JPY: '150',
  KRW: '1400',
  MDL: '17',
  MOP: '8',
  MXN: '19',
  MYR: '4.2',
  NOK: '10',
  PHP: '57',
  RON: '4.5',
  RUB: '80',
  SAR: '3.75',
  SEK: '9.5',
  SGD: '1.3',
  THB: '33',
  TRY: '42',
  TWD: '32',
  UAH: '42',
  ZAR: '18',
} as const satisfies Record<Exclude<CurrencyCode, keyof typeof IN_DOLLARS | 'USD'>, string>;

const NAME = 'fixed table for development';
const RULES: RateRules = {
  method: 'priority',
  deviationPercent: 0,
  maxAgeSeconds: { MARKET: 60, REFERENCE: 60 },
};

function observations(at: Date): RateObservation[] {
  const prices = Object.entries(IN_DOLLARS).map(
    ([base, price]) => ({ base, quote: 'USD', price: scaleRate(price), at }) as const,
  );
  const fiat = Object.entries(OF_ONE_DOLLAR).map(
    ([quote, price]) => ({ base: 'USD', quote, price: scaleRate(price), at }) as const,
  );
  return [...prices, ...fiat];
}

/** A fixed table of all currencies for development and tests. Production refuses it (configuration). */
export const createFixedRates = (clock: Clock): Rates => ({
  async table() {
    const now = clock.now();
    return observedRates([rateBook(NAME, 'MARKET', observations(now))], RULES, now);
  },
});

/** No source at all: only invoices priced in the asset itself can be quoted. */
export const noRates: Rates = { table: async () => ({ rateOf: () => null }) };
