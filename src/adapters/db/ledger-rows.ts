import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { LedgerAccounts } from './ledger-accounts.ts';
import { exactJson } from './payment-rows.ts';

/** Entries as the jsonb texts that `writeLedger` reads; opens the accounts that do not exist. */
export async function ledgerRows(
  mode: string,
  entries: readonly (LedgerEntry & { readonly id: string })[],
  accounts: LedgerAccounts,
  ids: IdSource,
): Promise<{ transactions: string; postings: string }> {
  const refs = entries.flatMap((entry) => entry.postings.map((posting) => posting.account));
  const accountId = await accounts.idsOf(mode, refs);
  const postings = entries.flatMap((entry) =>
    entry.postings.map(({ account, amount }) => ({
      id: ids.next(),
      transactionId: entry.id,
      accountId: accountId(account),
      asset: account.asset,
      amount,
    })),
  );
  return {
    transactions: exactJson(
      entries.map(({ id, sourceType, sourceId, kind }) => ({ id, sourceType, sourceId, kind })),
    ),
    postings: exactJson(postings),
  };
}

/** Constraints that say that balances are others than those the change was computed from. */
const OF_BALANCES = new Set(['ledger_account_not_negative', 'ledger_account_owed_is_debt']);

/** Whether a write was refused because a balance had changed meanwhile: it is computed anew then. */
export const balanceMoved = (error: unknown): boolean =>
  error instanceof Error &&
  'constraint' in error &&
  typeof error.constraint === 'string' &&
  OF_BALANCES.has(error.constraint);
