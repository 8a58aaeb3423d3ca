/** Currencies as data (FEATURES D13): the seeds' fiat pricing currencies and the crypto assets. */

export type CurrencyKind = 'FIAT' | 'CRYPTO';

export interface Currency {
  readonly code: string;
  readonly kind: CurrencyKind;
  readonly name: string;
  /** Digits after the decimal point: one whole unit is 10^exponent minor units. */
  readonly exponent: number;
}

const fiat = <const Code extends string>(code: Code, name: string, exponent: number) =>
  ({ code, kind: 'FIAT', name, exponent }) as const;
const crypto = <const Code extends string>(code: Code, name: string, exponent: number) =>
  ({ code, kind: 'CRYPTO', name, exponent }) as const;

export const CURRENCIES = [
  fiat('USD', 'US dollar', 2),
  fiat('EUR', 'Euro', 2),
  fiat('AUD', 'Australian dollar', 2),
  fiat('CAD', 'Canadian dollar', 2),
  fiat('GBP', 'Pound sterling', 2),
  fiat('BGN', 'Bulgarian lev', 2),
  fiat('BRL', 'Brazilian real', 2),
  fiat('CHF', 'Swiss franc', 2),
  fiat('CLP', 'Chilean peso', 0),
  fiat('CNY', 'Renminbi', 2),
  fiat('COP', 'Colombian peso', 2),
  fiat('DKK', 'Danish krone', 2),
  fiat('HKD', 'Hong Kong dollar', 2),
  fiat('IDR', 'Indonesian rupiah', 2),
  fiat('INR', 'Indian rupee', 2),
  fiat('JPY', 'Japanese yen', 0),
  fiat('KRW', 'South Korean won', 0),
  fiat('MDL', 'Moldovan leu', 2),
  fiat('MOP', 'Macanese pataca', 2),
  fiat('MXN', 'Mexican peso', 2),
  fiat('MYR', 'Malaysian ringgit', 2),
  fiat('NOK', 'Norwegian krone', 2),
  fiat('PHP', 'Philippine peso', 2),
  fiat('RON', 'Romanian leu', 2),
  fiat('RUB', 'Russian rouble', 2),
  fiat('SAR', 'Saudi riyal', 2),
  fiat('SEK', 'Swedish krona', 2),
  fiat('SGD', 'Singapore dollar', 2),
  fiat('THB', 'Thai baht', 2),
  fiat('TRY', 'Turkish lira', 2),
  fiat('TWD', 'New Taiwan dollar', 2),
  fiat('UAH', 'Ukrainian hryvnia', 2),
  fiat('ZAR', 'South African rand', 2),
  crypto('BTC', 'Bitcoin', 8),
  crypto('LTC', 'Litecoin', 8),
  crypto('ETH', 'Ether', 18),
  crypto('CRO', 'Cronos', 18),
  crypto('USDC', 'USD Coin', 6),
  crypto('USDT', 'Tether USD', 6),
] as const satisfies readonly Currency[];

export type CurrencyCode = (typeof CURRENCIES)[number]['code'];
/** A currency that lives on a chain. */
export type AssetCode = Extract<(typeof CURRENCIES)[number], { kind: 'CRYPTO' }>['code'];

const byCode: ReadonlyMap<string, (typeof CURRENCIES)[number]> = new Map(CURRENCIES.map((c) => [c.code, c]));

export const isCurrencyCode = (code: string): code is CurrencyCode => byCode.has(code);

/** The currency of a code. Throws RangeError for a code that is no currency of this gateway. */
export function currencyOf(code: string): Currency {
  const currency = byCode.get(code);
  if (!currency) throw new RangeError(`unknown currency ${code}`);
  return currency;
}
