import { z } from 'zod';
import type { AssetCode } from '../../domain/money/currencies.ts';
import { parsePrice, type RateObservation } from '../../domain/money/rate-observation.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import { readExactJson } from './exact-json.ts';
import { RateSourceError, type RateSource } from './rate-source.ts';
import type { GetText } from './source-http.ts';

export interface KrakenOptions {
  readonly get: GetText;
  /** Without a slash at the end. */
  readonly apiRoot: string;
  readonly clock: Clock;
}

/** Kraken's names of an asset, the one to ask by first; its old ones begin with X for coins and Z for fiat. */
const ASSET_NAMES: Readonly<Record<AssetCode, readonly [string, ...string[]]>> = {
  BTC: ['XBT', 'XXBT'],
  LTC: ['LTC', 'XLTC'],
  ETH: ['ETH', 'XETH'],
  CRO: ['CRO'],
  USDC: ['USDC'],
  USDT: ['USDT'],
};
const FIAT_NAMES = { USD: ['USD', 'ZUSD'], EUR: ['EUR', 'ZEUR'] } as const;

interface Pair {
  readonly asked: string;
  /** What the answer may call it. */
  readonly names: readonly string[];
  readonly base: string;
  readonly quote: string;
}

const PAIRS: readonly Pair[] = Object.entries(ASSET_NAMES).flatMap(([base, bases]) =>
  Object.entries(FIAT_NAMES).map(([quote, quotes]) => ({
    asked: bases[0] + quotes[0],
    names: bases.flatMap((b) => quotes.map((q) => b + q)),
    base,
    quote,
  })),
);

/** Ask and bid, the price first. */
const side = z.tuple([z.string()]).rest(z.string());
const answer = z.object({
  /** Those that begin with E; the ones with W are warnings. */
  error: z.array(z.string()),
  result: z.record(z.string(), z.object({ a: side, b: side })).optional(),
});

const UNKNOWN_PAIR = 'EQuery:Unknown asset pair';
/** After this an unlisted pair is asked for again. */
const LEFT_OUT_MS = 24 * 3_600_000;

/** A market whose ask lies further above its bid than this has no price, in per cent. */
const MAX_SPREAD_PERCENT = 5n;

/**
 * Kraken's order book by `/0/public/Ticker`: the middle of best ask and best bid, in dollars and euros. It carries no
 * time of its own: it counts as of the moment it was asked for.
 */
export function createKraken({ get, apiRoot, clock }: KrakenOptions): RateSource {
  /** Kraken refuses the whole question for one pair that it does not list, without naming it: since when it is left out. */
  const unlisted = new Map<string, Date>();
  const isListed = ({ asked }: Pair, now: Date): boolean => {
    const since = unlisted.get(asked);
    return since === undefined || now.getTime() - since.getTime() > LEFT_OUT_MS;
  };
  const ask = async (pairs: readonly Pair[], at: Date, signal: AbortSignal): Promise<RateObservation[]> => {
    if (pairs.length === 0) return [];
    const asked = pairs.map((pair) => pair.asked).join(',');
    const { error, result } = readExactJson(
      await get(`${apiRoot}/0/public/Ticker?pair=${asked}`, signal),
      answer,
    );
    const errors = error.filter((text) => text.startsWith('E'));
    if (errors.includes(UNKNOWN_PAIR)) {
      if (pairs.length === 1) {
        unlisted.set(asked, at);
        return [];
      }
      const half = pairs.length >> 1;
      return [
        ...(await ask(pairs.slice(0, half), at, signal)),
        ...(await ask(pairs.slice(half), at, signal)),
      ];
    }
    if (errors.length > 0) throw new RateSourceError('answered with an error of its own');
    return pairs.flatMap((pair) => ofPair(pair, result ?? {}, at));
  };
  return {
    name: 'kraken',
    kind: 'MARKET',
    async read(signal) {
      const at = clock.now();
      const listed = PAIRS.filter((pair) => isListed(pair, at));
      // Were all of them refused, the fault is not in their names.
      return ask(listed.length > 0 ? listed : PAIRS, at, signal);
    },
  };
}

type Tickers = NonNullable<z.infer<typeof answer>['result']>;

function ofPair({ names, base, quote }: Pair, tickers: Tickers, at: Date): RateObservation[] {
  const ticker = names.map((name) => tickers[name]).find((found) => found !== undefined);
  const [ask, bid] = [parsePrice(ticker?.a[0] ?? ''), parsePrice(ticker?.b[0] ?? '')];
  if (ask === null || bid === null || ask < bid) return [];
  if ((ask - bid) * 100n > bid * MAX_SPREAD_PERCENT) return [];
  return [{ base, quote, price: (ask + bid) / 2n, at }];
}
