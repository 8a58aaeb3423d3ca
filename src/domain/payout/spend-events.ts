import type { EventDraft } from '../event/event.ts';
import { formatAmount } from '../money/money.ts';
import type { Payout } from './payout.ts';
import type { NetworkWait } from './payout-waits.ts';

/** The hot wallet has too little of the asset for what is to be sent; told to operators. The address is where more can be sent. */
export const hotWalletShort = (
  payoutId: string,
  data: {
    readonly network: string;
    readonly asset: string;
    readonly address: string | null;
    /** What the payout sends, in whole units of its currency. */
    readonly amount: string;
    readonly currency: string;
  },
): EventDraft => custodyEvent('custody.hot_wallet_short', payoutId, { ...data, payoutId });

/** The weakest first: what is LATE and REFUSED is told as REFUSED. */
const STUCK_WHY = ['LATE', 'REFUSED', 'FOREIGN'] as const;

/**
 * Why a signed transaction does not get on by itself. FOREIGN: its place was used by a transaction that is not the
 * gateway's. REFUSED: every node says that it can never be mined. LATE: no block has taken it for long.
 */
export type StuckWhy = (typeof STUCK_WHY)[number];

/** The reasons that this one takes the place of. */
export const weakerThan = (why: StuckWhy): readonly StuckWhy[] => STUCK_WHY.slice(0, STUCK_WHY.indexOf(why));

/** A signed transaction that a person must look at; told to operators, and again when it lasts. */
export const spendStuck = (
  spendId: string,
  data: {
    readonly network: string;
    readonly kind: string;
    readonly why: StuckWhy;
    readonly txId: string | null;
    readonly payoutId: string | null;
  },
): EventDraft => custodyEvent('custody.spend_stuck', spendId, { ...data, spendId });

/**
 * Why payouts of a network cannot be signed, of which a person must hear. FAULT: the gateway failed, the log says how.
 * ACCOUNT_USED_ELSEWHERE: the chain knows of more than was signed here. TRANSFER_DOUBTED: nodes refuse a transfer, without
 * it being sure that the payout is at fault. The others when they last: see NetworkWait.
 */
export type UnsignedWhy = 'FAULT' | 'ACCOUNT_USED_ELSEWHERE' | 'TRANSFER_DOUBTED' | NetworkWait;

/** A payout that cannot be signed until a person has looked; told to operators, not for each payout. */
export const payoutUnsigned = (
  payoutId: string,
  data: { readonly network: string; readonly why: UnsignedWhy },
): EventDraft => custodyEvent('custody.payout_unsigned', payoutId, { ...data, payoutId });

/** An operator gave a spend up whose place another transaction used; for the audit log. */
export const spendGivenUp = (
  spendId: string,
  data: {
    readonly network: string;
    readonly kind: string;
    readonly txId: string;
    readonly payoutId: string | null;
  },
): EventDraft => custodyEvent('custody.spend_given_up', spendId, { ...data, spendId });

/** A payout waits to be sent by bank, which an operator does (FEATURES F2); told to operators. */
export const bankPayoutDue = ({ id, arrives, currency }: Payout): EventDraft =>
  custodyEvent('custody.bank_payout_due', id, {
    payoutId: id,
    amount: formatAmount({ minorUnits: arrives, currency }),
    currency,
  });

const custodyEvent = (
  type:
    | 'custody.bank_payout_due'
    | 'custody.hot_wallet_short'
    | 'custody.payout_unsigned'
    | 'custody.spend_given_up'
    | 'custody.spend_stuck',
  id: string,
  data: EventDraft['data'],
): EventDraft => ({
  type,
  merchantId: null,
  projectId: null,
  mode: null,
  subject: { type: 'CUSTODY', id },
  data,
});
