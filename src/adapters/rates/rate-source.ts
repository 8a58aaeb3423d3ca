import type { RateObservation, RateSourceKind } from '../../domain/money/rate-observation.ts';

/** A service that is asked for rates. */
export interface RateSource {
  /** As quotes name it. */
  readonly name: string;
  readonly kind: RateSourceKind;
  /** Asked no more often than this, in milliseconds, whatever the configuration says. */
  readonly leastPauseMs?: number;
  /**
   * All that it has to say now; pairs that it does not know are left out. Throws RateSourceError when it does not answer
   * as it should, and as the signal's reason when that aborts.
   */
  read(signal: AbortSignal): Promise<readonly RateObservation[]>;
}

/** A source did not answer as it should. The message holds neither keys nor what was answered. */
export class RateSourceError extends Error {
  override readonly name = 'RateSourceError';
  /** The HTTP status, when there was one. */
  readonly status: number | null;
  /** How long the source asks to be left alone. */
  readonly retryAfterSeconds: number | null;

  constructor(
    message: string,
    details: {
      readonly status?: number;
      readonly retryAfterSeconds?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.status = details.status ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }
}
