import { z } from 'zod';
import { parsePrice, type RateObservation } from '../../domain/money/rate-observation.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import { readExactJson } from './exact-json.ts';
import { ASSETS, FIAT } from './priced-currencies.ts';
import { RateSourceError, type RateSource } from './rate-source.ts';
import type { GetText } from './source-http.ts';

export interface CoinbaseOptions {
  readonly get: GetText;
  /** Without a slash at the end. */
  readonly apiRoot: string;
  readonly clock: Clock;
}

const answer = z.object({
  data: z.object({ currency: z.string(), rates: z.record(z.string(), z.string()) }),
});

/**
 * Coinbase's rates by `/v2/exchange-rates`, one request an asset. They carry no time of their own: they count as of the
 * moment they were asked for.
 */
export function createCoinbase({ get, apiRoot, clock }: CoinbaseOptions): RateSource {
  const ofAsset = async (base: string, at: Date, signal: AbortSignal): Promise<RateObservation[]> => {
    const text = await get(`${apiRoot}/v2/exchange-rates?currency=${base}`, signal).catch(unlessUnknown);
    if (text === null) return [];
    const { currency, rates } = readExactJson(text, answer).data;
    if (currency !== base) throw new RateSourceError(`answered ${base} with the rates of something else`);
    return FIAT.flatMap((quote) => {
      const price = parsePrice(rates[quote] ?? '');
      return price === null ? [] : [{ base, quote, price, at }];
    });
  };
  return {
    name: 'coinbase',
    kind: 'MARKET',
    async read(signal) {
      const at = clock.now();
      return (await Promise.all(ASSETS.map((base) => ofAsset(base, at, signal)))).flat();
    },
  };
}

/** An asset that Coinbase does not list is left out. */
function unlessUnknown(fault: unknown): null {
  if (fault instanceof RateSourceError && (fault.status === 400 || fault.status === 404)) return null;
  throw fault;
}
