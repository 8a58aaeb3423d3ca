import { insertEvents } from './event-insert.ts';
import { writeLedger } from './invoice-statements.ts';
import { PAYING_ROLES } from './paying-roles.ts';
import { PAYOUT_JSON } from './payout-rows.ts';

const PAYING = PAYING_ROLES.map((role) => `'${role}'`).join(', ');

/** What people know the refund or rebound by that a payout carries out. */
export const sourceNames = (origin: string, sourceId: string): string => `
  SELECT of.invoice_id AS "invoiceId", i.order_id AS "orderId", (
    SELECT string_agg(name, ', ' ORDER BY name) FROM (
      SELECT email AS name FROM "user" WHERE id = ANY(of.inbox_named_by)
      UNION ALL SELECT name FROM api_key WHERE id = ANY(of.inbox_named_by)
    ) named
  ) AS "inboxNamedBy"
  FROM (
    SELECT invoice_id, inbox_named_by FROM refund WHERE ${origin} = 'REFUND' AND id = ${sourceId}
    UNION ALL SELECT invoice_id, inbox_named_by FROM rebound WHERE ${origin} = 'REBOUND' AND id = ${sourceId}
  ) of LEFT JOIN invoice i ON i.id = of.invoice_id`;

export const BY_ID = `SELECT ${PAYOUT_JSON} AS payout FROM payout p WHERE p.id = $1`;

export const OF_SOURCE = `
  SELECT ${PAYOUT_JSON} AS payout FROM payout p WHERE p.origin = $1::"PayoutOrigin" AND p.source_id = $2
    AND p.origin IN ('REFUND', 'REBOUND')`;

export const POLICY = `
  SELECT approvals_required AS "approvalsRequired", approval_above AS "approvalAbove", daily_limit AS "dailyLimit",
    revision
  FROM payout_policy WHERE merchant_id = $1`;

/** $1 merchant, $2 to $4 the policy, $5 now, $6 event. */
export const SET_POLICY = `
  WITH written AS (
    INSERT INTO payout_policy (merchant_id, approvals_required, approval_above, daily_limit, revision, updated_at)
    VALUES ($1, $2, $3, $4, 1, $5)
    ON CONFLICT (merchant_id) DO UPDATE SET approvals_required = excluded.approvals_required,
      approval_above = excluded.approval_above, daily_limit = excluded.daily_limit,
      revision = payout_policy.revision + 1, updated_at = excluded.updated_at
    RETURNING merchant_id
  ), told AS (
    ${insertEvents('$6', 'EXISTS (SELECT FROM written)')}
  )
  SELECT merchant_id FROM written`;

/** $1 merchant, $2 mode, $3 currency. OWED is below zero by what is owed. */
export const AVAILABLE = `
  SELECT coalesce(sum(balance), 0)::text AS available FROM ledger_account
  WHERE merchant_id = $1 AND mode = $2::"Mode" AND asset = $3 AND kind IN ('AVAILABLE', 'OWED')`;

/**
 * $1 merchant, $2 mode, $3 currency, $4 since. What failed or was called off has not left. A refund counts from its
 * beginning, in the asset that leaves and in the currency that is debited for it, and its payout not again; a rebound is the
 * payer's own money until somebody named the inbox in which the payer is asked.
 */
export const LEFT_SINCE = `
  SELECT (
    (SELECT coalesce(sum(debited), 0) FROM payout
      WHERE merchant_id = $1 AND mode = $2::"Mode" AND currency = $3 AND created_at > $4
        AND origin NOT IN ('REFUND', 'REBOUND') AND status NOT IN ('FAILED', 'CANCELLED', 'REJECTED'))
    + (SELECT coalesce(sum(CASE asset WHEN $3 THEN asset_amount ELSE debit_amount END), 0) FROM refund
      WHERE merchant_id = $1 AND mode = $2::"Mode" AND (asset = $3 OR debit_currency = $3) AND created_at > $4
        AND status NOT IN ('FAILED', 'CANCELLED'))
    + (SELECT coalesce(sum(amount), 0) FROM rebound
      WHERE merchant_id = $1 AND mode = $2::"Mode" AND asset = $3 AND inbox_named_at > $4 AND status <> 'REJECTED')
  )::text AS sum`;

