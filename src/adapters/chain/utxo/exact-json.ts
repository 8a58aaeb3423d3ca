/** Decimals of an amount: a coin is 10^8 of the smallest unit in all of the family. */
const DECIMALS = 8;

/** A JSON number without sign (RFC 8259). */
const NUMBER = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Amounts, and fees for 1,000 virtual bytes, stand under these names wherever the gateway reads one. */
const AMOUNTS: ReadonlySet<string> = new Set(['value', 'feerate', 'mempoolminfee', 'incrementalfee']);

/** What Node 22 and newer hand to a reviver (ECMAScript proposal "JSON.parse source text access"). */
type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

/**
 * JSON in which amounts (`value`) and fee rates become integers of 10^-8 coins, made from the digits themselves: as a float,
 * 84 million coins and a hundred-millionth have no exact form. Throws SyntaxError when it is no JSON or an amount has
 * more digits than there are units.
 */
export const parseExact = (text: string): unknown =>
  (JSON.parse as ParseWithSource)(text, (key, value, { source }) =>
    AMOUNTS.has(key) && typeof value === 'number' ? amountOf(source ?? '') : value,
  );

/** Reads a decimal number of coins. Throws SyntaxError when it is negative or not a whole number of smallest units. */
export function amountOf(source: string): bigint {
  const match = NUMBER.exec(source);
  if (!match) throw new SyntaxError('an amount is no number of coins');
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const zeros = DECIMALS + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  if (zeros >= 0) return digits * 10n ** BigInt(zeros);
  const divisor = 10n ** BigInt(-zeros);
  if (digits % divisor !== 0n) throw new SyntaxError('an amount is finer than the smallest unit');
  return digits / divisor;
}
