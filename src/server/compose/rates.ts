import { createCoinbase } from '../../adapters/rates/coinbase.ts';
import { createCoinGecko } from '../../adapters/rates/coingecko.ts';
import { createEcb } from '../../adapters/rates/ecb.ts';
import { createFixedRates, noRates } from '../../adapters/rates/fixed-rates.ts';
import { createKraken } from '../../adapters/rates/kraken.ts';
import { createLiveRates, type LiveRates } from '../../adapters/rates/live-rates.ts';
import { createSourceHttp } from '../../adapters/rates/source-http.ts';
import type { LiveRatesConfig, RatesConfig } from '../../config/rates.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { Rates } from '../../usecases/ports/rates.ts';
import type { RateFigures } from '../metrics.ts';
import type { Shutdown } from '../shutdown.ts';

export interface ComposedRates {
  readonly rates: Rates;
  /** The sources of this process; empty with a fixed table or none. */
  figures(): readonly RateFigures[];
}

interface RatesDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
}

/** The rates that the configuration asks for. Nothing is asked of a source before a rate is needed. */
export function composeRates(config: RatesConfig, deps: RatesDeps): ComposedRates {
  const { clock } = deps;
  if (config.kind === 'fixed') return { rates: createFixedRates(clock), figures: () => [] };
  if (config.kind === 'none') return { rates: noRates, figures: () => [] };
  const rates = liveRates(config, deps);
  const ageOf = (at: Date | null) => (at === null ? null : (clock.now().getTime() - at.getTime()) / 1_000);
  return {
    rates,
    figures: () => rates.newest().map(({ source, at }) => ({ source, ageSeconds: ageOf(at) })),
  };
}

function liveRates(config: LiveRatesConfig, { clock, logger, shutdown }: RatesDeps): LiveRates {
  const get = createSourceHttp();
  const { roots, coingeckoKey, method, deviationPercent } = config;
  const makers = {
    coingecko: () => createCoinGecko({ get, apiRoot: roots.coingecko, apiKey: coingeckoKey }),
    coinbase: () => createCoinbase({ get, apiRoot: roots.coinbase, clock }),
    kraken: () => createKraken({ get, apiRoot: roots.kraken, clock }),
    ecb: () => createEcb({ get, apiRoot: roots.ecb }),
  } as const;
  const rates = createLiveRates({
    sources: config.sources.map((name) => makers[name]()),
    rules: {
      method,
      deviationPercent,
      maxAgeSeconds: { MARKET: config.maxAgeSeconds, REFERENCE: config.fiatMaxAgeSeconds },
    },
    refreshSeconds: config.refreshSeconds,
    clock,
    logger,
  });
  shutdown.add('rates', () => rates.close());
  return rates;
}
