import type { Pool } from 'pg';
import { withDebts, type Balances } from '../../domain/ledger/balances.ts';
import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import { balanceMoved } from './ledger-rows.ts';

const BALANCES = `
  SELECT kind, asset, balance::text FROM ledger_account
  WHERE merchant_id = $1 AND mode = $2::"Mode" AND kind IN ('AVAILABLE', 'OWED')`;

/** A debt that this many writers moved in a row points to a fault, not to traffic. */
const MAX_ATTEMPTS = 20;

/**
 * Writes entries that give money back: what a merchant owes is paid first, as by every credit. Done again when the debt
 * moved meanwhile, which the database refuses.
 */
export async function debtsFirst<Entry extends LedgerEntry, T>(
  pool: Pool,
  mode: string,
  entries: readonly Entry[],
  write: (entries: readonly Entry[]) => Promise<T>,
): Promise<T> {
  const freed = entries
    .flatMap(({ postings }) => postings)
    .find(({ account, amount }) => account.kind === 'AVAILABLE' && amount > 0n)?.account;
  if (!freed) return await write(entries);
  for (let attempt = 1; ; attempt++) {
    const balances = await balancesOf(pool, freed.merchantId, mode);
    try {
      return await write(withDebts(entries, balances));
    } catch (error) {
      if (!balanceMoved(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function balancesOf(pool: Pool, merchantId: string | null, mode: string): Promise<Balances> {
  const { rows } = await pool.query<{ kind: string; asset: string; balance: string }>({
    name: 'debts_balances',
    text: BALANCES,
    values: [merchantId, mode],
  });
  const of = (kind: string, asset: string): bigint =>
    BigInt(rows.find((row) => row.kind === kind && row.asset === asset)?.balance ?? 0);
  return { available: (asset) => of('AVAILABLE', asset), owed: (asset) => -of('OWED', asset) };
}
