import type { AccountRef, LedgerEntry, LedgerAccountKind, PayoutStep } from '../ledger/entries.ts';
import type { Payout } from './payout.ts';

type Leg = readonly [kind: LedgerAccountKind, amount: bigint];

/** AVAILABLE − , HELD + : the money is set aside. Not for refunds and rebounds, whose money is in HELD already. */
export const requested = (payout: Payout): LedgerEntry =>
  entry(payout, 'REQUESTED', [
    ['AVAILABLE', -payout.debited],
    ['HELD', payout.debited],
  ]);

/** HELD − , FEES + , NETWORK_FEES + , CUSTODY + : it has left. What the chain took is an entry of the spend. */
export const sent = (payout: Payout): LedgerEntry =>
  entry(payout, 'SENT', [
    ['HELD', -payout.debited],
    ['FEES', payout.fee],
    ['NETWORK_FEES', payout.networkFee],
    ['CUSTODY', payout.arrives],
  ]);

/** HELD − , AVAILABLE + : nothing left. A refund's or rebound's money stays in HELD for its owner to decide. */
export const returned = (payout: Payout): LedgerEntry =>
  entry(payout, 'RETURNED', [
    ['HELD', -payout.debited],
    ['AVAILABLE', payout.debited],
  ]);

/** What a payout that failed does to the ledger: a refund's or rebound's money stays where it is. */
export const failed = (payout: Payout): readonly LedgerEntry[] =>
  payout.origin === 'REFUND' || payout.origin === 'REBOUND' ? [] : [returned(payout)];

const OF_MERCHANT: ReadonlySet<LedgerAccountKind> = new Set(['AVAILABLE', 'HELD']);
const OF_NETWORK: ReadonlySet<LedgerAccountKind> = new Set(['CUSTODY', 'NETWORK_FEES']);

function entry(
  { id, merchantId, currency, target }: Payout,
  kind: PayoutStep,
  legs: readonly Leg[],
): LedgerEntry {
  const network = target.kind === 'CRYPTO' ? target.network : null;
  const account = (of: LedgerAccountKind): AccountRef => ({
    kind: of,
    asset: currency,
    merchantId: OF_MERCHANT.has(of) ? merchantId : null,
    network: OF_NETWORK.has(of) ? network : null,
  });
  return {
    sourceType: 'PAYOUT',
    sourceId: id,
    kind,
    postings: legs
      .filter(([, amount]) => amount !== 0n)
      .map(([of, amount]) => ({ account: account(of), amount })),
  };
}
