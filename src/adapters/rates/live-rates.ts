import { isFresh, observedRates, type RateRules } from '../../domain/money/observed-rates.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { Rates } from '../../usecases/ports/rates.ts';
import { createKeptAnswer, type KeptAnswer } from './kept-answer.ts';
import type { RateSource } from './rate-source.ts';

export interface LiveRatesOptions {
  /** In the order of trust. */
  readonly sources: readonly RateSource[];
  readonly rules: RateRules;
  /** How long an answer serves before the source is asked again. */
  readonly refreshSeconds: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that only go forward. Default the process's own. */
  readonly elapsed?: () => number;
}

export interface LiveRates extends Rates {
  /** When the newest price of each source was seen; null until it answered. */
  newest(): readonly { readonly source: string; readonly at: Date | null }[];
  /** Ends what is under way. */
  close(): Promise<void>;
}

/**
 * Rates of real sources (FEATURES D14). They are asked only when somebody needs a rate; an answer that is due is renewed
 * beside the one who asks, and waited for only where nothing fresh is known of that source.
 */
export function createLiveRates(options: LiveRatesOptions): LiveRates {
  const { sources, rules, refreshSeconds, clock, logger, elapsed = () => performance.now() } = options;
  const closing = new AbortController();
  const kept = sources.map((source) =>
    createKeptAnswer({
      source,
      refreshMs: refreshSeconds * 1_000,
      logger,
      elapsed,
      closing: closing.signal,
    }),
  );
  const serves = (answer: KeptAnswer): boolean => {
    const newest = answer.newest();
    return newest !== null && isFresh(newest, answer.source.kind, rules, clock.now());
  };
  return {
    async table() {
      await Promise.all(
        kept.map(async (answer) => {
          const renewed = answer.refresh();
          if (!serves(answer)) await renewed;
        }),
      );
      const books = kept.map((answer) => answer.book()).filter((book) => book !== null);
      return observedRates(books, rules, clock.now());
    },
    newest: () => kept.map((answer) => ({ source: answer.source.name, at: answer.newest() })),
    async close() {
      closing.abort();
      await Promise.all(kept.map((answer) => answer.refresh()));
    },
  };
}
