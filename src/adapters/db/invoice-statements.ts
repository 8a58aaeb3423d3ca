import { insertEvents } from './event-insert.ts';

/** Where an expression index stands for a row of the gateway itself. */
const NIL_ID = '00000000-0000-0000-0000-000000000000';

/** The money writes and reads of an invoice: one prepared statement each (DESIGN §6, cost). */

const INVOICE_COLUMNS = `
  id, merchant_id, project_id, mode, currency, amount, order_id, description, customer_email, metadata,
  return_url, cancel_url, created_at, expires_at, customer_ref, sub_merchant_id, payment_link_id`;

/**
 * $1–$14 and $20–$22 the invoice, $15–$18 the idempotency key (owner null: none), $19 the events. The lock on the project is the one
 * that the foreign key takes anyway; taken first, it waits for a merchant that is being closed and sees what came of it.
 * The project may have been blocked or archived since it was looked at, and the payment link disabled.
 */
export const CREATE_INVOICE = `
  WITH shop AS (
    SELECT id FROM project
    WHERE id = $3::uuid AND archived_at IS NULL AND ($4::"Mode" = 'TEST' OR moderation = 'ACTIVE')
      AND ($22::uuid IS NULL OR EXISTS (SELECT FROM payment_link l WHERE l.id = $22::uuid AND l.disabled_at IS NULL))
    FOR KEY SHARE
  ), key AS (
    INSERT INTO idempotency_key (owner_id, operation, key, input_hash, result_id, created_at)
    SELECT $15::uuid, $16, $17, $18, $1::uuid, $13::timestamptz FROM shop WHERE $15::uuid IS NOT NULL
    ON CONFLICT DO NOTHING
    RETURNING result_id
  ), created AS (
    INSERT INTO invoice (${INVOICE_COLUMNS})
    SELECT $1::uuid, $2::uuid, shop.id, $4::"Mode", $5, $6::numeric, $7, $8, $9, $10::jsonb, $11, $12,
      $13::timestamptz, $14::timestamptz, $20, $21, $22::uuid
    FROM shop WHERE $15::uuid IS NULL OR EXISTS (SELECT FROM key)
    RETURNING id
  ), told AS (
    ${insertEvents('$19', 'EXISTS (SELECT FROM created)')}
  )
  SELECT id FROM created`;

export const FIND_IDEMPOTENCY_KEY = `
  SELECT input_hash, result_id FROM idempotency_key WHERE owner_id = $1 AND operation = $2 AND key = $3`;

/** What a statement that computes a change reads besides its row: `owner` is an alias with project, merchant and mode. */
export const contextOf = (owner: string): string => `
    (SELECT json_build_object(
        'underpaidAmount', r.underpaid_amount::text, 'underpaidCurrency', r.underpaid_currency,
        'underpaidBasisPoints', r.underpaid_basis_points,
        'policies', json_build_object('underpaid', r.underpaid_policy, 'overpaid', r.overpaid_policy,
          'late', r.late_policy, 'duplicate', r.duplicate_policy),
        'monitoringSeconds', r.monitoring_seconds, 'rateLockSeconds', r.rate_lock_seconds,
        'rateSpreadBasisPoints', r.rate_spread_basis_points, 'settlementCurrency', r.settlement_currency,
        'networkFeePayer', r.network_fee_payer, 'confirmations', r.confirmations)
      FROM project r WHERE r.id = ${owner}.project_id) AS rules,
    (SELECT json_build_object('basisPoints', f.basis_points, 'fixed', f.fixed, 'network', f.network)
      FROM fee_schedule f
      WHERE COALESCE(f.project_id, f.merchant_id, '${NIL_ID}'::uuid)
        IN (${owner}.project_id, ${owner}.merchant_id, '${NIL_ID}'::uuid)
      ORDER BY f.project_id IS NULL, f.merchant_id IS NULL LIMIT 1) AS fees,
    (SELECT coalesce(json_agg(json_build_object('kind', a.kind, 'asset', a.asset, 'balance', a.balance::text)), '[]')
      FROM ledger_account a
      WHERE a.merchant_id = ${owner}.merchant_id AND a.mode = ${owner}.mode AND a.kind IN ('AVAILABLE', 'OWED')
    ) AS balances`;

