import type { Pool } from 'pg';
import { createPayoutStore } from '../../../src/adapters/db/payout-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import type { Payout } from '../../../src/domain/payout/payout.ts';
import { requested } from '../../../src/domain/payout/payout-money.ts';
import { rowIdOf } from '../../testkit/facts.ts';

const BOOK = `
  WITH booked AS (
    INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, created_at)
    VALUES (gen_random_uuid(), $1::"Mode", 'TEST', gen_random_uuid()::text, 'BOOKED', now()) RETURNING id
  )
  INSERT INTO posting (id, transaction_id, account_id, asset, amount)
  SELECT gen_random_uuid(), booked.id, a.id, $2, CASE WHEN a.merchant_id IS NULL THEN -$3::numeric ELSE $3::numeric END
  FROM booked, ledger_account a WHERE a.asset = $2 AND a.mode = $1::"Mode"
    AND ((a.kind = 'AVAILABLE' AND a.merchant_id = $4) OR (a.kind = 'INCOMING' AND a.merchant_id IS NULL))`;

/** Puts money on a merchant's balance, as if it had come in. */
export async function bookAvailable(
  pool: Pool,
  merchantId: string,
  currency: string,
  amount: bigint,
  mode: 'TEST' | 'LIVE' = 'LIVE',
): Promise<void> {
  const account = `
    INSERT INTO ledger_account (id, mode, kind, asset, merchant_id)
    VALUES (gen_random_uuid(), $1::"Mode", $2::"LedgerAccountKind", $3, $4) ON CONFLICT DO NOTHING`;
  await pool.query(account, [mode, 'AVAILABLE', currency, rowIdOf(merchantId)]);
  await pool.query(account, [mode, 'INCOMING', currency, null]);
  await pool.query(BOOK, [mode, currency, amount, rowIdOf(merchantId)]);
}

/** A payout as the use cases make it; ids are row ids. */
export async function insertPayout(
  pool: Pool,
  payout: Pick<Payout, 'merchantId' | 'target' | 'currency' | 'debited'> & Partial<Payout>,
): Promise<Payout> {
  const made: Payout = {
    id: uuidSource.next(),
    projectId: null,
    mode: 'LIVE',
    origin: 'REQUEST',
    fee: 100n,
    networkFee: 0n,
    arrives: payout.debited - 100n,
    status: 'QUEUED',
    revision: 0,
    approvalsRequired: 0,
    createdBy: null,
    sourceId: null,
    createdAt: new Date(),
    ...payout,
  };
  const created = await createPayoutStore(pool, uuidSource).create({
    payout: made,
    reference: null,
    batch: null,
    entries: [{ ...requested(made), id: uuidSource.next() }],
    events: [],
    idempotency: null,
    dailyLimit: null,
  });
  if (created.kind !== 'created') throw new Error(created.kind);
  return made;
}

/** What a merchant has in a currency, by kind of account. */
export async function balancesIn(
  pool: Pool,
  merchantId: string,
  currency: string,
): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ kind: string; balance: string }>(
    `SELECT kind, balance::text FROM ledger_account WHERE merchant_id = $1 AND asset = $2 ORDER BY kind`,
    [rowIdOf(merchantId), currency],
  );
  return Object.fromEntries(rows.map(({ kind, balance }) => [kind, balance]));
}
