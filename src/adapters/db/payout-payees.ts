import type { Pool } from 'pg';
import type { MakerGone, PayoutPayees } from '../../usecases/ports/payout-payees.ts';
import { PAYING_ROLES } from './paying-roles.ts';

const NAMED_BY = {
  REFUND: 'SELECT inbox_named_by AS "namedBy" FROM refund WHERE id = $1',
  REBOUND: 'SELECT inbox_named_by AS "namedBy" FROM rebound WHERE id = $1',
} as const;

const PAYING = PAYING_ROLES.map((role) => `'${role}'`).join(', ');

/** $1 people and API keys, $2 merchant, $3 project or null. */
const GONE = `
  SELECT CASE
    WHEN EXISTS (SELECT FROM api_key WHERE id = ANY ($1::uuid[]) AND revoked_at IS NOT NULL) THEN 'KEY_REVOKED'
    WHEN EXISTS (
      SELECT FROM "user" u WHERE u.id = ANY ($1::uuid[]) AND NOT EXISTS (
        SELECT FROM member m
        WHERE m.merchant_id = $2::uuid AND m.user_id = u.id AND m.disabled_at IS NULL AND m.role IN (${PAYING})
          AND (NOT m.restricted OR $3::uuid = ANY (m.project_ids)))
    ) THEN 'MEMBER_GONE'
  END AS gone`;

export function createPayoutPayees(pool: Pool): PayoutPayees {
  const inboxNamedBy: PayoutPayees['inboxNamedBy'] = async ({ origin, sourceId }) => {
    if (origin !== 'REFUND' && origin !== 'REBOUND') return [];
    const { rows } = await pool.query<{ namedBy: string[] }>(NAMED_BY[origin], [sourceId]);
    return rows[0]?.namedBy ?? [];
  };
  return {
    inboxNamedBy,
    async whoIsGone({ merchantId, projectId, createdBy, ...payout }) {
      const makers = [...(createdBy === null ? [] : [createdBy.id]), ...(await inboxNamedBy(payout))];
      if (makers.length === 0) return null;
      const values = [makers, merchantId, projectId];
      const { rows } = await pool.query<{ gone: MakerGone | null }>({
        name: 'makers_gone',
        text: GONE,
        values,
      });
      return rows[0]?.gone ?? null;
    },
  };
}
