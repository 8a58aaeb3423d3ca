import { compare, isNear, mean, type Fraction } from './fraction.ts';
import type { Sighting } from './rate-book.ts';

/** How the prices of several sources become one: their median, or that of the first source that has one. */
export type RateMethod = 'median' | 'priority';

/** What one source makes of a pair. */
export interface View extends Sighting {
  readonly source: string;
  /** Rates of others that it was crossed with, such as "USD/SEK by ecb". */
  readonly crosses: readonly string[];
}

/** What the sources together make of a pair. */
export interface Agreed extends Sighting {
  /** Such as "median of coingecko, kraken". */
  readonly by: string;
  readonly crosses: readonly string[];
}

/** NONE without any view, DISAGREE when they lie too far apart. */
export type Agreement = Agreed | 'NONE' | 'DISAGREE';

/**
 * Makes one rate of the views, which stand in the order of trust.
 *
 * The median holds only while more than half of the sources lie within `deviationPercent` of it, and of an even number
 * the two in the middle within it of each other: two sources must agree, and of three one alone that errs or lies is
 * outvoted. `by` names those that agree. With `priority` the first view counts and the others are not looked at.
 */
export function agree(
  views: readonly View[],
  { method, deviationPercent }: { method: RateMethod; deviationPercent: number },
): Agreement {
  const [first] = views;
  if (!first) return 'NONE';
  if (method === 'priority' || views.length === 1) return agreed(first.value, [first]);
  const percent = BigInt(deviationPercent);
  const [low, high] = middle(views.map(({ value }) => value).toSorted(compare), first.value);
  if (!isNear(high, low, percent)) return 'DISAGREE';
  const value = low === high ? low : mean(low, high);
  const near = views.filter((view) => isNear(view.value, value, percent));
  return near.length * 2 > views.length ? agreed(value, near) : 'DISAGREE';
}

/** The two values in the middle; of an odd number the same one twice. */
function middle(sorted: readonly Fraction[], fallback: Fraction): readonly [Fraction, Fraction] {
  const low = sorted[(sorted.length - 1) >> 1] ?? fallback;
  return [low, sorted[sorted.length >> 1] ?? low];
}

function agreed(value: Fraction, views: readonly View[]): Agreed {
  const names = views.map(({ source }) => source).join(', ');
  return {
    value,
    at: new Date(Math.min(...views.map(({ at }) => at.getTime()))),
    by: views.length > 1 ? `median of ${names}` : names,
    crosses: [...new Set(views.flatMap(({ crosses }) => crosses))],
  };
}
