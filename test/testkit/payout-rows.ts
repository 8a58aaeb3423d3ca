import type { Pool } from 'pg';
import { vi } from 'vitest';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import { globalIdOf, rowIdOf } from './facts.ts';

/** A payout as it stands in its table; ids are row ids. */
export interface PayoutRowInput {
  readonly mode?: 'TEST' | 'LIVE';
  readonly projectId?: string | null;
  readonly origin?: string;
  readonly status?: string;
  readonly currency?: string;
  readonly network?: string;
  readonly address?: string;
  readonly reference?: string | null;
  readonly txId?: string | null;
  readonly actorId?: string | null;
  readonly batchId?: string | null;
  readonly batchRow?: number | null;
  readonly sourceId?: string | null;
  readonly createdAt?: Date;
}

const INSERT = `
  INSERT INTO payout (id, merchant_id, project_id, mode, kind, origin, status, currency, network, address, debited, fee,
    network_fee, arrives, approvals_required, reference, actor_type, actor_id, batch_id, batch_row, source_id, tx_id,
    created_at, queued_at, signed_at, broadcast_at, ended_at, makers)
  VALUES ($1, $2, $3, $4::"Mode", 'CRYPTO', $5::"PayoutOrigin", $6::text::"PayoutStatus", $7, $8, $9, 5000000, 100, 200, 4999700,
    CASE WHEN $6::text = 'PENDING_APPROVAL' THEN 1 ELSE 0 END, $10, CASE WHEN $11::uuid IS NULL THEN 'SYSTEM' ELSE 'USER' END,
    $11::uuid, $12, $13, $14, $15, $16::timestamptz, CASE WHEN $6::text <> 'PENDING_APPROVAL' THEN $16::timestamptz END,
    CASE WHEN $6::text IN ('SIGNED', 'BROADCAST', 'CONFIRMED') THEN $16::timestamptz END,
    CASE WHEN $6::text IN ('BROADCAST', 'CONFIRMED') THEN $16::timestamptz END,
    CASE WHEN $6::text IN ('CONFIRMED', 'FAILED', 'CANCELLED', 'REJECTED') THEN $16::timestamptz END,
    array_remove(ARRAY[$11::uuid], NULL))`;

/** A payout of 5 USDT straight into the table, without its money; gives the global id. */
export async function insertPayoutRow(pool: Pool, merchantId: string, row: PayoutRowInput): Promise<string> {
  const id = uuidSource.next();
  await pool.query(INSERT, [
    id,
    rowIdOf(merchantId),
    row.projectId ?? null,
    row.mode ?? 'TEST',
    row.origin ?? 'REQUEST',
    row.status ?? 'QUEUED',
    row.currency ?? 'USDT',
    row.network ?? 'ETHEREUM',
    row.address ?? '0x71C7656EC7ab88b098defB751B7401B5f6d8976F',
    row.reference ?? null,
    row.actorId ?? null,
    row.batchId ?? null,
    row.batchRow ?? null,
    row.sourceId ?? null,
    row.txId ?? null,
    row.createdAt ?? new Date(),
  ]);
  return globalIdOf('Payout', id);
}

/** Waits until a refund or rebound that was claimed has its payout. */
export const payoutMade = (pool: Pool, sourceId: string): Promise<boolean> =>
  vi.waitUntil(
    async () =>
      (await pool.query('SELECT FROM payout WHERE source_id = $1', [rowIdOf(sourceId)])).rows.length > 0,
    { timeout: 10_000 },
  );
