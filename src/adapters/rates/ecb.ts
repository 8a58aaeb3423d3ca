import { parsePrice, type RateObservation } from '../../domain/money/rate-observation.ts';
import { FIAT } from './priced-currencies.ts';
import { RateSourceError, type RateSource } from './rate-source.ts';
import type { GetText } from './source-http.ts';

export interface EcbOptions {
  readonly get: GetText;
  /** Without a slash at the end. */
  readonly apiRoot: string;
}

/** Set once a working day. */
const LEAST_PAUSE_MS = 3_600_000;
/** The rates are found at 14:10 in Frankfurt, which is this hour in summer; in winter they look an hour older. */
const SET_AT = 'T12:10:00Z';
/** Leva for one euro, fixed for ever: Bulgaria has had the euro since 2026, and the bank lists the lev no more. */
const LEV = { quote: 'BGN', rate: '1.95583' };

const DAY = /<Cube\s+time\s*=\s*["'](\d{4}-\d{2}-\d{2})["']\s*>/g;
const RATE = /<Cube\s+currency\s*=\s*["']([A-Z]{3})["']\s+rate\s*=\s*["']([^"']{1,40})["']\s*\/>/g;

/** The euro reference rates of the European Central Bank, as it publishes them on working days about 16:00. */
export const createEcb = ({ get, apiRoot }: EcbOptions): RateSource => ({
  name: 'ecb',
  kind: 'REFERENCE',
  leastPauseMs: LEAST_PAUSE_MS,
  read: async (signal) => readSheet(await get(`${apiRoot}/stats/eurofxref/eurofxref-daily.xml`, signal)),
});

/** The sheet has one known shape; what does not look like it is refused whole. */
function readSheet(xml: string): RateObservation[] {
  const days = [...xml.matchAll(DAY)].map(([, day]) => day);
  const at = new Date(`${days[0]}${SET_AT}`);
  const listed = [...xml.matchAll(RATE)].map(([, quote = '', rate = '']) => ({ quote, rate }));
  if (days.length !== 1 || Number.isNaN(at.getTime()) || listed.length === 0)
    throw new RateSourceError('answered something else than the reference rates of a day');
  const rates = listed.some(({ quote }) => quote === LEV.quote) ? listed : [...listed, LEV];
  return rates.flatMap(({ quote, rate }) => {
    const price = parsePrice(rate);
    return price === null || !FIAT.includes(quote) ? [] : [{ base: 'EUR', quote, price, at }];
  });
}
