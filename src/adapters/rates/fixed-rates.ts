import { scaleRate } from '../../domain/money/rate.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { Rates } from '../../usecases/ports/rates.ts';

/** US dollars for one whole unit. Made up for development; every quote says where its rate is from. */
const USD_PRICE: Readonly<Record<string, string>> = {
  BTC: '90000',
  LTC: '100',
  ETH: '3000',
  CRO: '0.1',
  USDC: '1',
  USDT: '1',
};

/** A fixed table for development and tests: it knows US dollars only. Production refuses it (configuration). */
export const createFixedRates = (clock: Clock): Rates => ({
  async rateOf(asset, currency) {
    const price = currency === 'USD' ? USD_PRICE[asset] : undefined;
    if (price === undefined) return null;
    return { scaled: scaleRate(price), source: 'fixed table for development', at: clock.now() };
  },
});

/** No source at all: only invoices priced in the asset itself can be quoted. */
export const noRates: Rates = { rateOf: async () => null };
