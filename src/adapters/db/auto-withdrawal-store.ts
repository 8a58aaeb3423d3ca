import type { Pool } from 'pg';
import type { AutoWithdrawal } from '../../domain/payout/auto-withdrawal.ts';
import type { AutoWithdrawalStore, RuleMaker } from '../../usecases/ports/auto-withdrawal-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

/** $1 to $7 the rule, $8 now, $9 event. Waits for a closing, and sees it. */
const CREATE = `
  WITH open AS (
    SELECT id FROM merchant WHERE id = $2 AND closed_at IS NULL FOR SHARE
  ), created AS (
    INSERT INTO auto_withdrawal (id, merchant_id, asset, network, address, threshold, created_by, created_at)
    SELECT $1, open.id, $3, $4, $5, $6::numeric, $7, $8::timestamptz FROM open
    ON CONFLICT (merchant_id, asset) WHERE disabled_at IS NULL DO NOTHING
    RETURNING id
  ), told AS (
    ${insertEvents('$9', 'EXISTS (SELECT FROM created)')}
  )
  SELECT (SELECT count(*)::int FROM open) AS open, (SELECT count(*)::int FROM created) AS created`;

/** A rule with its threshold as text. */
export const RULE = `
  SELECT id, merchant_id AS "merchantId", asset, network, address, threshold::text, created_by AS "createdBy", failures,
    waits_for AS "waitsFor", look_at AS "lookAt"
  FROM auto_withdrawal`;

export interface RuleRow extends Omit<AutoWithdrawal, 'threshold' | 'waits'> {
  readonly threshold: string;
  readonly waitsFor: string | null;
  readonly lookAt: Date | null;
}

export const toRule = ({ waitsFor, lookAt, threshold, ...row }: RuleRow): AutoWithdrawal => ({
  ...row,
  threshold: BigInt(threshold),
  waits: waitsFor !== null && lookAt !== null ? { reason: waitsFor, lookAt } : null,
});

/** $1 rule, $2 why, $3 now, $4 event. */
const DISABLE = `
  WITH disabled AS (
    UPDATE auto_withdrawal SET disabled_at = $3, disabled_why = $2, waits_for = NULL, look_at = NULL
    WHERE id = $1 AND disabled_at IS NULL RETURNING id
  ), told AS (
    ${insertEvents('$4', 'EXISTS (SELECT FROM disabled)')}
  )
  SELECT id FROM disabled`;

/** $1 merchant, $2 person. */
const MAKER = `
  SELECT EXISTS (SELECT FROM totp WHERE user_id = $2 AND enabled_at IS NOT NULL) AS "hasAuthenticator", (
    SELECT json_build_object('role', m.role, 'projectIds', CASE WHEN m.restricted THEN m.project_ids END)
    FROM member m WHERE m.merchant_id = $1 AND m.user_id = $2 AND m.disabled_at IS NULL) AS member`;

export function createAutoWithdrawalStore(pool: Pool): AutoWithdrawalStore {
  return {
    async create({ id, merchantId, asset, network, address, threshold, createdBy }, at, event) {
      const rule = [id, merchantId, asset, network, address, threshold, createdBy];
      const values = [...rule, at, eventRows([event])];
      const { rows } = await pool.query<{ open: number; created: number }>(CREATE, values);
      if (rows[0]?.open !== 1) return 'closed';
      return rows[0].created === 1 ? 'created' : 'active';
    },

    async byId(id) {
      const { rows } = await pool.query<RuleRow>(`${RULE} WHERE id = $1`, [id]);
      return rows[0] ? toRule(rows[0]) : null;
    },

    async makerOf({ merchantId, createdBy }) {
      const { rows } = await pool.query<RuleMaker>(MAKER, [merchantId, createdBy]);
      return rows[0] ?? { member: null, hasAuthenticator: false };
    },

    async disable(id, why, at, event) {
      const { rows } = await pool.query(DISABLE, [id, why, at, eventRows([event])]);
      return rows.length > 0;
    },
  };
}
