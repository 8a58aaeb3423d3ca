import type { LedgerEntry, PostingDraft } from './entries.ts';

/** What a merchant has and owes, by currency, when a change is computed. Both are amounts of at least zero. */
export interface Balances {
  available(currency: string): bigint;
  owed(currency: string): bigint;
}

export const NO_BALANCES: Balances = { available: () => 0n, owed: () => 0n };

/**
 * Books what AVAILABLE cannot bear as a debt (OWED), and pays debts back with what becomes available, entry by entry.
 * The balances may have changed when this is written: the database then refuses, and the change is computed anew.
 */
export function withDebts<Entry extends LedgerEntry>(entries: readonly Entry[], balances: Balances): Entry[] {
  const moved = new Map<string, { available: bigint; owed: bigint }>();
  const tally = (currency: string) => {
    const known = moved.get(currency);
    if (known) return known;
    const fresh = { available: balances.available(currency), owed: balances.owed(currency) };
    moved.set(currency, fresh);
    return fresh;
  };

  const split = (posting: PostingDraft): PostingDraft[] => {
    const { account, amount } = posting;
    if (account.kind !== 'AVAILABLE') return [posting];
    const now = tally(account.asset);
    // Of a credit as much as is owed goes to the debt; of a reversal what is not there becomes one.
    const toDebt = amount > 0n ? smaller(amount, now.owed) : -larger(-amount - now.available, 0n);
    now.owed -= toDebt;
    now.available += amount - toDebt;
    return [
      { account, amount: amount - toDebt },
      { account: { ...account, kind: 'OWED' as const }, amount: toDebt },
    ].filter((part) => part.amount !== 0n);
  };

  return entries.map((entry) => ({ ...entry, postings: entry.postings.flatMap(split) }));
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
