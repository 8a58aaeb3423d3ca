import { z } from 'zod';
import { baseUrl, integer } from './readers.ts';
import type { ValuesOf, Variables } from './variable.ts';

const SOURCES = ['coingecko', 'kraken', 'coinbase', 'ecb', 'fixed', 'none'] as const;
type SourceName = (typeof SOURCES)[number];

type LiveSource = Exclude<SourceName, 'fixed' | 'none'>;

export interface LiveRatesConfig {
  readonly kind: 'live';
  /** In the order of trust. */
  readonly sources: readonly LiveSource[];
  readonly method: 'median' | 'priority';
  readonly deviationPercent: number;
  readonly maxAgeSeconds: number;
  readonly fiatMaxAgeSeconds: number;
  readonly refreshSeconds: number;
  /** Without slashes at the end. */
  readonly roots: Readonly<Record<LiveSource, string>>;
  readonly coingeckoKey: string | null;
}

/** A made-up table, none at all, or real sources. */
export type RatesConfig = { readonly kind: 'fixed' } | { readonly kind: 'none' } | LiveRatesConfig;

/** Three markets outvote one that errs; Coinbase knows all fiat currencies, Kraken and the bank know what they trade. */
const PRODUCTION_SOURCES = ['coingecko', 'coinbase', 'kraken', 'ecb'] as const;

const sources = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.enum(SOURCES, `must be of ${SOURCES.join(', ')}`)).min(1, 'must name a source'))
  .refine((names) => new Set(names).size === names.length, 'must name each source once')
  .refine(
    (names) => names.length === 1 || !names.some((name) => name === 'fixed' || name === 'none'),
    'fixed and none stand alone',
  )
  .refine((names) => names.join() !== 'ecb', 'ecb prices no crypto currency; name a market too');

/** Credentials in a URL would come to light in messages of the HTTP client, which refuses them anyway. */
const root = (standard: string) =>
  baseUrl('https', 'http')
    .refine((text) => new URL(text).username === '' && new URL(text).password === '', {
      message: 'must have no user name or password in it',
    })
    .optional()
    .transform((text) => text ?? standard);

export const rateVariables = {
  RATE_SOURCES: {
    description:
      'Where exchange rates are from, separated by commas, in the order of trust: `coingecko`, `coinbase`, `kraken` for ' +
      'crypto currencies, `ecb` for fiat; or `fixed` alone, made-up rates that production refuses; or `none` alone.',
    shownDefault: `fixed, in production ${PRODUCTION_SOURCES.join(',')}`,
    schema: sources.optional(),
  },
  RATE_METHOD: {
    description:
      '`median` of the sources, or `priority`: the first source that has a rate, in the order of `RATE_SOURCES`.',
    shownDefault: 'median',
    schema: z.enum(['median', 'priority']).default('median'),
  },
  RATE_DEVIATION_PERCENT: {
    description:
      'With `median`: there is no rate unless more than half of the sources lie within this many per cent of it.',
    shownDefault: '3',
    schema: integer(3, 1, 50),
  },
  RATE_MAX_AGE_SECONDS: {
    description: 'A price of a crypto currency that is older is not used.',
    shownDefault: '600',
    schema: integer(600, 10, 86_400),
  },
  RATE_FIAT_MAX_AGE_SECONDS: {
    description:
      'A reference rate of fiat currencies that is older is not used. They are set on working days only, and the ' +
      'longest pause, at Easter, is a little over five days.',
    shownDefault: '518400',
    schema: integer(518_400, 3_600, 2_592_000),
  },
  RATE_REFRESH_SECONDS: {
    description:
      'How long an answer serves before its source is asked again; less than `RATE_MAX_AGE_SECONDS`.',
    shownDefault: '60',
    schema: integer(60, 1, 3_600),
  },
  COINGECKO_API_KEY: {
    description:
      'Key of CoinGecko: a demo key, or a paid one together with `COINGECKO_API_ROOT=https://pro-api.coingecko.com`.',
    secret: true,
    schema: z
      .string()
      .regex(/^[\w-]{8,128}$/, 'must be letters, digits, - and _')
      .optional(),
  },
  COINGECKO_API_ROOT: {
    description: 'Another place of CoinGecko’s API. In production this and the next three are https.',
    shownDefault: 'https://api.coingecko.com',
    schema: root('https://api.coingecko.com'),
  },
  COINBASE_API_ROOT: {
    description: 'Another place of Coinbase’s API.',
    shownDefault: 'https://api.coinbase.com',
    schema: root('https://api.coinbase.com'),
  },
  KRAKEN_API_ROOT: {
    description: 'Another place of Kraken’s API.',
    shownDefault: 'https://api.kraken.com',
    schema: root('https://api.kraken.com'),
  },
  ECB_API_ROOT: {
    description: 'Another place of the European Central Bank’s reference rates.',
    shownDefault: 'https://www.ecb.europa.eu',
    schema: root('https://www.ecb.europa.eu'),
  },
} as const satisfies Variables;

type Texts = Readonly<Record<string, string | undefined>>;

/** What single variables cannot tell. Those that are no numbers have faults of their own. */
export function rateFaults(texts: Texts): string[] {
  const [refresh, age] = [texts['RATE_REFRESH_SECONDS'] ?? '60', texts['RATE_MAX_AGE_SECONDS'] ?? '600'];
  return Number(refresh) >= Number(age)
    ? ['RATE_REFRESH_SECONDS: must be less than RATE_MAX_AGE_SECONDS']
    : [];
}

const ROOTS = ['COINGECKO_API_ROOT', 'COINBASE_API_ROOT', 'KRAKEN_API_ROOT', 'ECB_API_ROOT'] as const;

/** Nobody sells at invented prices, nor at prices that somebody on the way can change. */
export function productionRateFaults(texts: Texts): string[] {
  const faults = ROOTS.filter((name) => texts[name]?.startsWith('http:')).map(
    (name) => `${name}: must be https in production`,
  );
  const made = texts['RATE_SOURCES']?.split(',').some((name) => name.trim() === 'fixed');
  return made ? [...faults, 'RATE_SOURCES: fixed rates are made up; production refuses them'] : faults;
}

/** The settings of rates. */
export function ratesOf(read: ValuesOf<typeof rateVariables>, isProduction: boolean): RatesConfig {
  const named: readonly SourceName[] = read.RATE_SOURCES ?? (isProduction ? PRODUCTION_SOURCES : ['fixed']);
  const live = named.filter((name) => name !== 'fixed' && name !== 'none');
  if (live.length === 0) return { kind: named.includes('fixed') ? 'fixed' : 'none' };
  return {
    kind: 'live',
    sources: live,
    method: read.RATE_METHOD,
    deviationPercent: read.RATE_DEVIATION_PERCENT,
    maxAgeSeconds: read.RATE_MAX_AGE_SECONDS,
    fiatMaxAgeSeconds: read.RATE_FIAT_MAX_AGE_SECONDS,
    refreshSeconds: read.RATE_REFRESH_SECONDS,
    roots: {
      coingecko: read.COINGECKO_API_ROOT,
      coinbase: read.COINBASE_API_ROOT,
      kraken: read.KRAKEN_API_ROOT,
      ecb: read.ECB_API_ROOT,
    },
    coingeckoKey: read.COINGECKO_API_KEY ?? null,
  };
}