/**
 * Whether what is on its way out since $2, and this payout ($1), come to more than the merchant's limit of a day: a row for
 * each currency in which they do. What waited leaves when it is signed or taken, whenever it was asked for. Counted as
 * LEFT_SINCE does.
 */
export const BEYOND_DAY = `
  WITH it AS (
    SELECT p.id, p.merchant_id, p.mode, p.currency, r.debit_currency FROM payout p
      LEFT JOIN refund r ON p.origin = 'REFUND' AND r.id = p.source_id
    WHERE p.id = $1::uuid AND (p.origin <> 'REBOUND'
      OR EXISTS (SELECT FROM rebound b WHERE b.id = p.source_id AND b.inbox_named_at IS NOT NULL))
  ), day_limit AS (
    SELECT it.merchant_id, it.mode, it.id, l.key AS currency, l.value::numeric AS most
    FROM it JOIN payout_policy y ON y.merchant_id = it.merchant_id, jsonb_each_text(y.daily_limit) l
    WHERE l.key IN (it.currency, it.debit_currency)
  )
  SELECT l.currency FROM day_limit l WHERE l.most < (
    SELECT coalesce(sum(CASE p.currency WHEN l.currency THEN p.debited ELSE r.debit_amount END), 0)
    FROM (
      SELECT id FROM payout WHERE id = l.id
      UNION SELECT id FROM payout WHERE merchant_id = l.merchant_id AND mode = l.mode AND signed_at > $2::timestamptz
        AND status NOT IN ('FAILED', 'CANCELLED', 'REJECTED')
      UNION SELECT id FROM payout WHERE merchant_id = l.merchant_id AND mode = l.mode AND taken_at > $2::timestamptz
        AND status NOT IN ('FAILED', 'CANCELLED', 'REJECTED')
    ) leaving JOIN payout p USING (id) LEFT JOIN refund r ON p.origin = 'REFUND' AND r.id = p.source_id
    WHERE (p.currency = l.currency OR r.debit_currency = l.currency)
      AND (p.origin <> 'REBOUND'
        OR EXISTS (SELECT FROM rebound b WHERE b.id = p.source_id AND b.inbox_named_at IS NOT NULL)))`;

/**
 * $1 to $24 the payout, $25 ledger transactions, $26 postings, $27 events, $28 to $31 the idempotency key (owner null:
 * none).
 */
export const CREATE = `
  WITH key AS (
    INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
    SELECT $28::uuid, $29, $30, $31, $1::uuid, $24::timestamptz WHERE $28::uuid IS NOT NULL
  ), chosen AS (
    SELECT $19::uuid AS id
    UNION SELECT unnest(inbox_named_by) FROM refund WHERE id = $22::uuid AND $6::"PayoutOrigin" = 'REFUND'
    UNION SELECT unnest(inbox_named_by) FROM rebound WHERE id = $22::uuid AND $6::"PayoutOrigin" = 'REBOUND'
  ), makers AS (
    SELECT id FROM chosen WHERE id IS NOT NULL
    UNION SELECT k.created_by FROM chosen JOIN api_key k ON k.id = chosen.id WHERE k.created_by IS NOT NULL
  ), target AS (
    INSERT INTO payout (id, merchant_id, project_id, mode, kind, origin, status, currency, network, address,
      bank_account_id, debited, fee, network_fee, arrives, approvals_required, reference, actor_type, actor_id, batch_id,
      batch_row, source_id, queued_at, created_at, makers)
    VALUES ($1, $2, $3, $4::"Mode", $5::"PayoutKind", $6::"PayoutOrigin", $7::"PayoutStatus", $8, $9, $10, $11,
      $12::numeric, $13::numeric, $14::numeric, $15::numeric, $16, $17, $18, $19::uuid, $20, $21, $22::uuid, $23::timestamptz,
      $24::timestamptz, ARRAY(SELECT id FROM makers))
    RETURNING id, mode, project_id
  ), ${writeLedger('target', '$25', '$26', '$24')}, told AS (
    ${insertEvents('$27', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;

/** $1 owner, $2 operation, $3 key, $4 hash of the input, $5 what it leads to, $6 now. No row for a key that was used. */
export const NEW_KEY = `
  INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;

