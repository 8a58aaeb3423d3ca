import type { Pool, QueryResultRow } from 'pg';
import type {
  BlockRef,
  ChainStore,
  MisplacedPayment,
  UnsettledPayment,
} from '../../usecases/ports/chain-store.ts';

const CURSOR = 'SELECT height, hash FROM chain_cursor WHERE network = $1';

const HASH_AT = 'SELECT hash FROM chain_block WHERE network = $1 AND height = $2';

/**
 * $1 network, $2 height, $3 hash, $4 hashes kept. Moves by one block only, so that a watcher which lost its
 * leadership without knowing it cannot put the cursor elsewhere; the same block again is no error.
 */
const ADVANCE = `
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
  )
  SELECT height FROM moved`;

/** $1 network, $2 height, $3 hash, $4 when the head was asked for. */
const CAUGHT_UP = `
  UPDATE chain_cursor SET updated_at = $4
  WHERE network = $1 AND height = $2::bigint AND hash = $3 AND updated_at < $4`;

/** $1 network, $2 height, $3 hash. Until it is caught up again the network holds its invoices open (EXPIRED_INVOICES). */
const REWIND = `
  WITH moved AS (
    UPDATE chain_cursor SET height = $2::bigint, hash = $3, updated_at = to_timestamp(0)
    WHERE network = $1 AND height >= $2::bigint
    RETURNING network
  )
  DELETE FROM chain_block b USING moved m WHERE b.network = m.network AND b.height > $2::bigint`;

const WATCHED = `
  SELECT address, invoice_id FROM deposit_address
  WHERE network = $1 AND address = ANY ($2::text[]) AND invoice_id IS NOT NULL`;

const UNCONFIRMED = `p.network = $1 AND p.mode = 'LIVE' AND p.status IN ('DETECTED', 'CONFIRMING')`;
const OLDEST_FIRST = 'ORDER BY p.block_height, p.id';

/** A watcher that lost its leadership may still write a payment of a fork: only the remembered chain is confirmed. */
const UNCONFIRMED_UP_TO = `
  SELECT p.id, p.block_height, p.block_hash FROM payment p
  JOIN chain_block b ON b.network = p.network AND b.height = p.block_height AND b.hash = p.block_hash
  WHERE ${UNCONFIRMED} AND p.block_height <= $2::bigint ${OLDEST_FIRST}`;

const MISPLACED_UP_TO = `
  SELECT p.id, p.block_height, p.block_hash, b.hash AS remembered FROM payment p
  LEFT JOIN chain_block b ON b.network = p.network AND b.height = p.block_height
  WHERE ${UNCONFIRMED} AND p.block_height <= $2::bigint AND b.hash IS DISTINCT FROM p.block_hash ${OLDEST_FIRST}`;

const UNCONFIRMED_ABOVE = `
  SELECT p.id, p.block_height, p.block_hash FROM payment p
  WHERE ${UNCONFIRMED} AND p.block_height > $2::bigint ${OLDEST_FIRST}`;

interface PaymentRow {
  readonly id: string;
  readonly block_height: string;
  readonly block_hash: string;
}

interface MisplacedRow extends PaymentRow {
  readonly remembered: string | null;
}

/** The watchers' memory, one prepared statement a method, each by an index. */
export function createChainStore(pool: Pool): ChainStore {
  const ask = async <Row extends QueryResultRow>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<Row[]> => (await pool.query<Row>({ name, text, values })).rows;

  return {
    async cursor(network) {
      const [row] = await ask<{ height: string; hash: string }>('chain_cursor', CURSOR, [network]);
      return row ? { height: BigInt(row.height), hash: row.hash } : null;
    },
    async advance(network, block, keep) {
      const moved = await ask('chain_advance', ADVANCE, [network, block.height, block.hash, keep]);
      if (moved.length === 0)
        throw new Error(`${network}: the cursor is not one below block ${block.height}`);
    },
    async hashAt(network, height) {
      const [row] = await ask<{ hash: string }>('chain_hash_at', HASH_AT, [network, height]);
      return row?.hash ?? null;
    },
    async caughtUp(network, cursor, at) {
      await ask('chain_caught_up', CAUGHT_UP, [network, cursor.height, cursor.hash, at]);
    },
    async rewind(network, ancestor: BlockRef) {
      await ask('chain_rewind', REWIND, [network, ancestor.height, ancestor.hash]);
    },
    async watched(network, addresses) {
      const rows = await ask<{ address: string; invoice_id: string }>('chain_watched', WATCHED, [
        network,
        addresses,
      ]);
      return rows.map((row) => ({ address: row.address, invoiceId: row.invoice_id }));
    },
    async unconfirmedUpTo(network, height) {
      return (await ask<PaymentRow>('chain_unconfirmed_up_to', UNCONFIRMED_UP_TO, [network, height])).map(
        unsettled,
      );
    },
    async misplacedUpTo(network, height) {
      const rows = await ask<MisplacedRow>('chain_misplaced_up_to', MISPLACED_UP_TO, [network, height]);
      return rows.map((row): MisplacedPayment => ({ ...unsettled(row), remembered: row.remembered }));
    },
    async unconfirmedAbove(network, height) {
      return (await ask<PaymentRow>('chain_unconfirmed_above', UNCONFIRMED_ABOVE, [network, height])).map(
        unsettled,
      );
    },
  };
}

const unsettled = (row: PaymentRow): UnsettledPayment => ({
  paymentId: row.id,
  blockHeight: BigInt(row.block_height),
  blockHash: row.block_hash,
});
