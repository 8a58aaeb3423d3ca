import type { Pool, QueryResultRow } from 'pg';
import type { BlockRef, ChainStore, UnsettledPayment } from '../../usecases/ports/chain-store.ts';

const CURSOR = 'SELECT height, hash FROM chain_cursor WHERE network = $1';

const HASH_AT = 'SELECT hash FROM chain_block WHERE network = $1 AND height = $2';

/**
 * $1 network, $2 height, $3 hash, $4 now, $5 hashes kept. Moves by one block only, so that a watcher which lost its
 * leadership without knowing it cannot put the cursor elsewhere; the same block again is no error.
 */
const ADVANCE = `
  WITH moved AS (
    INSERT INTO chain_cursor (network, height, hash, updated_at) VALUES ($1, $2::bigint, $3, $4)
    ON CONFLICT (network) DO UPDATE
      SET height = excluded.height, hash = excluded.hash, updated_at = excluded.updated_at
      WHERE chain_cursor.height = excluded.height - 1
        OR (chain_cursor.height = excluded.height AND chain_cursor.hash = excluded.hash)
    RETURNING network, height, hash
  ), remembered AS (
    INSERT INTO chain_block (network, height, hash) SELECT network, height, hash FROM moved
    ON CONFLICT (network, height) DO UPDATE SET hash = excluded.hash
  ), forgotten AS (
    DELETE FROM chain_block b USING moved m WHERE b.network = m.network AND b.height <= m.height - $5::int
  )
  SELECT height FROM moved`;

/** $1 network, $2 height, $3 hash, $4 now. */
const REWIND = `
  WITH moved AS (
    UPDATE chain_cursor SET height = $2::bigint, hash = $3, updated_at = $4
    WHERE network = $1 AND height >= $2::bigint
    RETURNING network
  )
  DELETE FROM chain_block b USING moved m WHERE b.network = m.network AND b.height > $2::bigint`;

const WATCHED = `
  SELECT address, invoice_id FROM deposit_address
  WHERE network = $1 AND address = ANY ($2::text[]) AND invoice_id IS NOT NULL`;

const UNCONFIRMED = `
  SELECT id, block_height, block_hash FROM payment
  WHERE network = $1 AND status IN ('DETECTED', 'CONFIRMING')`;
const UNCONFIRMED_UP_TO = `${UNCONFIRMED} AND block_height <= $2::bigint ORDER BY block_height, id`;
const UNCONFIRMED_ABOVE = `${UNCONFIRMED} AND block_height > $2::bigint ORDER BY block_height, id`;

interface PaymentRow {
  readonly id: string;
  readonly block_height: string;
  readonly block_hash: string;
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
    async advance(network, block, keep, at) {
      const moved = await ask('chain_advance', ADVANCE, [network, block.height, block.hash, at, keep]);
      if (moved.length === 0)
        throw new Error(`${network}: the cursor is not one below block ${block.height}`);
    },
    async hashAt(network, height) {
      const [row] = await ask<{ hash: string }>('chain_hash_at', HASH_AT, [network, height]);
      return row?.hash ?? null;
    },
    async rewind(network, ancestor: BlockRef, at) {
      await ask('chain_rewind', REWIND, [network, ancestor.height, ancestor.hash, at]);
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
