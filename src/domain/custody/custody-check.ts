import { coinOf } from '../chain/networks.ts';
import type { EventDraft } from '../event/event.ts';
import { currencyOf } from '../money/currencies.ts';
import { formatAmount } from '../money/money.ts';

/** What ledger and chain say of one asset on one network (docs/decisions/0045), in its smallest unit. */
export interface CustodyFigures {
  readonly network: string;
  readonly asset: string;
  /** What the gateway's keys should hold. */
  readonly ledger: bigint;
  /** What they hold. */
  readonly chain: bigint;
  /** The block up to which both were looked at. */
  readonly height: bigint;
  readonly at: Date;
}

/** The last look, with what came of those before. */
export interface CustodyCheck extends CustodyFigures {
  readonly id: string;
  /** Since which look they differ; null while they agree, or the chain has a little more. */
  readonly differsSince: Date | null;
  /** When it was told last; null while there is nothing to tell. */
  readonly toldAt: Date | null;
  /** What was told then, chain less ledger. */
  readonly toldDifference: bigint | null;
}

export type CustodyTold = 'custody.differs' | 'custody.agrees';

/**
 * A surplus below it is no difference, in the asset's smallest unit. Whoever likes can send a little to a known address, and
 * of tokens with more digits than the currency what is cut of each payment adds up on the chain, by less than a smallest
 * unit a payment. A thousandth of a network's coin, a whole token. What is missing counts to the last unit.
 */
export function smallSurplus(network: string, asset: string): bigint {
  const whole = 10n ** BigInt(currencyOf(asset).exponent);
  return asset === coinOf(network) ? whole / 1_000n : whole;
}

const differenceOf = ({ ledger, chain }: Pick<CustodyFigures, 'ledger' | 'chain'>): bigint => chain - ledger;

/** Worth telling beside what was told: any fall, and a rise that is not small. */
const isNews = (difference: bigint, told: bigint, small: bigint): boolean =>
  difference < told || difference >= told + small;

/** What a look makes of the one before; `told` where it is news. What two looks in a row find is told. */
export function lookedAgain(
  before: CustodyCheck | null,
  id: string,
  figures: CustodyFigures,
): { readonly check: CustodyCheck; readonly told: CustodyTold | null } {
  const small = smallSurplus(figures.network, figures.asset);
  const difference = differenceOf(figures);
  if (!isNews(difference, 0n, small)) {
    const check = { ...figures, id, differsSince: null, toldAt: null, toldDifference: null };
    return { check, told: before?.toldAt ? 'custody.agrees' : null };
  }
  const known = before?.toldDifference ?? 0n;
  const isTold =
    before !== null &&
    before.differsSince !== null &&
    isNews(differenceOf(before), known, small) &&
    isNews(difference, known, small);
  const check = {
    ...figures,
    id,
    differsSince: before?.differsSince ?? figures.at,
    toldAt: isTold ? figures.at : (before?.toldAt ?? null),
    toldDifference: isTold ? difference : (before?.toldDifference ?? null),
  };
  return { check, told: isTold ? 'custody.differs' : null };
}

/** Whether the look found nothing that a second one must decide on. */
export const isSettled = (check: CustodyCheck): boolean =>
  check.differsSince === null ||
  (check.toldDifference !== null &&
    !isNews(differenceOf(check), check.toldDifference, smallSurplus(check.network, check.asset)));

/** An event of the gateway itself, of no merchant. */
export function custodyEvent(type: CustodyTold, check: CustodyCheck): EventDraft {
  const { id, network, asset, ledger, chain, height, differsSince } = check;
  const decimal = (minorUnits: bigint): string => formatAmount({ minorUnits, currency: asset });
  return {
    type,
    merchantId: null,
    projectId: null,
    mode: 'LIVE',
    subject: { type: 'CUSTODY', id },
    data: {
      custodyCheckId: id,
      network,
      asset,
      ledger: decimal(ledger),
      chain: decimal(chain),
      difference: decimal(chain - ledger),
      height: Number(height),
      differsSince: differsSince?.toISOString() ?? null,
    },
  };
}
