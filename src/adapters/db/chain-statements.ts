/** The watchers' statements, each by an index. */

export const CURSOR = 'SELECT height, hash FROM chain_cursor WHERE network = $1';

export const HASH_AT = 'SELECT hash FROM chain_block WHERE network = $1 AND height = $2';

/**
 * $1 network, $2 height, $3 hash, $4 hashes kept, $5 the time. Moves by one block only, so that a watcher which lost
 * its leadership without knowing it cannot put the cursor elsewhere; the same block again is no error. Hashes above
 * are from before the cursor stepped back: another block than theirs at this height has none of them above it.
 */
export const ADVANCE = `
  WITH moved AS (
    INSERT INTO chain_cursor (network, height, hash, updated_at) VALUES ($1, $2::bigint, $3, to_timestamp(0))
    ON CONFLICT (network) DO UPDATE
      SET height = excluded.height, hash = excluded.hash
      WHERE chain_cursor.height = excluded.height - 1
        OR (chain_cursor.height = excluded.height AND chain_cursor.hash = excluded.hash)
    RETURNING network, height, hash
  ), remembered AS (
    INSERT INTO chain_block (network, height, hash) SELECT network, height, hash FROM moved
    ON CONFLICT (network, height) DO UPDATE SET hash = excluded.hash
  ), forgotten AS (
    DELETE FROM chain_block b USING moved m
    WHERE b.network = m.network AND b.height <= m.height - $4::int AND NOT EXISTS (
      SELECT FROM payment p
      WHERE p.network = b.network AND p.block_height = b.height AND p.mode = 'LIVE'
        AND p.status IN ('DETECTED', 'CONFIRMING'))
  ), replaced AS (
    DELETE FROM chain_block b USING moved m JOIN chain_block was ON was.network = m.network AND was.height = m.height
    WHERE b.network = m.network AND b.height > m.height AND was.hash <> m.hash
  ), orphaned AS (
    UPDATE unmatched_transfer u SET orphaned_at = $5::timestamptz FROM moved m
    WHERE u.network = m.network AND u.block_height >= m.height AND u.block_hash <> m.hash AND u.orphaned_at IS NULL
      AND NOT EXISTS (
        SELECT FROM chain_block b WHERE b.network = u.network AND b.height = u.block_height AND b.hash = u.block_hash
          AND b.height > m.height)
  )
  SELECT height FROM moved`;

/** $1 network, $2 height, $3 hash, $4 when the head was asked for. */
export const CAUGHT_UP = `
  UPDATE chain_cursor SET updated_at = $4
  WHERE network = $1 AND height = $2::bigint AND hash = $3 AND updated_at < $4`;

/** Until it is caught up again the network holds its invoices open (EXPIRED_INVOICES). */
const MOVED_BACK = `
  UPDATE chain_cursor SET height = $4::bigint, hash = $5, updated_at = to_timestamp(0)
  WHERE network = $1 AND height = $2::bigint AND hash = $3
  RETURNING network, height`;

/** $1 network, $2 and $3 the cursor, $4 and $5 the ancestor, $6 the time. */
export const REWIND = `
  WITH moved AS (${MOVED_BACK}
  ), forgotten AS (
    DELETE FROM chain_block b USING moved m WHERE b.network = m.network AND b.height > m.height
  ), orphaned AS (
    UPDATE unmatched_transfer u SET orphaned_at = $6::timestamptz FROM moved m
    WHERE u.network = m.network AND u.block_height > m.height AND u.orphaned_at IS NULL
  )
  SELECT height FROM moved`;

/** $1 network, $2 and $3 the cursor, $4 and $5 where it goes. */
export const STEP_BACK = MOVED_BACK;

/** An EVM address exists on every EVM network, so the network that it was given out for is no condition. */
export const WATCHED = `
  SELECT address, network, invoice_id, static_wallet_id FROM deposit_address
  WHERE address = ANY ($1::text[]) AND (invoice_id IS NOT NULL OR static_wallet_id IS NOT NULL)`;

/** $1 network, $2 transactions. */
export const TOP_UPS = `
  SELECT t.tx_id FROM spend_transaction t JOIN spend s ON s.id = t.spend_id
  WHERE t.tx_id = ANY ($2::text[]) AND s.network = $1 AND s.kind = 'TOP_UP'`;

const STANDING = `
  p.id, p.invoice_id, p.static_wallet_id, p.block_height, p.block_hash,
  p.status IN ('CONFIRMED', 'CREDITED') AS is_confirmed`;
const UNCONFIRMED = `p.network = $1 AND p.mode = 'LIVE' AND p.status IN ('DETECTED', 'CONFIRMING')`;
const OLDEST_FIRST = 'ORDER BY p.block_height, p.id';

/** $1 network, $2 and $3 the cursor, $4 the hash of the next block or null. */
export const STALE = `
  SELECT ${STANDING} FROM chain_cursor c
  JOIN payment p ON p.network = c.network AND p.block_height > c.height AND p.mode = 'LIVE' AND p.status <> 'ORPHANED'
  WHERE c.network = $1 AND c.height = $2::bigint AND c.hash = $3
    AND p.block_hash IS DISTINCT FROM $4::text
    AND (
      NOT EXISTS (
        SELECT FROM chain_block b
        WHERE b.network = p.network AND b.height = p.block_height AND b.hash = p.block_hash)
      OR EXISTS (
        SELECT FROM chain_block b WHERE b.network = c.network AND b.height = c.height + 1 AND b.hash <> $4::text))
  ${OLDEST_FIRST}`;

/**
 * $1 network, $2 the highest block taken in, $3 the highest final one or null. A watcher that lost its leadership may
 * still write a payment of a fork: only the remembered chain is confirmed.
 */
export const CONFIRMABLE = `
  SELECT ${STANDING} FROM payment p
  JOIN chain_block b ON b.network = p.network AND b.height = p.block_height AND b.hash = p.block_hash
  WHERE ${UNCONFIRMED} AND p.block_height <= least($2::bigint, $3::bigint)
    AND ($3::bigint IS NOT NULL OR p.block_height + p.confirmations_required - 1 <= $2::bigint) ${OLDEST_FIRST}`;

export const MISPLACED_UP_TO = `
  SELECT ${STANDING}, b.hash AS remembered FROM payment p
  LEFT JOIN chain_block b ON b.network = p.network AND b.height = p.block_height
  WHERE ${UNCONFIRMED} AND p.block_height <= $2::bigint AND b.hash IS DISTINCT FROM p.block_hash ${OLDEST_FIRST}`;

export const POOLED = `
  SELECT p.id, p.invoice_id, p.static_wallet_id, p.tx_id FROM payment p
  WHERE ${UNCONFIRMED} AND p.block_height IS NULL ORDER BY p.id`;

/** $1 network, $2 height, $3 head, $4 finalized, $5 last error, $6 its time, $7 stopped, $8 when the head was asked. */
export const REPORT = `
  INSERT INTO chain_status AS s (network, height, head, finalized, last_error, last_error_at, stopped, updated_at)
  VALUES ($1, $2::bigint, $3::bigint, $4::bigint, $5, $6::timestamptz, $7, $8::timestamptz)
  ON CONFLICT (network) DO UPDATE SET
    height = coalesce(excluded.height, s.height), head = coalesce(excluded.head, s.head),
    finalized = coalesce(excluded.finalized, s.finalized),
    last_error = coalesce(excluded.last_error, s.last_error),
    last_error_at = coalesce(excluded.last_error_at, s.last_error_at),
    stopped = excluded.stopped, updated_at = coalesce(excluded.updated_at, s.updated_at)`;
