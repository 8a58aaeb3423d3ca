import type { Pool } from 'pg';
import type { BalanceView, MerchantReads, ProjectView } from '../../usecases/ports/merchant-reads.ts';

/** The account of debts goes below zero. */
const BALANCES = `
  SELECT asset,
    coalesce(sum(balance) FILTER (WHERE kind = 'PENDING'), 0)::text AS pending,
    coalesce(sum(balance) FILTER (WHERE kind = 'AVAILABLE'), 0)::text AS available,
    coalesce(sum(balance) FILTER (WHERE kind = 'HELD'), 0)::text AS held,
    coalesce(-sum(balance) FILTER (WHERE kind = 'OWED'), 0)::text AS owed
  FROM ledger_account WHERE merchant_id = $1 AND mode = $2::"Mode" GROUP BY asset ORDER BY asset`;

const PROJECTS = `
  SELECT id, name, moderation, archived_at AS "archivedAt" FROM project
  WHERE merchant_id = $1 ORDER BY created_at, id LIMIT $2`;

type BalanceRow = Record<keyof BalanceView, string>;

export const createMerchantReads = (pool: Pool): MerchantReads => ({
  async balances(merchantId, mode) {
    const query = { name: 'merchant_balances', text: BALANCES, values: [merchantId, mode] };
    const { rows } = await pool.query<BalanceRow>(query);
    return rows.map(({ asset, pending, available, held, owed }) => ({
      asset,
      pending: BigInt(pending),
      available: BigInt(available),
      held: BigInt(held),
      owed: BigInt(owed),
    }));
  },
  async projects(merchantId, limit) {
    const query = { name: 'merchant_projects', text: PROJECTS, values: [merchantId, limit] };
    return (await pool.query<ProjectView>(query)).rows;
  },
});