/** A payment as JSON, with exact numbers as text and times as milliseconds. */
export const PAYMENT_JSON = `json_build_object(
        'id', p.id, 'quoteId', p.quote_id, 'network', p.network, 'txId', p.tx_id, 'outputIndex', p.output_index,
        'asset', p.asset, 'amount', p.amount::text, 'status', p.status, 'exception', p.exception,
        'blockHeight', p.block_height::text, 'blockHash', p.block_hash, 'sighting', p.sighting,
        'confirmationsRequired', p.confirmations_required, 'credited', p.credited::text, 'held', p.held::text,
        'heldReason', p.held_reason, 'decision', p.decision, 'fee', p.fee::text, 'networkFee', p.network_fee::text,
        'settled', p.settled::text, 'settledCurrency', p.settled_currency, 'rate', p.rate::text,
        'rateSource', p.rate_source, 'rateAt', extract(epoch FROM p.rate_at) * 1000,
        'settlementCurrency', p.settlement_currency, 'settlementRate', p.settlement_rate::text,
        'orphanedAt', extract(epoch FROM p.orphaned_at) * 1000)`;

/** What the refunds of invoice `i` that stand add up to, in its currency. */
export const REFUNDED = `
  (SELECT coalesce(sum(amount), 0)::text FROM refund
    WHERE invoice_id = i.id AND status NOT IN ('CANCELLED', 'FAILED'))`;

const SNAPSHOT = `
  SELECT i.id, i.merchant_id, i.project_id, i.mode, i.currency, i.amount, i.status, i.exception, i.amount_seen,
    i.amount_paid, i.accepted, i.order_id, i.expires_at, i.paid_at, i.revision, ${REFUNDED} AS refunded,
    (SELECT coalesce(json_agg(json_build_object(
        'id', q.id, 'asset', q.asset, 'network', q.network, 'price', q.price::text, 'amount', q.amount::text,
        'feeBasisPoints', q.fee_basis_points, 'fixedFee', q.fixed_fee::text, 'networkFee', q.network_fee::text,
        'settlementCurrency', q.settlement_currency, 'settlementRate', q.settlement_rate::text,
        'createdAt', extract(epoch FROM q.created_at) * 1000,
        'expiresAt', extract(epoch FROM q.expires_at) * 1000) ORDER BY q.id), '[]')
      FROM quote q WHERE q.invoice_id = i.id) AS quotes,
    (SELECT coalesce(json_agg(${PAYMENT_JSON} ORDER BY p.id), '[]')
      FROM payment p WHERE p.invoice_id = i.id) AS payments,${contextOf('i')}
  FROM invoice i`;

export const SNAPSHOT_BY_ID = `${SNAPSHOT} WHERE i.id = $1`;

export const SNAPSHOT_BY_PAYMENT = `${SNAPSHOT} WHERE i.id = (SELECT invoice_id FROM payment WHERE id = $1)`;

/**
 * A branch of a WITH that writes payments as `paymentRows` gives them, new or changed.
 *
 * @param from a branch with merchant_id, project_id and mode, and with invoice_id and static_wallet_id (one is null)
 * @param rows where the rows are bound
 * @param at where the moment is bound
 */
export const writePayments = (from: string, rows: `$${number}`, at: `$${number}`): string => `
    INSERT INTO payment (id, merchant_id, project_id, invoice_id, static_wallet_id, quote_id, mode, network, tx_id,
      output_index, asset, amount, status, exception, block_height, block_hash, confirmations_required, sighting,
      credited, held, held_reason, decision, fee, network_fee, settled, settled_currency, rate, rate_source, rate_at,
      settlement_currency, settlement_rate, detected_at, credited_at, orphaned_at)
    SELECT p.id, t.merchant_id, t.project_id, t.invoice_id, t.static_wallet_id, p."quoteId", t.mode, p.network,
      p."txId", p."outputIndex", p.asset, p.amount, p.status, p.exception, p."blockHeight", p."blockHash",
      p."confirmationsRequired", p.sighting, p.credited, p.held, p."heldReason", p.decision, p.fee, p."networkFee",
      p.settled, p."settledCurrency", p.rate, p."rateSource", p."rateAt", p."settlementCurrency", p."settlementRate",
      ${at}::timestamptz, CASE WHEN p.status = 'CREDITED' THEN ${at}::timestamptz END, p."orphanedAt"
    FROM ${from} t, jsonb_to_recordset(${rows}::jsonb) AS p (
      id uuid, "quoteId" uuid, network text, "txId" text, "outputIndex" int, asset text, amount numeric,
      status "PaymentStatus", exception "PaymentException", "blockHeight" bigint, "blockHash" text,
      "confirmationsRequired" int, sighting int, credited numeric, held numeric, "heldReason" "HeldReason",
      decision "HeldDecision", fee numeric, "networkFee" numeric, settled numeric, "settledCurrency" text,
      rate numeric, "rateSource" text, "rateAt" timestamptz, "settlementCurrency" text, "settlementRate" numeric,
      "orphanedAt" timestamptz)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, exception = excluded.exception,
      asset = excluded.asset, amount = excluded.amount, quote_id = excluded.quote_id, rate = excluded.rate,
      rate_source = excluded.rate_source, rate_at = excluded.rate_at,
      settlement_currency = excluded.settlement_currency, settlement_rate = excluded.settlement_rate,
      block_height = excluded.block_height, block_hash = excluded.block_hash, sighting = excluded.sighting,
      confirmations_required = excluded.confirmations_required, credited = excluded.credited, held = excluded.held,
      held_reason = excluded.held_reason, decision = excluded.decision, fee = excluded.fee,
      network_fee = excluded.network_fee, settled = excluded.settled, settled_currency = excluded.settled_currency,
      credited_at = CASE WHEN excluded.status = 'CREDITED' THEN coalesce(payment.credited_at, excluded.credited_at) END,
      orphaned_at = excluded.orphaned_at, revision = payment.revision + 1`;