/**
 * $1 payout, $2 its status and $3 revision as they were seen, $4 the new status, $5 failure, $6 bank reference, $7 ledger
 * transactions, $8 postings, $9 events, $10 now.
 */
export const CHANGE = `
  WITH target AS (
    UPDATE payout SET status = $4::"PayoutStatus", revision = revision + 1, waits_for = NULL, waits_asset = NULL, waits_since = NULL,
      failure = coalesce($5, failure), bank_reference = coalesce($6, bank_reference),
      queued_at = CASE WHEN $4 = 'QUEUED' THEN $10::timestamptz ELSE queued_at END,
      ended_at = CASE WHEN $4 IN ('CONFIRMED', 'FAILED', 'CANCELLED', 'REJECTED') THEN $10::timestamptz END
    WHERE id = $1 AND status = $2::"PayoutStatus" AND revision = $3
    RETURNING id, mode, project_id
  ), ${writeLedger('target', '$7', '$8', '$10')}, told AS (
    ${insertEvents('$9', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;

/** $1 payout, $2 its revision as it was seen, $3 operator, $4 now, $5 events. */
export const TAKE = `
  WITH target AS (
    UPDATE payout SET taken_at = $4::timestamptz, taken_by = $3::uuid, revision = revision + 1
    WHERE id = $1 AND kind = 'FIAT' AND status = 'QUEUED' AND taken_at IS NULL AND revision = $2
    RETURNING id
  ), told AS (
    ${insertEvents('$5', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;

/** $1 payout, $2 the revision that the member saw. Locks it, so that of two last approvals one sees the other. */
export const LOCK_WAITING = `
  SELECT approvals_required AS required FROM payout
  WHERE id = $1 AND status = 'PENDING_APPROVAL' AND revision = $2 FOR NO KEY UPDATE`;

/** $1 merchant, $2 member: since when, or null since ever; no row for one who may not agree (any more). */
export const PAYING_SINCE = `
  SELECT paying_since AS since FROM member
  WHERE merchant_id = $1 AND user_id = $2 AND disabled_at IS NULL AND role IN (${PAYING})`;

/** $1 id, $2 payout, $3 member, $4 revision, $5 now. */
export const APPROVE = `
  INSERT INTO payout_approval (id, payout_id, user_id, revision, at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (payout_id, user_id, revision) DO NOTHING`;

/** Consents to the payout `p` at its revision, of members who may still agree to it. */
export const CONSENTS = `
  SELECT count(*)::int FROM payout_approval a
    JOIN member m ON m.merchant_id = p.merchant_id AND m.user_id = a.user_id
  WHERE a.payout_id = p.id AND a.revision = p.revision AND m.disabled_at IS NULL AND m.role IN (${PAYING})
    AND (NOT m.restricted OR p.project_id = ANY(m.project_ids))`;

/** $1 payout. */
export const COUNT_APPROVALS = `SELECT (${CONSENTS}) AS count FROM payout p WHERE p.id = $1`;

/** $1 payout, $2 now. */
export const QUEUE = `
  UPDATE payout SET status = 'QUEUED', revision = revision + 1, queued_at = $2 WHERE id = $1`;

/** $1 who asked, a member or an API key, $2 the bank account. */
export const NAMES = `
  SELECT s.*,
    coalesce((SELECT email FROM "user" WHERE id = $1), (SELECT name FROM api_key WHERE id = $1)) AS "askedBy",
    b.holder, b.account
  FROM (VALUES (1)) one LEFT JOIN bank_account b ON b.id = $2
    LEFT JOIN LATERAL (${sourceNames('$3::text', '$4::uuid')}) s ON true`;
