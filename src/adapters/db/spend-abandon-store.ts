import type { Pool } from 'pg';
import type { SpendAbandonStore, SpendAtWork } from '../../usecases/ports/spend-abandon-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

/** $1 network, $2 transaction. */
const BY_TRANSACTION = `
  SELECT s.id, s.network, s.kind, s.payout_id AS "payoutId", s.status IN ('SIGNED', 'BROADCAST') AS "isOpen",
    s.stuck_for AS "stuckFor", s.given_up_at IS NOT NULL AS "isGivenUp"
  FROM spend_transaction t JOIN spend s ON s.id = t.spend_id
  WHERE t.tx_id = $2 AND s.network = $1`;

/** $1 spend, $2 events, $3 now. Not its revision: the sender's round goes on from the row as it was. */
const GIVE_UP = `
  WITH seen AS (
    UPDATE spend SET given_up_at = $3::timestamptz
    WHERE id = $1::uuid AND status IN ('SIGNED', 'BROADCAST') AND stuck_for = 'FOREIGN' AND given_up_at IS NULL
    RETURNING id
  ), told AS (
    ${insertEvents('$2', 'EXISTS (SELECT FROM seen)')}
  )
  SELECT id FROM seen`;

/** Spends that operators give up, on PostgreSQL. */
export const createSpendAbandonStore = (pool: Pool): SpendAbandonStore => ({
  async byTransaction(network, txId) {
    const values = [network, txId];
    const { rows } = await pool.query<SpendAtWork>({
      name: 'spend_by_transaction',
      text: BY_TRANSACTION,
      values,
    });
    return rows[0] ?? null;
  },

  async giveUp(spendId, event, at) {
    const values = [spendId, eventRows([event]), at];
    return ((await pool.query({ name: 'spend_give_up', text: GIVE_UP, values })).rowCount ?? 0) > 0;
  },
});
