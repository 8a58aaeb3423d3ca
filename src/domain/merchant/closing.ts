import { formatAmount } from '../money/money.ts';

/** What an account must be free of before it can be closed (FEATURES A13). */
export type ClosingConditionName =
  | 'NO_OPEN_INVOICES'
  | 'NO_UNFINISHED_PAYMENTS'
  | 'NO_BALANCE'
  | 'NOTHING_OWED'
  | 'NO_OPEN_PAYOUTS';

export interface ClosingCondition {
  readonly condition: ClosingConditionName;
  readonly met: boolean;
  /** For people, in English. */
  readonly detail: string;
}

/** What the books say of a merchant's LIVE mode; TEST holds nothing of worth. */
export interface ClosingFacts {
  readonly openInvoices: number;
  readonly unfinishedPayments: number;
  readonly openPayouts: number;
  /** Accounts that are not at zero. */
  readonly balances: readonly ClosingBalance[];
}

export interface ClosingBalance {
  readonly asset: string;
  readonly kind: string;
  readonly minorUnits: bigint;
}

/** All conditions one by one, met or not, in a fixed order. */
export function closingConditions(facts: ClosingFacts): readonly ClosingCondition[] {
  const credits = facts.balances.filter(({ minorUnits }) => minorUnits > 0n);
  const debts = facts.balances.filter(({ minorUnits }) => minorUnits < 0n);
  return [
    counted('NO_OPEN_INVOICES', facts.openInvoices, 'live invoices wait for their payment'),
    counted('NO_UNFINISHED_PAYMENTS', facts.unfinishedPayments, 'live payments wait for confirmations'),
    listed('NO_BALANCE', credits, 'There is money on the account'),
    listed('NOTHING_OWED', debts, 'The account owes'),
    counted('NO_OPEN_PAYOUTS', facts.openPayouts, 'payouts are on their way'),
  ];
}

export const mayClose = (conditions: readonly ClosingCondition[]): boolean =>
  conditions.every(({ met }) => met);

const counted = (condition: ClosingConditionName, count: number, what: string): ClosingCondition => ({
  condition,
  met: count === 0,
  detail: count === 0 ? 'None.' : `${count} ${what}.`,
});

const listed = (
  condition: ClosingConditionName,
  rows: readonly ClosingBalance[],
  what: string,
): ClosingCondition => ({
  condition,
  met: rows.length === 0,
  detail: rows.length === 0 ? 'None.' : `${what}: ${rows.map(inWords).join(', ')}.`,
});

/** Such as "1.500000 USDT available". What is owed stands below zero in the books, and is told without the sign. */
const inWords = ({ asset, kind, minorUnits }: ClosingBalance): string => {
  const size = minorUnits < 0n ? -minorUnits : minorUnits;
  return `${formatAmount({ minorUnits: size, currency: asset })} ${asset} ${kind.toLowerCase()}`;
};
