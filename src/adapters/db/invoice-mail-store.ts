import type { Pool } from 'pg';
import { pageSettings } from '../../domain/project/page-settings.ts';
import type { InvoiceLetter, InvoiceMailStore } from '../../usecases/ports/invoice-mail-store.ts';
import type { Idempotency } from '../../usecases/ports/invoice-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { FIND_IDEMPOTENCY_KEY } from './invoice-statements.ts';

const LETTER = `
  SELECT i.description, i.customer_email AS "customerEmail", p.name AS "projectName", m.name AS "merchantName", p.page
  FROM invoice i JOIN project p ON p.id = i.project_id JOIN merchant m ON m.id = p.merchant_id
  WHERE i.id = $1`;

/**
 * $1 invoice, $2 the moment, $3 the event, $4–$7 the idempotency key (owner null: none). The lock waits for a payment
 * that is being written and sees what came of it.
 */
const SEND = `
  WITH payable AS (
    SELECT i.id FROM invoice i JOIN project p ON p.id = i.project_id
    WHERE i.id = $1 AND i.status IN ('CREATED', 'PARTIAL') AND i.expires_at > $2::timestamptz
      AND (i.mode = 'TEST' OR p.moderation = 'ACTIVE')
    FOR SHARE OF i
  ), key AS (
    INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
    SELECT $4::uuid, $5, $6, $7, payable.id, $2::timestamptz FROM payable WHERE $4::uuid IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING result_id
  ), sent AS (
    SELECT id FROM payable WHERE $4::uuid IS NULL OR EXISTS (SELECT FROM key)
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM sent)')}
  )
  SELECT EXISTS (SELECT FROM payable) AS payable, EXISTS (SELECT FROM sent) AS sent`;

export function createInvoiceMailStore(pool: Pool): InvoiceMailStore {
  const usedBefore = async ({ ownerId, operation, key, inputHash }: Idempotency) => {
    const { rows } = await pool.query<{ input_hash: Buffer }>({
      name: 'idempotency_find',
      text: FIND_IDEMPOTENCY_KEY,
      values: [ownerId, operation, key],
    });
    if (!rows[0]) return null;
    return rows[0].input_hash.equals(inputHash) ? 'replayed' : 'key_reused';
  };

  return {
    usedBefore,

    async letterOf(invoiceId) {
      const { rows } = await pool.query<Omit<InvoiceLetter, 'page'> & { page: unknown }>({
        name: 'invoice_letter',
        text: LETTER,
        values: [invoiceId],
      });
      return rows[0] ? { ...rows[0], page: pageSettings(rows[0].page) } : null;
    },

    async send(invoiceId, at, event, idempotency) {
      const { rows } = await pool.query<{ payable: boolean; sent: boolean }>({
        text: SEND,
        values: [
          invoiceId,
          at,
          eventRows([event]),
          idempotency?.ownerId ?? null,
          idempotency?.operation ?? null,
          idempotency?.key ?? null,
          idempotency?.inputHash ?? null,
        ],
      });
      if (rows[0]?.sent) return 'sent';
      if (!rows[0]?.payable || !idempotency) return 'not_open';
      // A request with the same key was first, and has committed while this one waited for it.
      return (await usedBefore(idempotency)) ?? 'not_open';
    },
  };
}
