import type { Actor } from '../../domain/access/actor.ts';
import { priceOf } from '../../domain/money/rate-table.ts';
import type { Rate } from '../../domain/money/rate.ts';
import type { Clock } from '../ports/clock.ts';
import type { Rates } from '../ports/rates.ts';

export interface RateReadInput {
  readonly asset: string;
  readonly currency: string;
}

/**
 * The rate of this moment, before any project's spread (FEATURES D14); null when no source has a fresh one. It is no
 * secret and binds nobody, but asking costs the sources something: a stranger is told none.
 */
export type RateRead = (actor: Actor, input: RateReadInput) => Promise<Rate | null>;

export interface RateReadDeps {
  readonly rates: Rates;
  readonly clock: Clock;
}

export const rateRead =
  ({ rates, clock }: RateReadDeps): RateRead =>
  async (actor, { asset, currency }) => {
    if (actor.type === 'ANONYMOUS' || actor.type === 'LOCKED') return null;
    const table = await rates.table();
    return priceOf(table, asset, currency, clock.now());
  };
