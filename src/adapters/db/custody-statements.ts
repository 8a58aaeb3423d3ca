/** What the custody check reads and writes (docs/decisions/0045). The reads of one snapshot share a transaction. */

/** $1 network. */
export const BLOCK = 'SELECT height::text, hash FROM chain_cursor WHERE network = $1';

/**
 * $1 network, $2 its coin, $3 height. CUSTODY is negative by what is held. Of payments up to the block what waits for
 * confirmations is on the chain and not in CUSTODY; of those above it what was credited is in CUSTODY and not there yet.
 * Spends that ended above the block are booked, and at the block they had not happened.
 */
export const BOOKED = `
  SELECT asset, sum(amount)::text AS amount FROM (
    SELECT asset, -balance AS amount FROM ledger_account
    WHERE kind = 'CUSTODY' AND network = $1 AND mode = 'LIVE'
    UNION ALL
    SELECT asset, CASE WHEN block_height <= $3::bigint THEN amount - credited - held ELSE -(credited + held) END
    FROM payment
    WHERE network = $1 AND mode = 'LIVE' AND status <> 'ORPHANED'
      AND (credited + held < amount OR block_height > $3::bigint OR block_height IS NULL)
    UNION ALL
    SELECT asset, amount FROM spend
    WHERE network = $1 AND kind = 'PAYOUT' AND status = 'CONFIRMED' AND block_height > $3::bigint
    UNION ALL
    SELECT $2, fee_paid FROM spend WHERE network = $1 AND block_height > $3::bigint
  ) part GROUP BY asset`;

/** $1 network: addresses that were paid to by payers, or by the gateway for gas. */
export const ADDRESSES = `
  WITH payee AS (
    SELECT DISTINCT invoice_id, static_wallet_id FROM payment WHERE network = $1 AND mode = 'LIVE'
  )
  SELECT d.address FROM payee JOIN deposit_address d ON d.invoice_id = payee.invoice_id AND d.network = $1
  UNION
  SELECT d.address FROM payee JOIN deposit_address d ON d.static_wallet_id = payee.static_wallet_id AND d.network = $1
  UNION
  SELECT to_address FROM spend WHERE network = $1 AND kind = 'TOP_UP'`;

/**
 * $1 network, $2 its coin. Those that are free or given to spends that are not over, payments that are no coins yet, and
 * the change that open spends may have made.
 */
export const COINS = `
  SELECT c.tx_id AS "txId", c.output_index AS "outputIndex" FROM coin c LEFT JOIN spend s ON s.id = c.spend_id
  WHERE c.network = $1 AND (s.id IS NULL OR s.status IN ('SIGNED', 'BROADCAST'))
  UNION
  SELECT p.tx_id, p.output_index FROM payment p
  WHERE p.network = $1 AND p.asset = $2 AND p.mode = 'LIVE' AND p.status <> 'ORPHANED' AND p.block_height IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM coin c WHERE c.network = $1 AND c.tx_id = p.tx_id AND c.output_index = p.output_index)
  UNION
  SELECT t.tx_id, t.change_index FROM spend s JOIN spend_transaction t ON t.spend_id = s.id
  WHERE s.network = $1 AND s.status IN ('SIGNED', 'BROADCAST') AND t.change_index IS NOT NULL`;

/** $1 network. */
export const LAST = `
  SELECT id, network, asset, ledger::text, chain::text, height::text, at, differs_since AS "differsSince",
    told_at AS "toldAt", told_difference::text AS "toldDifference"
  FROM custody_check WHERE network = $1`;
