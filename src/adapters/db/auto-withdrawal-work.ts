import type { Pool, PoolClient } from 'pg';
import type { AutoWithdrawalWork, RuleChange } from '../../usecases/ports/auto-withdrawal-store.ts';
import { RULE, toRule, type RuleRow } from './auto-withdrawal-store.ts';
import { createEventCursorStore } from './event-cursor-store.ts';
import { writeEvents } from './event-insert.ts';
import { inTransaction } from './transaction.ts';

/** The reader's name in `event_cursor`. */
const READER = 'auto-withdrawals';

/** $1 merchant, $2 asset, $3 cause. By the indexes on open payouts of rules, and on sources. */
const IS_BUSY = `
  SELECT EXISTS (
    SELECT FROM payout WHERE merchant_id = $1 AND currency = $2 AND origin = 'AUTO_WITHDRAWAL'
      AND status IN ('PENDING_APPROVAL', 'QUEUED', 'SIGNED', 'BROADCAST')
  ) OR EXISTS (
    SELECT FROM payout WHERE origin = 'AUTO_WITHDRAWAL' AND source_id = $3
      AND status NOT IN ('FAILED', 'CANCELLED', 'REJECTED')
  ) AS busy`;

/** The cursor is the fence, as the relay's is. */
const MOVE = `
  UPDATE event_cursor SET txid = $3, seq = $4 WHERE reader = '${READER}' AND txid = $1 AND seq = $2`;

/** $1 rule, $2 failures as they were seen, $3 failures, $4 why and $5 until when it waits, $6 when it is disabled. */
const CHANGE = `
  UPDATE auto_withdrawal SET failures = $3, waits_for = $4, look_at = $5::timestamptz, disabled_at = $6::timestamptz,
    disabled_why = CASE WHEN $6::timestamptz IS NOT NULL THEN 'FAILING' END
  WHERE id = $1 AND failures = $2 AND disabled_at IS NULL`;

export function createAutoWithdrawalWork(pool: Pool): AutoWithdrawalWork {
  return {
    cursor: () => createEventCursorStore(pool, READER).read(),

    async activeOf(merchantIds) {
      const text = `${RULE} WHERE merchant_id = ANY ($1::uuid[]) AND disabled_at IS NULL ORDER BY id`;
      const { rows } = await pool.query<RuleRow>({
        name: 'auto_withdrawals_active',
        text,
        values: [merchantIds],
      });
      return rows.map(toRule);
    },

    async dueAt(at, limit) {
      const { rows } = await pool.query<RuleRow>({
        name: 'auto_withdrawals_due',
        text: `${RULE} WHERE disabled_at IS NULL AND look_at <= $1 ORDER BY look_at LIMIT $2`,
        values: [at, limit],
      });
      return rows.map(toRule);
    },

    async isBusy({ merchantId, asset }, causeId) {
      const { rows } = await pool.query<{ busy: boolean }>(IS_BUSY, [merchantId, asset, causeId]);
      return rows[0]?.busy === true;
    },

    advance: (from, to, changes, at) =>
      inTransaction(pool, async (client) => {
        const moved = await client.query(MOVE, [from.txid, from.seq, to.txid, to.seq]);
        if (moved.rowCount !== 1) return false;
        for (const change of changes) await write(client, change, at);
        return true;
      }),
  };
}

async function write(
  client: PoolClient,
  { rule, failures, waits, disabled }: RuleChange,
  at: Date,
): Promise<void> {
  const { reason = null, lookAt = null } = waits ?? {};
  const values = [rule.id, rule.failures, failures, reason, lookAt, disabled ? at : null];
  const { rowCount } = await client.query(CHANGE, values);
  if (rowCount === 1 && disabled) await writeEvents(client, [disabled]);
}
