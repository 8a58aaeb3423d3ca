import { insertEvents } from './event-insert.ts';

/** The money writes and reads of an invoice: one prepared statement each (DESIGN §6, cost). */

const INVOICE_COLUMNS = `
  id, merchant_id, project_id, mode, currency, amount, order_id, description, customer_email, metadata,
  return_url, cancel_url, created_at, expires_at`;

/**
 * $1–$14 the invoice, $15–$18 the idempotency key (owner null: none), $19 the events. The lock on the project is the one
 * that the foreign key takes anyway; taken first, it waits for a merchant that is being closed and sees what came of it.
 * The project may have been blocked or archived since it was looked at.
 */
export const CREATE_INVOICE = `
  WITH shop AS (
    SELECT id FROM project
    WHERE id = $3::uuid AND archived_at IS NULL AND ($4::"Mode" = 'TEST' OR moderation = 'ACTIVE')
    FOR KEY SHARE
  ), key AS (
    INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
    SELECT $15::uuid, $16, $17, $18, $1::uuid, $13::timestamptz FROM shop WHERE $15::uuid IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING result_id
  ), created AS (
    INSERT INTO invoice (${INVOICE_COLUMNS})
    SELECT $1::uuid, $2::uuid, shop.id, $4::"Mode", $5, $6::numeric, $7, $8, $9, $10::jsonb, $11, $12,
      $13::timestamptz, $14::timestamptz
    FROM shop WHERE $15::uuid IS NULL OR EXISTS (SELECT FROM key)
    RETURNING id
  ), told AS (
    ${insertEvents('$19', 'EXISTS (SELECT FROM created)')}
  )
  SELECT id FROM created`;

export const FIND_IDEMPOTENCY_KEY = `
  SELECT input_hash, result_id FROM idempotency_key WHERE owner_id = $1 AND operation = $2 AND key = $3`;

const SNAPSHOT = `
  SELECT i.id, i.merchant_id, i.project_id, i.mode, i.currency, i.amount, i.status, i.exception, i.amount_seen,
    i.amount_paid, i.order_id, i.expires_at, i.paid_at, i.revision,
    (SELECT coalesce(json_agg(json_build_object(
        'id', q.id, 'asset', q.asset, 'network', q.network, 'amount', q.amount::text) ORDER BY q.id), '[]')
      FROM quote q WHERE q.invoice_id = i.id) AS quotes,
    (SELECT coalesce(json_agg(json_build_object(
        'id', p.id, 'quoteId', p.quote_id, 'network', p.network, 'txId', p.tx_id, 'outputIndex', p.output_index,
        'asset', p.asset, 'amount', p.amount::text, 'status', p.status, 'exception', p.exception,
        'blockHeight', p.block_height::text, 'blockHash', p.block_hash, 'sighting', p.sighting) ORDER BY p.id), '[]')
      FROM payment p WHERE p.invoice_id = i.id) AS payments
  FROM invoice i`;

export const SNAPSHOT_BY_ID = `${SNAPSHOT} WHERE i.id = $1`;

export const SNAPSHOT_BY_PAYMENT = `${SNAPSHOT} WHERE i.id = (SELECT invoice_id FROM payment WHERE id = $1)`;

/** $1 id, $2 revision seen, $3–$7 the state, $8 payments, $9 ledger transactions, $10 postings, $11 events, $12 now. */
export const WRITE_INVOICE = `
  WITH target AS (
    UPDATE invoice SET status = $3::"InvoiceStatus", exception = $4::"InvoiceException", amount_seen = $5::numeric,
      amount_paid = $6::numeric, paid_at = $7::timestamptz, revision = revision + 1
    WHERE id = $1 AND revision = $2
    RETURNING id, merchant_id, mode
  ), paid AS (
    INSERT INTO payment (id, merchant_id, invoice_id, quote_id, mode, network, tx_id, output_index, asset, amount,
      status, exception, block_height, block_hash, sighting, detected_at, credited_at)
    SELECT p.id, t.merchant_id, t.id, p."quoteId", t.mode, p.network, p."txId", p."outputIndex", p.asset, p.amount,
      p.status, p.exception, p."blockHeight", p."blockHash", p.sighting, $12::timestamptz,
      CASE WHEN p.status = 'CREDITED' THEN $12::timestamptz END
    FROM target t, jsonb_to_recordset($8::jsonb) AS p (
      id uuid, "quoteId" uuid, network text, "txId" text, "outputIndex" int, asset text, amount numeric,
      status "PaymentStatus", exception "PaymentException", "blockHeight" bigint, "blockHash" text, sighting int)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, exception = excluded.exception,
      block_height = excluded.block_height, block_hash = excluded.block_hash, sighting = excluded.sighting,
      credited_at = excluded.credited_at
  ), booked AS (
    INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, created_at)
    SELECT l.id, t.mode, l."sourceType", l."sourceId", l.kind, $12::timestamptz
    FROM target t, jsonb_to_recordset($9::jsonb) AS l (
      id uuid, "sourceType" text, "sourceId" text, kind text)
  ), posted AS (
    INSERT INTO posting (id, transaction_id, account_id, asset, amount)
    SELECT p.id, p."transactionId", p."accountId", p.asset, p.amount
    FROM target t, jsonb_to_recordset($10::jsonb) AS p (
      id uuid, "transactionId" uuid, "accountId" uuid, asset text, amount numeric)
  ), told AS (
    ${insertEvents('$11', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;

/** $1–$11 the quote, $12 the revision seen, $13 the events. A project that was blocked meanwhile gets no LIVE quote. */
export const ADD_QUOTE = `
  WITH target AS (
    UPDATE invoice SET revision = revision + 1 FROM project
    WHERE invoice.id = $2 AND revision = $12 AND project.id = invoice.project_id
      AND (invoice.mode = 'TEST' OR project.moderation = 'ACTIVE')
    RETURNING invoice.id
  ), quoted AS (
    INSERT INTO quote (id, invoice_id, asset, network, amount, rate, rate_source, rate_at, address, created_at, expires_at)
    SELECT $1::uuid, t.id, $3, $4, $5::numeric, $6::numeric, $7, $8::timestamptz, $9, $10::timestamptz, $11::timestamptz
    FROM target t
  ), told AS (
    ${insertEvents('$13', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;

/**
 * $1 now, $2 limit, $3 and $4 expiry and id of the last one read. An invoice waits, a day at most, for each network of
 * its quotes that was not read to its head since the invoice's time was over: a payment may be mined and not seen yet.
 */
export const EXPIRED_INVOICES = `
  SELECT i.id, i.expires_at FROM invoice i
  WHERE i.status IN ('CREATED', 'PARTIAL') AND i.expires_at <= $1::timestamptz
    AND i.expires_at >= $3::timestamptz AND (i.expires_at, i.id) > ($3::timestamptz, $4::uuid)
    AND NOT EXISTS (
      SELECT FROM quote q JOIN chain_cursor c ON c.network = q.network
      WHERE q.invoice_id = i.id AND i.mode = 'LIVE' AND c.updated_at < i.expires_at
        AND i.expires_at > $1::timestamptz - interval '24 hours')
  ORDER BY i.expires_at, i.id LIMIT $2`;
