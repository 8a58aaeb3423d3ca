import { currencyOf, isCurrencyCode } from './currencies.ts';
import { agree, type Agreed, type Agreement, type RateMethod, type View } from './rate-agreement.ts';
import { crossed, type RateBook, type Sighting } from './rate-book.ts';
import { MAX_SCALED_RATE, type RateSourceKind } from './rate-observation.ts';
import type { RateTable } from './rate-table.ts';
import { RATE_SCALE, type Rate } from './rate.ts';

export interface RateRules {
  readonly method: RateMethod;
  /** How far sources may lie apart, in whole per cent. */
  readonly deviationPercent: number;
  /** What is older is not used, by kind of source. */
  readonly maxAgeSeconds: Readonly<Record<RateSourceKind, number>>;
}

/** The sources at a moment, in the order of trust. */
interface Sources {
  readonly books: readonly RateBook[];
  readonly rules: RateRules;
  readonly now: Date;
}

/** How far the clock of a source may be ahead of ours. */
const MAX_AHEAD_MS = 60_000;
/** What a source's own prices are crossed over where it does not price a pair itself. */
const OWN_PIVOTS = ['USD', 'EUR', 'BTC'] as const;
/** What its prices are crossed over with the fiat rates of others. */
const FIAT_PIVOTS = ['USD', 'EUR'] as const;

/** Whether what was seen then may be used now. */
export function isFresh(at: Date, kind: RateSourceKind, { maxAgeSeconds }: RateRules, now: Date): boolean {
  const age = now.getTime() - at.getTime();
  return age >= -MAX_AHEAD_MS && age <= maxAgeSeconds[kind] * 1_000;
}

/**
 * The rates that sources make together at a moment (FEATURES D14); the books stand in the order of trust.
 *
 * Each market source prices a pair by itself: directly, the other way round, or over a third currency of its own. Where
 * fewer than two do (with `priority`: none), the others join by crossing their dollar or euro price with a fiat rate,
 * of reference sources first. `agree` makes one of them. Nothing is guessed: a stale, missing or disputed rate is null.
 * All of it is exact and rounded down once at the end, so that what a payer is asked for is never too little.
 */
export function observedRates(books: readonly RateBook[], rules: RateRules, now: Date): RateTable {
  const sources: Sources = { books, rules, now };
  return {
    rateOf(asset, currency) {
      if (asset === currency || !isCurrencyCode(asset) || !isCurrencyCode(currency)) return null;
      const agreement = isFiat(asset) && isFiat(currency) ? ofFiat : ofMarket;
      const found = agreement(sources, asset, currency);
      return typeof found === 'string' ? null : rounded(found, now);
    },
  };
}

const isFiat = (code: string): boolean => currencyOf(code).kind === 'FIAT';

const booksOf = ({ books }: Sources, kind: RateSourceKind): readonly RateBook[] =>
  books.filter((book) => book.kind === kind);

const viewsOf = (books: readonly RateBook[], view: (book: RateBook) => View | null): View[] =>
  books.map(view).filter((found) => found !== null);

/** Of two fiat currencies: by reference sources, and where none knows them by what markets make of them. */
function ofFiat(sources: Sources, base: string, quote: string): Agreement {
  const reference = viewsOf(booksOf(sources, 'REFERENCE'), (book) => own(sources, book, base, quote));
  if (reference.length > 0) return agree(reference, sources.rules);
  return agree(
    viewsOf(booksOf(sources, 'MARKET'), (book) => own(sources, book, base, quote)),
    sources.rules,
  );
}

function ofMarket(sources: Sources, base: string, quote: string): Agreement {
  const agreement = ofOneMarket(sources, base, quote);
  if (agreement !== 'NONE') return agreement;
  // One source may know only the one asset, and another only the other.
  for (const pivot of FIAT_PIVOTS) {
    const [left, right] = [ofOneMarket(sources, base, pivot), ofOneMarket(sources, pivot, quote)];
    if (typeof left === 'string' || typeof right === 'string') continue;
    const by = left.by === right.by ? left.by : `${left.by} and ${right.by}`;
    return { ...crossed(left, right), by, crosses: [...new Set([...left.crosses, ...right.crosses])] };
  }
  return 'NONE';
}

/** What market sources make of a pair, each for itself. */
function ofOneMarket(sources: Sources, base: string, quote: string): Agreement {
  if (isFiat(base) && isFiat(quote)) return 'NONE';
  const markets = booksOf(sources, 'MARKET');
  const direct = viewsOf(markets, (book) => own(sources, book, base, quote));
  const enough = sources.rules.method === 'median' ? 2 : 1;
  if (direct.length >= enough) return agree(direct, sources.rules);
  const all = viewsOf(
    markets,
    (book) => own(sources, book, base, quote) ?? withFiat(sources, book, base, quote),
  );
  return agree(all, sources.rules);
}

/** A source's own price of a pair. */
function own(sources: Sources, book: RateBook, base: string, quote: string): View | null {
  const fresh = (a: string, b: string): Sighting | null => {
    const sighting = book.sighting(a, b);
    return sighting && isFresh(sighting.at, book.kind, sources.rules, sources.now) ? sighting : null;
  };
  const view = (sighting: Sighting): View => ({ ...sighting, source: book.source, crosses: [] });
  const direct = fresh(base, quote);
  if (direct) return view(direct);
  for (const pivot of OWN_PIVOTS) {
    const [left, right] = [fresh(base, pivot), fresh(pivot, quote)];
    if (left && right) return view(crossed(left, right));
  }
  return null;
}

/** A source's dollar or euro price of an asset, crossed with the fiat rate of others. */
function withFiat(sources: Sources, book: RateBook, base: string, quote: string): View | null {
  if (!isFiat(base) && !isFiat(quote)) return null;
  for (const pivot of FIAT_PIVOTS) {
    const [price, fiat, pair] = isFiat(quote)
      ? [own(sources, book, base, pivot), ofFiat(sources, pivot, quote), `${pivot}/${quote}`]
      : [own(sources, book, pivot, quote), ofFiat(sources, base, pivot), `${base}/${pivot}`];
    if (price && typeof fiat !== 'string')
      return { ...crossed(price, fiat), source: book.source, crosses: [`${pair} by ${fiat.by}`] };
  }
  return null;
}

/** Rounded down to the digits that a rate keeps; null when nothing is left or the database could not hold it. */
function rounded({ value, at, by, crosses }: Agreed, now: Date): Rate | null {
  const scaled = (value.over * RATE_SCALE) / value.under;
  if (scaled <= 0n || scaled >= MAX_SCALED_RATE) return null;
  return { scaled, source: [by, ...crosses].join('; '), at: at > now ? now : at };
}
