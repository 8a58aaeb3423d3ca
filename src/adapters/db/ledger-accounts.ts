import type { Pool } from 'pg';
import type { AccountRef } from '../../domain/ledger/entries.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';

export interface LedgerAccounts {
  /** Opens the accounts that do not exist and gives a look-up of their ids. */
  idsOf(mode: string, accounts: readonly AccountRef[]): Promise<(account: AccountRef) => string>;
}

const OPEN_ACCOUNTS = `
  WITH wanted AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS w (
      id uuid, mode "Mode", kind "LedgerAccountKind", asset text, "merchantId" uuid, network text)
  ), opened AS (
    INSERT INTO ledger_account (id, mode, kind, asset, merchant_id, network)
    SELECT id, mode, kind, asset, "merchantId", network FROM wanted
    ON CONFLICT DO NOTHING
  )
  SELECT 1`;

const FIND_ACCOUNTS = `
  SELECT a.id, w.key FROM jsonb_to_recordset($1::jsonb) AS w (
    key text, mode "Mode", kind "LedgerAccountKind", asset text, "merchantId" uuid, network text)
  JOIN ledger_account a ON a.mode = w.mode AND a.kind = w.kind AND a.asset = w.asset
    AND a.merchant_id IS NOT DISTINCT FROM w."merchantId" AND a.network IS NOT DISTINCT FROM w.network`;

/** Ids that are kept in memory; an account never changes its id. */
const CACHE_SIZE = 100_000;

export function createLedgerAccounts(pool: Pool, ids: IdSource): LedgerAccounts {
  const known = new Map<string, string>();

  return {
    async idsOf(mode, accounts) {
      const missing = new Map(
        accounts
          .map((account): [string, AccountRef] => [keyOf(mode, account), account])
          .filter(([key]) => !known.has(key)),
      );
      if (missing.size > 0) {
        const wanted = JSON.stringify(
          Array.from(missing, ([key, account]) => ({ ...account, key, mode, id: ids.next() })),
        );
        await pool.query({ name: 'ledger_accounts_open', text: OPEN_ACCOUNTS, values: [wanted] });
        const { rows } = await pool.query<{ id: string; key: string }>({
          name: 'ledger_accounts_find',
          text: FIND_ACCOUNTS,
          values: [wanted],
        });
        if (known.size > CACHE_SIZE) known.clear();
        for (const row of rows) known.set(row.key, row.id);
      }
      const found = new Map(
        accounts.map((account) => [keyOf(mode, account), known.get(keyOf(mode, account))]),
      );
      return (account) => {
        const id = found.get(keyOf(mode, account));
        if (id === undefined) throw new Error(`ledger account ${keyOf(mode, account)} was not opened`);
        return id;
      };
    },
  };
}

const keyOf = (mode: string, { kind, asset, merchantId, network }: AccountRef): string =>
  [mode, kind, asset, merchantId ?? '', network ?? ''].join('/');
