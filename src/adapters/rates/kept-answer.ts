import { rateBook, type RateBook } from '../../domain/money/rate-book.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import { RateSourceError, type RateSource } from './rate-source.ts';

export interface KeptAnswerOptions {
  readonly source: RateSource;
  readonly refreshMs: number;
  readonly logger: Logger;
  /** Milliseconds that only go forward (RULES 20). */
  readonly elapsed: () => number;
  /** Ends questions that are under way. */
  readonly closing: AbortSignal;
}

/** The last good answer of one source. */
export interface KeptAnswer {
  readonly source: RateSource;
  /** Null until the first one. A later failure keeps it; how old it may be is for who uses it to say. */
  book(): RateBook | null;
  /** When the newest of its prices was seen. */
  newest(): Date | null;
  /** Asks anew when it is time, once for all callers, and ends with the answer; at once when nothing is asked. Never rejects. */
  refresh(): Promise<void>;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
/** A source that asks for more is asked again after this. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

const NOTHING_ASKED = Promise.resolve();

/** Keeps what a source said, asks again when it is due, and leaves it alone for longer and longer while it fails. */
export function createKeptAnswer({
  source,
  refreshMs,
  logger,
  elapsed,
  closing,
}: KeptAnswerOptions): KeptAnswer {
  const pause = Math.max(refreshMs, source.leastPauseMs ?? 0);
  let book: RateBook | null = null;
  let newest: Date | null = null;
  let running: Promise<void> | null = null;
  let dueAt = -Infinity;
  let failures = 0;

  const take = async (): Promise<void> => {
    const startedAt = elapsed();
    try {
      const observations = await source.read(closing);
      const times = observations.map(({ at }) => at.getTime());
      if (times.length === 0) throw new RateSourceError('answered without a single price');
      book = rateBook(source.name, source.kind, observations);
      newest = new Date(Math.max(...times));
      dueAt = startedAt + pause;
      if (failures > 0) logger.info({ source: source.name, failures }, 'the source of rates answers again');
      failures = 0;
    } catch (err) {
      if (closing.aborted) return;
      failures += 1;
      dueAt = elapsed() + pauseAfter(err, failures);
      // Once an outage: how long it lasts is told by the age of its newest rate (metrics).
      if (failures === 1)
        logger.warn(
          { source: source.name, err },
          'a source of rates failed; what it said last is used until it is too old',
        );
    }
  };

  return {
    source,
    book: () => book,
    newest: () => newest,
    refresh() {
      if (running) return running;
      if (closing.aborted || elapsed() < dueAt) return NOTHING_ASKED;
      running = take().finally(() => {
        running = null;
      });
      return running;
    },
  };
}

function pauseAfter(fault: unknown, failures: number): number {
  const own = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  const asked = fault instanceof RateSourceError ? (fault.retryAfterSeconds ?? 0) * 1_000 : 0;
  return Math.max(own, Math.min(asked, LONGEST_RETRY_AFTER_MS));
}
