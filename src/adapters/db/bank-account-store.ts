import type { Pool } from 'pg';
import type { BankAccount } from '../../domain/payout/bank-account.ts';
import type { BankAccountStore } from '../../usecases/ports/bank-account-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

/** $1 id, $2 merchant, $3 to $7 the details, $8 now, $9 usable from, $10 event. Waits for a closing, and sees it. */
const ADD = `
  WITH open AS (
    SELECT id FROM merchant WHERE id = $2 AND closed_at IS NULL FOR SHARE
  ), added AS (
    INSERT INTO bank_account (id, merchant_id, currency, holder, account, bank_code, country, created_at, usable_at)
    SELECT $1, open.id, $3, $4, $5, $6, $7, $8::timestamptz, $9::timestamptz FROM open
    ON CONFLICT (merchant_id, currency, country, account, (coalesce(bank_code, ''))) WHERE removed_at IS NULL DO NOTHING
    RETURNING id
  ), told AS (
    ${insertEvents('$10', 'EXISTS (SELECT FROM added)')}
  )
  SELECT (SELECT count(*)::int FROM open) AS open, (SELECT count(*)::int FROM added) AS added`;

const BY_ID = `
  SELECT id, merchant_id AS "merchantId", currency, holder, account, bank_code AS "bankCode", country,
    usable_at AS "usableAt", removed_at AS "removedAt"
  FROM bank_account WHERE id = $1`;

const REMOVE = `
  WITH removed AS (
    UPDATE bank_account SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL RETURNING id
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM removed)')}
  )
  SELECT id FROM removed`;

export function createBankAccountStore(pool: Pool): BankAccountStore {
  return {
    async add({ id, merchantId, currency, holder, account, bankCode, country, usableAt }, at, event) {
      const details = [currency, holder, account, bankCode, country];
      const values = [id, merchantId, ...details, at, usableAt, eventRows([event])];
      const { rows } = await pool.query<{ open: number; added: number }>(ADD, values);
      if (rows[0]?.open !== 1) return 'closed';
      return rows[0].added === 1 ? 'added' : 'listed';
    },

    async byId(id) {
      const { rows } = await pool.query<BankAccount>(BY_ID, [id]);
      return rows[0] ?? null;
    },

    async remove(id, at, event) {
      const { rows } = await pool.query(REMOVE, [id, at, eventRows([event])]);
      return rows.length > 0;
    },
  };
}
