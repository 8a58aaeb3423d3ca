import type { Pool } from 'pg';
import type { LeftBehind, RefundCourseReads } from '../../usecases/ports/refund-course-reads.ts';

type Kind = LeftBehind['kind'];
type Status = NonNullable<Extract<LeftBehind, { kind: 'REFUND' | 'REBOUND' }>['end']>['status'];

/** $1 after this id, $2 how many. Few are under way at a time: each branch has an index of those alone. */
const LEFT_BEHIND = `
  SELECT * FROM (
    SELECT 'REFUND' AS kind, r.id, p.status, p.tx_id AS "txId", p.failure
    FROM refund r LEFT JOIN payout p ON p.origin = 'REFUND' AND p.source_id = r.id
    WHERE r.status = 'PREPARED' AND r.address IS NOT NULL AND (p.id IS NULL OR p.ended_at IS NOT NULL)
    UNION ALL
    SELECT 'REBOUND', r.id, p.status, p.tx_id, p.failure
    FROM rebound r LEFT JOIN payout p ON p.origin = 'REBOUND' AND p.source_id = r.id
    WHERE r.status = 'WITHDRAW_REQUESTED' AND (p.id IS NULL OR p.ended_at IS NOT NULL)
    UNION ALL
    SELECT 'PAYMENT', y.id, NULL, NULL, NULL
    FROM payment y
    WHERE y.decision = 'REBOUND'
      AND NOT EXISTS (SELECT FROM rebound r WHERE r.payment_id = y.id AND r.status = 'PENDING')
  ) left_behind
  WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`;

/** $1 now, $2 how many. */
const EXPIRED_CLAIMS = `
  SELECT kind, id FROM (
    (SELECT 'REFUND' AS kind, id, claim_expires_at FROM refund
      WHERE status = 'PREPARED' AND address IS NULL AND NOT claim_expired AND claim_expires_at <= $1
      ORDER BY claim_expires_at, id LIMIT $2)
    UNION ALL
    (SELECT 'REBOUND', id, claim_expires_at FROM rebound
      WHERE status = 'PENDING' AND NOT claim_expired AND claim_expires_at <= $1
      ORDER BY claim_expires_at, id LIMIT $2)
  ) due ORDER BY claim_expires_at, id LIMIT $2`;

export const createRefundCourseReads = (pool: Pool): RefundCourseReads => ({
  async expiredClaims(at, limit) {
    const { rows } = await pool.query<{ kind: 'REFUND' | 'REBOUND'; id: string }>({
      name: 'claims_expired',
      text: EXPIRED_CLAIMS,
      values: [at, limit],
    });
    return rows;
  },

  async leftBehind(after, limit) {
    const { rows } = await pool.query<{
      kind: Kind;
      id: string;
      status: Status | null;
      txId: string | null;
      failure: string | null;
    }>({ name: 'refunds_left_behind', text: LEFT_BEHIND, values: [after, limit] });
    return rows.map(({ kind, id, status, ...end }) =>
      kind === 'PAYMENT' ? { kind, id } : { kind, id, end: status && { status, ...end } },
    );
  },
});
