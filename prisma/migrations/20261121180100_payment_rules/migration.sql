-- What the Prisma schema cannot say of payments (DESIGN §3, §4; RULES 4, 9).

-- A payment belongs to an invoice or to a static wallet, and no part of it is released or held twice.
ALTER TABLE "payment"
  ADD CONSTRAINT "payment_has_one_owner" CHECK (("invoice_id" IS NULL) <> ("static_wallet_id" IS NULL)),
  ADD CONSTRAINT "payment_parts_fit"
    CHECK ("credited" >= 0 AND "held" >= 0 AND "credited" + "held" <= "amount"),
  ADD CONSTRAINT "payment_fees_fit" CHECK ("fee" >= 0 AND "network_fee" >= 0 AND "fee" + "network_fee" <= "credited"),
  ADD CONSTRAINT "payment_held_has_reason" CHECK (("held" > 0) = ("held_reason" IS NOT NULL)),
  ADD CONSTRAINT "payment_block_is_whole" CHECK (("block_height" IS NULL) = ("block_hash" IS NULL)),
  ADD CONSTRAINT "payment_settlement_is_whole"
    CHECK (("settlement_currency" IS NULL) = ("settlement_rate" IS NULL));

ALTER TABLE "quote"
  ADD CONSTRAINT "quote_price_positive" CHECK ("price" > 0),
  ADD CONSTRAINT "quote_fees_fit"
    CHECK ("fee_basis_points" BETWEEN 0 AND 10000 AND "fixed_fee" >= 0 AND "network_fee" >= 0),
  ADD CONSTRAINT "quote_settlement_is_whole"
    CHECK (("settlement_currency" IS NULL) = ("settlement_rate" IS NULL));

ALTER TABLE "invoice" ADD CONSTRAINT "invoice_accepted_is_a_part" CHECK ("accepted" > 0 AND "accepted" <= "amount");

-- A debt is no balance: what a merchant owes is negative, and paid back down to nothing.
ALTER TABLE "ledger_account"
  ADD CONSTRAINT "ledger_account_owed_is_debt" CHECK ("kind" <> 'OWED' OR "balance" <= 0);

-- An address is given out once, to one owner.
ALTER TABLE "deposit_address" ADD CONSTRAINT "deposit_address_has_one_owner" CHECK (
  num_nonnulls("invoice_id", "static_wallet_id") <= 1
  AND (num_nonnulls("invoice_id", "static_wallet_id") = 0) = ("assigned_at" IS NULL));

ALTER TABLE "project"
  ADD CONSTRAINT "project_rate_lock_bounds" CHECK ("rate_lock_seconds" BETWEEN 60 AND 604800),
  ADD CONSTRAINT "project_rate_spread_bounds" CHECK ("rate_spread_basis_points" BETWEEN 0 AND 1000),
  ADD CONSTRAINT "project_monitoring_bounds" CHECK ("monitoring_seconds" BETWEEN 0 AND 2592000);

-- One schedule for the gateway, each merchant and each project.
ALTER TABLE "fee_schedule"
  ADD CONSTRAINT "fee_schedule_basis_points_bounds" CHECK ("basis_points" BETWEEN 0 AND 10000),
  ADD CONSTRAINT "fee_schedule_project_has_merchant" CHECK ("project_id" IS NULL OR "merchant_id" IS NOT NULL);
CREATE UNIQUE INDEX "fee_schedule_scope_key" ON "fee_schedule" ((COALESCE("project_id", "merchant_id", '00000000-0000-0000-0000-000000000000'::uuid)));

ALTER TABLE "payment_link" ADD CONSTRAINT "payment_link_bounds"
  CHECK ("minimum_amount" > 0 AND "maximum_amount" > 0 AND "minimum_amount" <= "maximum_amount");
ALTER TABLE "saved_view" ALTER COLUMN "columns" SET NOT NULL;

-- Lists and search (FEATURES D15) --------------------------------------------------------------------------------

-- Expressions, which the Prisma schema cannot say. The order of bytes (COLLATE "C") makes the beginning of a text a
-- range, whatever the database's own order. The first index serves exact order ids as well.
CREATE INDEX "invoice_order_id_idx"
  ON "invoice" ("project_id", "mode", (lower("order_id") COLLATE "C"), "created_at", "id") WHERE "order_id" IS NOT NULL;
CREATE INDEX "invoice_customer_email_idx"
  ON "invoice" ("project_id", "mode", (lower("customer_email") COLLATE "C")) WHERE "customer_email" IS NOT NULL;

-- The words of a text, each told apart by its project: what is a common word in one shop may be a rare one in another.
CREATE FUNCTION "invoice_words"("project" uuid, "words" text) RETURNS text[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT ARRAY(SELECT $1::text || ':' || lexeme FROM unnest(to_tsvector('pg_catalog.simple', $2))) $$;
-- The list of entries that wait to be sorted in is kept short, so that neither a search nor the invoice that fills it
-- takes long.
CREATE INDEX "invoice_words_idx" ON "invoice" USING gin ("invoice_words"("project_id", "description"))
  WITH (fastupdate = on, gin_pending_list_limit = 512) WHERE "description" IS NOT NULL;

-- Statements (FEATURES E2) -----------------------------------------------------------------------------------------

-- What was booked before keeps its moment and project.
ALTER TABLE "ledger_transaction" DISABLE TRIGGER "ledger_transaction_append_only";
ALTER TABLE "posting" DISABLE TRIGGER "posting_append_only";
UPDATE "ledger_transaction" t SET "project_id" = p."project_id" FROM "payment" p
  WHERE t."source_type" = 'PAYMENT' AND t."project_id" IS NULL AND split_part(t."source_id", '/', 1) = p."id"::text;
UPDATE "posting" p SET "created_at" = t."created_at", "project_id" = t."project_id" FROM "ledger_transaction" t
  WHERE t."id" = p."transaction_id";
ALTER TABLE "posting" ENABLE TRIGGER "posting_append_only";
ALTER TABLE "ledger_transaction" ENABLE TRIGGER "ledger_transaction_append_only";

-- Receipts and withdrawals of an account, and of a project's part in it, each in the order of time.
CREATE INDEX "posting_account_idx" ON "posting" ("account_id", ("amount" > 0), "created_at", "id");
CREATE INDEX "posting_project_idx" ON "posting" ("account_id", "project_id", ("amount" > 0), "created_at", "id")
  WHERE "project_id" IS NOT NULL;

-- Statistics (FEATURES E3) -----------------------------------------------------------------------------------------

-- The days of the invoices that are there; what happens from here on, the worker reads from the events. The place is
-- taken first, so that nothing falls in between.
INSERT INTO "event_cursor" ("reader", "txid", "seq")
  SELECT 'invoice-days', pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, 9223372036854775807;
INSERT INTO "invoice_day" ("project_id", "mode", "day", "status", "currency", "count", "amount", "amount_paid")
  SELECT "project_id", "mode", ("created_at" AT TIME ZONE 'UTC')::date, "status", "currency", count(*), sum("amount"),
    sum("amount_paid")
  FROM "invoice" GROUP BY 1, 2, 3, 4, 5;
