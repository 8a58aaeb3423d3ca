-- What the Prisma schema cannot say of payouts, and one index that it can.

-- CreateIndex
CREATE UNIQUE INDEX "payout_by_rule_key" ON "payout"("merchant_id", "currency") WHERE (origin = 'AUTO_WITHDRAWAL' AND (status = 'PENDING_APPROVAL' OR status = 'QUEUED' OR status = 'SIGNED' OR status = 'BROADCAST'));

ALTER TABLE "payout"
  ADD CONSTRAINT "payout_parts_are_the_whole" CHECK ("debited" = "fee" + "network_fee" + "arrives"),
  ADD CONSTRAINT "payout_parts_bounds" CHECK ("fee" >= 0 AND "network_fee" >= 0 AND "arrives" > 0),
  ADD CONSTRAINT "payout_has_one_target" CHECK (
    CASE "kind"
      WHEN 'CRYPTO' THEN "network" IS NOT NULL AND "address" IS NOT NULL AND "bank_account_id" IS NULL
      ELSE "network" IS NULL AND "address" IS NULL AND "bank_account_id" IS NOT NULL
    END),
  ADD CONSTRAINT "payout_fiat_is_not_signed" CHECK (
    "kind" = 'CRYPTO' OR ("status" NOT IN ('SIGNED', 'BROADCAST') AND "signed_at" IS NULL AND "tx_id" IS NULL)),
  ADD CONSTRAINT "payout_times_of_status" CHECK (
    ("status" IN ('CONFIRMED', 'FAILED', 'CANCELLED', 'REJECTED')) = ("ended_at" IS NOT NULL)
    AND ("status" <> 'PENDING_APPROVAL' OR "queued_at" IS NULL)
    AND ("status" NOT IN ('QUEUED', 'SIGNED', 'BROADCAST') OR "queued_at" IS NOT NULL)
    AND ("status" NOT IN ('SIGNED', 'BROADCAST') OR "signed_at" IS NOT NULL)
    AND ("status" <> 'BROADCAST' OR "broadcast_at" IS NOT NULL)),
  ADD CONSTRAINT "payout_taken_is_whole" CHECK (
    ("taken_at" IS NULL) = ("taken_by" IS NULL) AND ("taken_at" IS NULL OR "kind" = 'FIAT')
    AND ("taken_at" IS NULL OR "status" NOT IN ('PENDING_APPROVAL', 'CANCELLED'))),
  ADD CONSTRAINT "payout_waits_in_queue" CHECK ("waits_for" IS NULL OR "status" = 'QUEUED'),
  ADD CONSTRAINT "payout_batch_is_whole" CHECK (("batch_id" IS NULL) = ("batch_row" IS NULL)),
  ADD CONSTRAINT "payout_approvals_bounds" CHECK ("approvals_required" >= 0);

ALTER TABLE "payout_policy" ADD CONSTRAINT "payout_policy_approvals_bounds" CHECK ("approvals_required" >= 0);

-- The same account is there once.
CREATE UNIQUE INDEX "bank_account_listed_key" ON "bank_account" (
  "merchant_id", "currency", "country", "account", (COALESCE("bank_code", ''))) WHERE "removed_at" IS NULL;

ALTER TABLE "auto_withdrawal"
  ADD CONSTRAINT "auto_withdrawal_threshold_positive" CHECK ("threshold" > 0),
  ADD CONSTRAINT "auto_withdrawal_failures_bounds" CHECK ("failures" >= 0),
  ADD CONSTRAINT "auto_withdrawal_waits_is_whole" CHECK (("waits_for" IS NULL) = ("look_at" IS NULL)),
  ADD CONSTRAINT "auto_withdrawal_disabled_is_whole" CHECK (
    ("disabled_at" IS NULL) = ("disabled_why" IS NULL) AND "disabled_why" IN ('BY_MEMBER', 'FAILING'));

ALTER TABLE "spend"
  ADD CONSTRAINT "spend_amount_positive" CHECK ("amount" > 0),
  ADD CONSTRAINT "spend_account_is_whole" CHECK (
    ("from_address" IS NULL) = ("nonce" IS NULL) AND ("from_path" IS NULL) = ("nonce" IS NULL) AND "nonce" >= 0),
  ADD CONSTRAINT "spend_of_payout" CHECK (("kind" = 'PAYOUT') = ("payout_id" IS NOT NULL)),
  ADD CONSTRAINT "spend_end_is_whole" CHECK (
    ("status" IN ('CONFIRMED', 'FAILED')) = ("confirmed_at" IS NOT NULL)
    -- One whose place was used elsewhere failed without a transaction of its own.
    AND ("status" <> 'CONFIRMED' OR "tx_id" IS NOT NULL) AND ("tx_id" IS NULL OR "confirmed_at" IS NOT NULL)
    AND ("block_height" IS NULL) = ("tx_id" IS NULL)
    AND ("block_hash" IS NULL) = ("tx_id" IS NULL)
    AND ("fee_paid" IS NULL) = ("tx_id" IS NULL)
    AND "fee_paid" >= 0);

ALTER TABLE "spend_transaction"
  ADD CONSTRAINT "spend_transaction_fee_bounds" CHECK ("fee_rate" >= 0 AND "max_fee" >= 0),
  ADD CONSTRAINT "spend_transaction_change_is_whole" CHECK (
    ("change_index" IS NULL) = ("change_amount" IS NULL) AND "change_index" >= 0 AND "change_amount" > 0);

ALTER TABLE "account_nonce" ADD CONSTRAINT "account_nonce_bounds" CHECK ("next" >= 0);

ALTER TABLE "coin" ADD CONSTRAINT "coin_bounds" CHECK ("amount" > 0 AND "output_index" >= 0);

ALTER TABLE "refund"
  ADD CONSTRAINT "refund_amounts_positive" CHECK ("amount" > 0 AND "debit_amount" > 0 AND "asset_amount" > 0),
  ADD CONSTRAINT "refund_network_fee_bounds" CHECK ("network_fee" >= 0);

ALTER TABLE "rebound"
  ADD CONSTRAINT "rebound_amount_positive" CHECK ("amount" > 0),
  ADD CONSTRAINT "rebound_network_fee_bounds" CHECK ("network_fee" >= 0);
