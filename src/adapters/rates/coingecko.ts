import { z } from 'zod';
import type { AssetCode } from '../../domain/money/currencies.ts';
import { parsePrice, type RateObservation } from '../../domain/money/rate-observation.ts';
import { readExactJson } from './exact-json.ts';
import { FIAT } from './priced-currencies.ts';
import type { RateSource } from './rate-source.ts';
import type { GetText } from './source-http.ts';

export interface CoinGeckoOptions {
  readonly get: GetText;
  /** Without a slash at the end: https://api.coingecko.com, or https://pro-api.coingecko.com with a paid key. */
  readonly apiRoot: string;
  readonly apiKey: string | null;
}

const IDS: Readonly<Record<AssetCode, string>> = {
  BTC: 'bitcoin',
  LTC: 'litecoin',
  ETH: 'ethereum',
  CRO: 'crypto-com-chain',
  USDC: 'usd-coin',
  USDT: 'tether',
};

/** By coin id: prices by currency in small letters, and `last_updated_at` in seconds since 1970. */
const answer = z.record(z.string(), z.record(z.string(), z.string().nullable()));

/** CoinGecko's average over many exchanges, by `/simple/price` of its API v3. */
export function createCoinGecko({ get, apiRoot, apiKey }: CoinGeckoOptions): RateSource {
  const query = new URLSearchParams({
    ids: Object.values(IDS).join(','),
    vs_currencies: FIAT.join(',').toLowerCase(),
    include_last_updated_at: 'true',
    precision: 'full',
  });
  const header = new URL(apiRoot).hostname.startsWith('pro-') ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key';
  const headers = apiKey === null ? {} : { [header]: apiKey };
  return {
    name: 'coingecko',
    kind: 'MARKET',
    async read(signal) {
      const prices = readExactJson(
        await get(`${apiRoot}/api/v3/simple/price?${query}`, signal, headers),
        answer,
      );
      return Object.entries(IDS).flatMap(([base, id]) => ofCoin(base, prices[id] ?? {}));
    },
  };
}

/** A price without its time is none: nobody could say when it is stale. */
function ofCoin(base: string, prices: Readonly<Record<string, string | null>>): RateObservation[] {
  const updated = prices['last_updated_at'];
  if (!updated || !/^\d{1,11}$/.test(updated)) return [];
  const at = new Date(Number(updated) * 1_000);
  return FIAT.flatMap((quote) => {
    const price = parsePrice(prices[quote.toLowerCase()] ?? '');
    return price === null ? [] : [{ base, quote, price, at }];
  });
}
