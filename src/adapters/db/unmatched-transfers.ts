import type { Pool } from 'pg';
import type { NewUnmatchedTransfer, UnmatchedTransfers } from '../../usecases/ports/unmatched-transfers.ts';
import { eventRows, insertEvents } from './event-insert.ts';

/**
 * $1 network, $2 and $3 the block, $4 the transfers, $5 the time, $6 the events. A known transfer keeps its row and
 * id, so the id of its repeat is not among those kept and its event is not written.
 */
const RECORD = `
  WITH kept AS (
    INSERT INTO unmatched_transfer (id, network, tx_id, output_index, contract, asset, amount, address, address_network,
      reason, invoice_id, static_wallet_id, block_height, block_hash, seen_at)
    SELECT DISTINCT ON (t.tx_id, t.contract, t.output_index) t.id, c.network, t.tx_id, t.output_index, t.contract,
      t.asset, t.amount, t.address, t.address_network, t.reason, t.invoice_id, t.static_wallet_id, $2::bigint, $3,
      $5::timestamptz
    FROM chain_cursor c, jsonb_to_recordset($4::jsonb) AS t (
      id uuid, tx_id text, output_index int, contract text, asset text, amount numeric, address text,
      address_network text, reason "UnmatchedReason", invoice_id uuid, static_wallet_id uuid)
    WHERE c.network = $1 AND c.height = $2::bigint - 1
    ON CONFLICT (network, tx_id, contract, output_index) DO UPDATE
      SET block_height = excluded.block_height, block_hash = excluded.block_hash, orphaned_at = NULL
      WHERE unmatched_transfer.orphaned_at IS NOT NULL OR unmatched_transfer.block_hash <> excluded.block_hash
    RETURNING id
  ), told AS (
    ${insertEvents('$6', 'e.subject_id IN (SELECT id FROM kept)')}
    RETURNING id
  )
  SELECT count(*)::int AS told FROM told`;

export const createUnmatchedTransfers = (pool: Pool): UnmatchedTransfers => ({
  async record(network, block, transfers, at) {
    const rows = JSON.stringify(transfers.map(rowOf));
    const events = eventRows(transfers.map(({ event }) => event));
    const result = await pool.query<{ told: number }>({
      name: 'unmatched_transfers_record',
      text: RECORD,
      values: [network, block.height, block.hash, rows, at, events],
    });
    return (result.rows[0]?.told ?? 0) > 0;
  },
});

const rowOf = ({ id, transfer, to, reason }: NewUnmatchedTransfer) => ({
  id,
  tx_id: transfer.txId,
  output_index: transfer.outputIndex,
  contract: transfer.contract ?? '',
  asset: transfer.asset,
  amount: transfer.amount.toString(),
  address: to.address,
  address_network: to.network,
  reason,
  invoice_id: 'invoiceId' in to.owner ? to.owner.invoiceId : null,
  static_wallet_id: 'staticWalletId' in to.owner ? to.owner.staticWalletId : null,
});
