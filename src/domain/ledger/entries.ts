/**
 * Double entry (DESIGN §4). Amounts are credit-positive: what the gateway owes is positive, what it holds
 * (CUSTODY) or expects (INCOMING) is negative. Every entry sums to zero per asset.
 */

export type LedgerAccountKind =
  | 'PENDING'
  | 'AVAILABLE'
  | 'HELD'
  | 'INCOMING'
  | 'CUSTODY'
  | 'FEES'
  | 'NETWORK_FEES'
  | 'CONVERSION';

export interface AccountRef {
  readonly kind: LedgerAccountKind;
  readonly asset: string;
  /** Null for the gateway's own accounts. */
  readonly merchantId: string | null;
  /** Set for the gateway's own accounts that belong to one network. */
  readonly network: string | null;
}

export interface PostingDraft {
  readonly account: AccountRef;
  /** In the asset's smallest unit; never zero. */
  readonly amount: bigint;
}

/** A set of postings, made once for (sourceType, sourceId, kind). */
export interface LedgerEntry {
  readonly sourceType: 'PAYMENT';
  readonly sourceId: string;
  readonly kind: 'DETECTED' | 'CREDITED' | 'HELD' | 'ORPHANED';
  readonly postings: readonly PostingDraft[];
}

/** What an entry about a payment needs to know of it. */
export interface PaidIn {
  readonly id: string;
  readonly sighting: number;
  readonly merchantId: string;
  readonly network: string;
  readonly asset: string;
  readonly amount: bigint;
}

type Leg = readonly [kind: LedgerAccountKind, sign: 1n | -1n];

/** The accounts that each step of a payment moves. */
const LEGS = {
  DETECTED: [
    ['PENDING', 1n],
    ['INCOMING', -1n],
  ],
  CREDITED: [
    ['PENDING', -1n],
    ['AVAILABLE', 1n],
    ['INCOMING', 1n],
    ['CUSTODY', -1n],
  ],
  HELD: [
    ['PENDING', -1n],
    ['HELD', 1n],
    ['INCOMING', 1n],
    ['CUSTODY', -1n],
  ],
  ORPHANED: [
    ['PENDING', -1n],
    ['INCOMING', 1n],
  ],
} as const satisfies Record<LedgerEntry['kind'], readonly Leg[]>;

const OWNED_BY_MERCHANT: ReadonlySet<LedgerAccountKind> = new Set(['PENDING', 'AVAILABLE', 'HELD']);

/** The entry for one step of a payment. A sighting after a reorg is a source of its own. */
export function paymentEntry(kind: LedgerEntry['kind'], payment: PaidIn): LedgerEntry {
  return {
    sourceType: 'PAYMENT',
    sourceId: `${payment.id}/${payment.sighting}`,
    kind,
    postings: LEGS[kind].map(([accountKind, sign]) => ({
      account: accountOf(accountKind, payment),
      amount: sign * payment.amount,
    })),
  };
}

function accountOf(kind: LedgerAccountKind, payment: PaidIn): AccountRef {
  const merchants = OWNED_BY_MERCHANT.has(kind);
  return {
    kind,
    asset: payment.asset,
    merchantId: merchants ? payment.merchantId : null,
    network: merchants ? null : payment.network,
  };
}
