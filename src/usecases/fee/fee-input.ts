import { carries } from '../../domain/chain/networks.ts';
import { currencyOf, isCurrencyCode } from '../../domain/money/currencies.ts';
import type { PayoutFees } from '../../domain/payout/payout-terms.ts';
import { basisPointsOf, wayOf } from '../../domain/project/payment-rules.ts';
import { positiveAmount } from '../amount-input.ts';
import { done, refuse, type Result } from '../result.ts';

/** What the gateway takes; amounts are decimals in whole units of their asset. */
export interface FeeInput {
  /** Of what is credited, with at most two decimals. */
  readonly percent: string;
  readonly fixed?: readonly AssetFee[] | null | undefined;
  readonly network?: readonly (AssetFee & { readonly network: string })[] | null | undefined;
  /** The least that is paid out, of crypto and fiat currencies. */
  readonly payoutMinimums?:
    | readonly { readonly currency: string; readonly amount: string }[]
    | null
    | undefined;
}

interface AssetFee {
  readonly asset: string;
  readonly amount: string;
}

const WHOLE = 10_000;

const wrong = (message: string, ...path: string[]): Result<never> =>
  refuse('INVALID_INPUT', message, ...path);

/** The schedule that an operator typed. */
export function readFees({ percent, fixed, network, payoutMinimums }: FeeInput): Result<PayoutFees> {
  const basisPoints = basisPointsOf(percent);
  if (basisPoints === null || basisPoints > WHOLE) {
    return wrong('Per cent are 0 to 100 with at most two decimals.', 'percent');
  }
  const fixedFees = readAmounts(fixed ?? [], 'fixed', ({ asset }) => asset, isAsset);
  if (!fixedFees.ok) return fixedFees;
  const networkFees = readAmounts(network ?? [], 'network', wayOf, (way) => carries(way.network, way.asset));
  if (!networkFees.ok) return networkFees;
  const least = readAmounts(
    (payoutMinimums ?? []).map(({ currency, amount }) => ({ asset: currency, amount })),
    'payoutMinimums',
    ({ asset }) => asset,
    ({ asset }) => isCurrencyCode(asset),
  );
  if (!least.ok) return least;
  return done({
    basisPoints,
    fixed: fixedFees.value,
    network: networkFees.value,
    payoutMinimums: least.value,
  });
}

const isAsset = ({ asset }: AssetFee): boolean =>
  isCurrencyCode(asset) && currencyOf(asset).kind === 'CRYPTO';

/** Amounts by their names, which must be known, each once; sorted, so that the same input is kept alike. */
function readAmounts<T extends AssetFee>(
  fees: readonly T[],
  field: 'fixed' | 'network' | 'payoutMinimums',
  nameOf: (fee: T) => string,
  isKnown: (fee: T) => boolean,
): Result<Record<string, bigint>> {
  const amounts = new Map<string, bigint>();
  for (const fee of fees) {
    const name = nameOf(fee);
    if (!isKnown(fee)) return wrong(`There is no ${name}.`, field);
    if (amounts.has(name)) return wrong(`${name} is named twice.`, field);
    const amount = positiveAmount(fee.amount, fee.asset);
    if (amount === null) return wrong(`The amount is no positive decimal of ${fee.asset}.`, field);
    amounts.set(name, amount);
  }
  return done(Object.fromEntries([...amounts].toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
