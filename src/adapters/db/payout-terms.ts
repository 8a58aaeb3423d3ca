import type { Pool } from 'pg';
import { keptAmounts, NO_FEES } from '../../domain/fee/fee-schedule.ts';
import type { PayoutBankAccount, PayoutTerms } from '../../usecases/ports/payout-terms.ts';

const NIL_ID = '00000000-0000-0000-0000-000000000000';

/** $1 merchant, $2 project: the nearest schedule of project, merchant and gateway. */
const FEES = `
  SELECT basis_points AS "basisPoints", fixed, network,
    payout_minimums AS "payoutMinimums" FROM fee_schedule f
  WHERE COALESCE(f.project_id, f.merchant_id, '${NIL_ID}'::uuid)
    IN (coalesce($2::uuid, $1::uuid), $1::uuid, '${NIL_ID}'::uuid)
  ORDER BY f.project_id IS NULL, f.merchant_id IS NULL LIMIT 1`;

const BANK_ACCOUNT = `
  SELECT currency, usable_at AS "usableAt" FROM bank_account
  WHERE id = $2 AND merchant_id = $1 AND removed_at IS NULL`;

interface FeesRow {
  readonly basisPoints: number;
  readonly fixed: unknown;
  readonly network: unknown;
  readonly payoutMinimums: unknown;
}

export const createPayoutTerms = (pool: Pool): PayoutTerms => ({
  async feesOf(merchantId, projectId) {
    const { rows } = await pool.query<FeesRow>({
      name: 'payout_fees',
      text: FEES,
      values: [merchantId, projectId],
    });
    const [row] = rows;
    if (!row) return { ...NO_FEES, payoutMinimums: {} };
    return {
      basisPoints: row.basisPoints,
      fixed: keptAmounts(row.fixed),
      network: keptAmounts(row.network),
      payoutMinimums: keptAmounts(row.payoutMinimums),
    };
  },

  async bankAccount(merchantId, bankAccountId) {
    const { rows } = await pool.query<PayoutBankAccount>(BANK_ACCOUNT, [merchantId, bankAccountId]);
    return rows[0] ?? null;
  },
});
