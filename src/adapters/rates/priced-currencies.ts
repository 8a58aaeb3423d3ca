import { CURRENCIES } from '../../domain/money/currencies.ts';

/** Codes of the crypto currencies, which sources are asked the prices of. */
export const ASSETS: readonly string[] = CURRENCIES.filter(({ kind }) => kind === 'CRYPTO').map(
  ({ code }) => code,
);

/** Codes of the fiat currencies, in which they are asked. */
export const FIAT: readonly string[] = CURRENCIES.filter(({ kind }) => kind === 'FIAT').map(
  ({ code }) => code,
);
