import { insertEvents } from './event-insert.ts';
import { REFUNDED, writeLedger } from './invoice-statements.ts';
import { REFUND_JSON } from './refund-rows.ts';

const SELECTED = `SELECT ${REFUND_JSON} AS refund FROM refund r`;
export const BY_ID = `${SELECTED} WHERE r.id = $1`;
export const BY_CLAIM_TOKEN = `${SELECTED} WHERE r.claim_token_hash = $1`;

const STANDING = `${REFUNDED} AS standing`;

/** $1 invoice. */
export const OF_INVOICE = `
  SELECT i.sub_merchant_id AS "subMerchantId", i.customer_email AS "customerEmail", ${STANDING}
  FROM invoice i WHERE i.id = $1`;

/** $1 invoice. */
export const EACH_STANDING = `
  SELECT r.id, r.amount::text,
    r.status = 'SUCCEEDED' OR coalesce(p.status IN ('SIGNED', 'BROADCAST', 'CONFIRMED'), false) AS "isSigned"
  FROM refund r LEFT JOIN payout p ON p.origin = 'REFUND' AND p.source_id = r.id
  WHERE r.invoice_id = $1 AND r.status NOT IN ('CANCELLED', 'FAILED')
  ORDER BY r.created_at, r.id`;

/** $1 project. */
export const SHOP_NAME = `
  SELECT p.name AS "projectName", m.name AS "merchantName", p.page
  FROM project p JOIN merchant m ON m.id = p.merchant_id WHERE p.id = $1`;

/** $1 invoice. Refunds of one invoice are made one after the other; what is read behind the lock stays true. */
export const LOCK_INVOICE = 'SELECT revision FROM invoice WHERE id = $1 FOR NO KEY UPDATE';

/** $1 invoice, under its lock. A statement of its own, so that it sees what was committed before the lock was given. */
export const STANDING_OF = `SELECT ${STANDING} FROM invoice i WHERE i.id = $1`;

/**
 * $1 to $30 the refund, $31 ledger transactions, $32 postings, $33 events, $34 to $37 the idempotency key (owner null:
 * none).
 */
export const CREATE = `
  WITH key AS (
    INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
    SELECT $34::uuid, $35, $36, $37, $1::uuid, $30::timestamptz WHERE $34::uuid IS NOT NULL
  ), target AS (
    INSERT INTO refund (id, merchant_id, project_id, mode, invoice_id, status, reason, description, currency, amount,
      debit_currency, debit_amount, asset, network, asset_amount, network_fee, rate, debit_rate, rate_source, rate_at,
      sub_merchant_id, customer_email, address, claim_token_hash, claim_expires_at, claim_sent_at, address_at,
      actor_type, actor_id, created_at)
    VALUES ($1, $2, $3, $4::"Mode", $5, $6::"RefundStatus", $7::"RefundReason", $8, $9, $10::numeric, $11, $12::numeric,
      $13, $14, $15::numeric, $16::numeric, $17::numeric, $18::numeric, $19, $20::timestamptz, $21, $22, $23, $24,
      $25::timestamptz, $26::timestamptz, $27::timestamptz, $28, $29, $30::timestamptz)
    RETURNING id, mode, project_id
  ), ${writeLedger('target', '$31', '$32', '$30')}, told AS (
    ${insertEvents('$33', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;

/**
 * $1 refund, $2 its status and $3 revision as they were seen, $4 the new status, $5 address, $6 customer's e-mail address,
 * $7 expiry of the claim, $8 whether the token changes, $9 its hash, $10 failure, $11 ledger transactions, $12 postings,
 * $13 events, $14 now, $15 who named the inbox, $16 whether the link has run out, $17 to $20 the idempotency key (owner
 * null: none).
 */
export const CHANGE = `
  WITH target AS (
    UPDATE refund SET status = $4::"RefundStatus", revision = revision + 1, address = $5::text, customer_email = $6::text,
      claim_expires_at = $7::timestamptz, claim_expired = $16::boolean OR (
        claim_expired AND $4 = 'PREPARED' AND $5::text IS NULL AND claim_expires_at IS NOT DISTINCT FROM $7::timestamptz),
      claim_token_hash = CASE WHEN $8::boolean THEN $9::bytea ELSE claim_token_hash END,
      claim_sent_at = CASE WHEN $8::boolean AND $9::bytea IS NOT NULL THEN $14::timestamptz ELSE claim_sent_at END,
      address_at = CASE WHEN address IS NULL AND $5::text IS NOT NULL THEN $14::timestamptz ELSE address_at END,
      transferred_at = CASE WHEN $4 = 'SUCCEEDED' THEN $14::timestamptz END,
      failure = coalesce($10::text, failure),
      inbox_named_by = CASE WHEN $15::uuid IS NULL OR $15::uuid = ANY (inbox_named_by) THEN inbox_named_by
        ELSE inbox_named_by || $15::uuid END
    WHERE id = $1 AND status = $2::"RefundStatus" AND revision = $3 AND NOT ($16::boolean AND claim_expired)
    RETURNING id, mode, project_id
  ), key AS (
    INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
    SELECT $17::uuid, $18::text, $19::text, $20::bytea, id, $14::timestamptz FROM target WHERE $17::uuid IS NOT NULL
    ON CONFLICT DO NOTHING
  ), ${writeLedger('target', '$11', '$12', '$14')}, told AS (
    ${insertEvents('$13', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;
