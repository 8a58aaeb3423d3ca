import type { Pool } from 'pg';
import type { CoinCollect } from '../../usecases/ports/coin-collect.ts';

/**
 * Blocks, besides those that a coin must have, below what was looked at that are looked at again: a reorg may put a payment into a lower block. What a deeper
 * one moved is found at the next start.
 */
const OVERLAP = 200n;

/**
 * $1 network, $2 its coin, $3 height, $4 confirmations, $5 overlap. Payments of later statements are in a block above the cursor, or among those that
 * are not confirmed yet, so the next call need not look below both.
 */
const COLLECT = `
  WITH open_payment AS (
    SELECT min(block_height) AS height FROM payment
    WHERE network = $1 AND (status = 'DETECTED' OR status = 'CONFIRMING')
  ), added AS (
    INSERT INTO coin (id, network, tx_id, output_index, amount, path, address)
    SELECT gen_random_uuid(), p.network, p.tx_id, p.output_index, p.amount,
      '0/' || coalesce(w.derivation_index, i.derivation_index), coalesce(w.address, i.address)
    FROM chain_cursor h JOIN payment p ON p.network = h.network AND p.block_height <= h.height - $4::int + 1
      LEFT JOIN deposit_address i ON i.invoice_id = p.invoice_id AND i.network = p.network
      LEFT JOIN deposit_address w ON w.static_wallet_id = p.static_wallet_id AND w.network = p.network
    WHERE h.network = $1 AND p.asset = $2 AND p.mode = 'LIVE' AND p.block_height >= $3::bigint
      AND p.status IN ('CONFIRMED', 'CREDITED') AND coalesce(w.derivation_index, i.derivation_index) IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM coin c
        WHERE c.network = p.network AND c.tx_id = p.tx_id AND c.output_index = p.output_index)
    ON CONFLICT DO NOTHING
  ), removed AS (
    DELETE FROM coin c USING payment p
    WHERE c.network = $1 AND c.spend_id IS NULL AND c.change_of_id IS NULL
      AND p.network = $1 AND p.status = 'ORPHANED' AND p.tx_id = c.tx_id AND p.output_index = c.output_index
      AND NOT EXISTS (
        SELECT FROM payment o
        WHERE o.network = $1 AND o.tx_id = c.tx_id AND o.output_index = c.output_index AND o.status <> 'ORPHANED')
  )
  SELECT coalesce(
    (SELECT greatest(least(c.height, o.height) - $5::bigint, 0) FROM chain_cursor c, open_payment o WHERE c.network = $1),
    $3::bigint)::text AS next`;

/** Coins on PostgreSQL. */
export const createCoinCollect = (pool: Pool): CoinCollect => ({
  async collect({ network, asset, confirmations }, fromHeight) {
    const { rows } = await pool.query<{ next: string }>({
      name: 'coin_collect',
      text: COLLECT,
      values: [network, asset, fromHeight, confirmations, OVERLAP + BigInt(confirmations)],
    });
    return BigInt(rows[0]?.next ?? fromHeight);
  },
});