/**
 * Branches `booked` and `posted` of a WITH that write ledger entries; the rows are those of `ledgerRows`.
 *
 * @param from a branch with mode and project_id
 */
export const writeLedger = (
  from: string,
  transactions: `$${number}`,
  postings: `$${number}`,
  at: `$${number}`,
): string => `
  booked AS (
    INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, project_id, created_at)
    SELECT l.id, t.mode, l."sourceType", l."sourceId", l.kind, t.project_id, ${at}::timestamptz
    FROM ${from} t, jsonb_to_recordset(${transactions}::jsonb) AS l (
      id uuid, "sourceType" text, "sourceId" text, kind text)
  ), posted AS (
    INSERT INTO posting (id, transaction_id, account_id, asset, amount, project_id, created_at)
    SELECT p.id, p."transactionId", p."accountId", p.asset, p.amount, t.project_id, ${at}::timestamptz
    FROM ${from} t, jsonb_to_recordset(${postings}::jsonb) AS p (
      id uuid, "transactionId" uuid, "accountId" uuid, asset text, amount numeric)
  )`;

/**
 * $1 id, $2 revision seen, $3–$7 the state, $8 payments, $9 ledger transactions, $10 postings, $11 events, $12 now,
 * $13 the value accepted for the whole.
 */
export const WRITE_INVOICE = `
  WITH target AS (
    UPDATE invoice SET status = $3::"InvoiceStatus", exception = $4::"InvoiceException", amount_seen = $5::numeric,
      amount_paid = $6::numeric, paid_at = $7::timestamptz, accepted = $13::numeric, revision = revision + 1
    WHERE id = $1 AND revision = $2
    RETURNING id, id AS invoice_id, NULL::uuid AS static_wallet_id, merchant_id, project_id, mode
  ), paid AS (${writePayments('target', '$8', '$12')}
  ), ${writeLedger('target', '$9', '$10', '$12')}, told AS (
    ${insertEvents('$11', 'EXISTS (SELECT FROM target)')}
  )
  SELECT id FROM target`;

/** $1–$18 the quote, $19 the revision seen, $20 the events. A project that was blocked meanwhile gets no LIVE quote. */
export const ADD_QUOTE = `
  WITH target AS (
    UPDATE invoice SET revision = revision + 1 FROM project
    WHERE invoice.id = $2 AND revision = $19 AND project.id = invoice.project_id
      AND (invoice.mode = 'TEST' OR project.moderation = 'ACTIVE')
    RETURNING invoice.id
  ), quoted AS (
    INSERT INTO quote (id, invoice_id, asset, network, price, amount, rate, rate_source, rate_at, spread_basis_points,
      fee_basis_points, fixed_fee, network_fee, settlement_currency, settlement_rate, address, created_at, expires_at)
    SELECT $1::uuid, t.id, $3, $4, $5::numeric, $6::numeric, $7::numeric, $8, $9::timestamptz, $10::int, $11::int,
      $12::numeric, $13::numeric, $14, $15::numeric, $16, $17::timestamptz, $18::timestamptz
    FROM target t
  ), told AS (
    ${insertEvents('$20', 'EXISTS (SELECT FROM target)')}
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
