-- CreateEnum
CREATE TYPE "SpendKind" AS ENUM ('PAYOUT', 'SWEEP', 'TOP_UP');

-- CreateEnum
CREATE TYPE "SpendStatus" AS ENUM ('SIGNED', 'BROADCAST', 'CONFIRMED', 'FAILED');

-- CreateEnum
CREATE TYPE "PayoutStatus" AS ENUM ('PENDING_APPROVAL', 'QUEUED', 'SIGNED', 'BROADCAST', 'CONFIRMED', 'FAILED', 'CANCELLED', 'REJECTED');

-- CreateEnum
CREATE TYPE "PayoutOrigin" AS ENUM ('REQUEST', 'BATCH', 'AUTO_WITHDRAWAL', 'REFUND', 'REBOUND');

-- CreateEnum
CREATE TYPE "PayoutKind" AS ENUM ('CRYPTO', 'FIAT');

-- CreateEnum
CREATE TYPE "RefundStatus" AS ENUM ('PENDING', 'PREPARED', 'SUCCEEDED', 'CANCELLED', 'FAILED');

-- CreateEnum
CREATE TYPE "RefundReason" AS ENUM ('DUPLICATE', 'FRAUDULENT', 'REQUESTED_BY_CUSTOMER');

-- CreateEnum
CREATE TYPE "ReboundStatus" AS ENUM ('PENDING', 'WITHDRAW_REQUESTED', 'COMPLETED', 'REJECTED');

-- AlterEnum
ALTER TYPE "HeldDecision" ADD VALUE 'REBOUNDED';

-- AlterEnum
ALTER TYPE "HoldReason" ADD VALUE 'PAYOUT_POLICY_WEAKENED';

-- AlterTable
ALTER TABLE "api_key" ADD COLUMN     "created_by" UUID,
ADD COLUMN     "first_key" UUID;

-- AlterTable
ALTER TABLE "member" ADD COLUMN "paying_since" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "spend" (
    "id" UUID NOT NULL,
    "network" TEXT NOT NULL,
    "kind" "SpendKind" NOT NULL,
    "payout_id" UUID,
    "status" "SpendStatus" NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "from_address" TEXT,
    "from_path" TEXT,
    "nonce" BIGINT,
    "asset" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "to_address" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "tx_id" TEXT,
    "block_height" BIGINT,
    "block_hash" TEXT,
    "fee_paid" DECIMAL(78,0),
    "confirmed_at" TIMESTAMPTZ(3),
    "stuck_for" TEXT,
    "stuck_told_at" TIMESTAMPTZ(3),
    "given_up_at" TIMESTAMPTZ(3),

    CONSTRAINT "spend_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "spend_transaction" (
    "id" UUID NOT NULL,
    "spend_id" UUID NOT NULL,
    "tx_id" TEXT NOT NULL,
    "raw" BYTEA NOT NULL,
    "fee_rate" DECIMAL(78,0) NOT NULL,
    "max_fee" DECIMAL(78,0) NOT NULL,
    "change_index" INTEGER,
    "change_amount" DECIMAL(78,0),
    "signed_at" TIMESTAMPTZ(3) NOT NULL,
    "broadcast_at" TIMESTAMPTZ(3),

    CONSTRAINT "spend_transaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_nonce" (
    "network" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "next" BIGINT NOT NULL,

    CONSTRAINT "account_nonce_pkey" PRIMARY KEY ("network","address")
);

-- CreateTable
CREATE TABLE "waiting_alert" (
    "network" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "waiting_alert_pkey" PRIMARY KEY ("network","reason","asset")
);

-- CreateTable
CREATE TABLE "coin" (
    "id" UUID NOT NULL,
    "network" TEXT NOT NULL,
    "tx_id" TEXT NOT NULL,
    "output_index" INTEGER NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "path" TEXT NOT NULL,
    "address" TEXT,
    "change_of_id" UUID,
    "spend_id" UUID,
    "is_gone" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "coin_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet_seed" (
    "network" TEXT NOT NULL,
    "sealed_seed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wallet_seed_pkey" PRIMARY KEY ("network")
);

-- CreateTable
CREATE TABLE "custody_check" (
    "id" UUID NOT NULL,
    "network" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "ledger" DECIMAL(78,0) NOT NULL,
    "chain" DECIMAL(78,0) NOT NULL,
    "height" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "differs_since" TIMESTAMPTZ(3),
    "told_at" TIMESTAMPTZ(3),
    "told_difference" DECIMAL(78,0),

    CONSTRAINT "custody_check_pkey" PRIMARY KEY ("network","asset")
);

-- CreateTable
CREATE TABLE "payout" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "project_id" UUID,
    "mode" "Mode" NOT NULL,
    "kind" "PayoutKind" NOT NULL,
    "origin" "PayoutOrigin" NOT NULL,
    "status" "PayoutStatus" NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,
    "network" TEXT,
    "address" TEXT,
    "bank_account_id" UUID,
    "debited" DECIMAL(78,0) NOT NULL,
    "fee" DECIMAL(78,0) NOT NULL,
    "network_fee" DECIMAL(78,0) NOT NULL,
    "arrives" DECIMAL(78,0) NOT NULL,
    "approvals_required" INTEGER NOT NULL DEFAULT 0,
    "waits_for" TEXT,
    "waits_asset" TEXT,
    "waits_since" TIMESTAMPTZ(3),
    "failure" TEXT,
    "reference" TEXT,
    "bank_reference" TEXT,
    "actor_type" TEXT NOT NULL,
    "actor_id" UUID,
    "makers" UUID[] DEFAULT ARRAY[]::UUID[],
    "batch_id" UUID,
    "batch_row" INTEGER,
    "source_id" UUID,
    "tx_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "queued_at" TIMESTAMPTZ(3),
    "taken_at" TIMESTAMPTZ(3),
    "taken_by" UUID,
    "signed_at" TIMESTAMPTZ(3),
    "broadcast_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "payout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payout_approval" (
    "id" UUID NOT NULL,
    "payout_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payout_approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payout_policy" (
    "merchant_id" UUID NOT NULL,
    "approvals_required" INTEGER NOT NULL DEFAULT 0,
    "approval_above" JSONB NOT NULL DEFAULT '{}',
    "daily_limit" JSONB NOT NULL DEFAULT '{}',
    "revision" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payout_policy_pkey" PRIMARY KEY ("merchant_id")
);

-- CreateTable
CREATE TABLE "bank_account" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "currency" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "bank_code" TEXT,
    "country" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "usable_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "bank_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auto_withdrawal" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "asset" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "threshold" DECIMAL(78,0) NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "waits_for" TEXT,
    "look_at" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "disabled_why" TEXT,

    CONSTRAINT "auto_withdrawal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refund" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "invoice_id" UUID NOT NULL,
    "status" "RefundStatus" NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "reason" "RefundReason",
    "description" TEXT,
    "currency" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "debit_currency" TEXT NOT NULL,
    "debit_amount" DECIMAL(78,0) NOT NULL,
    "asset" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "asset_amount" DECIMAL(78,0) NOT NULL,
    "network_fee" DECIMAL(78,0) NOT NULL,
    "rate" DECIMAL(78,0) NOT NULL,
    "debit_rate" DECIMAL(78,0) NOT NULL,
    "rate_source" TEXT NOT NULL,
    "rate_at" TIMESTAMPTZ(3) NOT NULL,
    "sub_merchant_id" TEXT,
    "customer_email" TEXT,
    "address" TEXT,
    "claim_token_hash" BYTEA,
    "claim_expires_at" TIMESTAMPTZ(3),
    "claim_expired" BOOLEAN NOT NULL DEFAULT false,
    "claim_sent_at" TIMESTAMPTZ(3),
    "address_at" TIMESTAMPTZ(3),
    "transferred_at" TIMESTAMPTZ(3),
    "failure" TEXT,
    "inbox_named_by" UUID[] DEFAULT ARRAY[]::UUID[],
    "actor_type" TEXT NOT NULL,
    "actor_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rebound" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "payment_id" UUID NOT NULL,
    "invoice_id" UUID,
    "status" "ReboundStatus" NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "network_fee" DECIMAL(78,0) NOT NULL,
    "customer_email" TEXT,
    "address" TEXT,
    "claim_token_hash" BYTEA,
    "claim_expires_at" TIMESTAMPTZ(3),
    "claim_expired" BOOLEAN NOT NULL DEFAULT false,
    "claim_sent_at" TIMESTAMPTZ(3),
    "address_at" TIMESTAMPTZ(3),
    "transferred_at" TIMESTAMPTZ(3),
    "failure" TEXT,
    "inbox_named_by" UUID[] DEFAULT ARRAY[]::UUID[],
    "inbox_named_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rebound_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "custody_check_id_key" ON "custody_check"("id");

-- CreateIndex
CREATE UNIQUE INDEX "spend_payout_id_key" ON "spend"("payout_id");

-- CreateIndex
CREATE INDEX "spend_open_idx" ON "spend"("network", "created_at", "id") WHERE (status = 'SIGNED' OR status = 'BROADCAST');

-- CreateIndex
CREATE UNIQUE INDEX "spend_network_from_address_nonce_key" ON "spend"("network", "from_address", "nonce");

-- CreateIndex
CREATE UNIQUE INDEX "spend_sweep_key" ON "spend"("network", "from_address") WHERE (kind = 'SWEEP' AND (status = 'SIGNED' OR status = 'BROADCAST'));

-- CreateIndex
CREATE UNIQUE INDEX "spend_consolidation_key" ON "spend"("network", "to_address") WHERE (kind = 'SWEEP' AND from_address IS NULL AND (status = 'SIGNED' OR status = 'BROADCAST'));

-- CreateIndex
CREATE UNIQUE INDEX "spend_top_up_key" ON "spend"("network", "to_address") WHERE (kind = 'TOP_UP' AND (status = 'SIGNED' OR status = 'BROADCAST'));

-- CreateIndex
CREATE INDEX "spend_transaction_tx_id_idx" ON "spend_transaction"("tx_id");

-- CreateIndex
CREATE UNIQUE INDEX "spend_transaction_spend_id_tx_id_key" ON "spend_transaction"("spend_id", "tx_id");

-- CreateIndex
CREATE INDEX "coin_free_idx" ON "coin"("network", "amount") WHERE (spend_id IS NULL);

-- CreateIndex
CREATE INDEX "coin_spend_idx" ON "coin"("spend_id") WHERE (spend_id IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "coin_network_tx_id_output_index_key" ON "coin"("network", "tx_id", "output_index");

-- CreateIndex
CREATE INDEX "payout_merchant_id_mode_created_at_id_idx" ON "payout"("merchant_id", "mode", "created_at", "id");

-- CreateIndex
CREATE INDEX "payout_merchant_id_mode_status_created_at_id_idx" ON "payout"("merchant_id", "mode", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "payout_merchant_id_mode_currency_created_at_id_idx" ON "payout"("merchant_id", "mode", "currency", "created_at", "id");

-- CreateIndex
CREATE INDEX "payout_merchant_id_mode_network_created_at_id_idx" ON "payout"("merchant_id", "mode", "network", "created_at", "id");

-- CreateIndex
CREATE INDEX "payout_merchant_id_mode_origin_created_at_id_idx" ON "payout"("merchant_id", "mode", "origin", "created_at", "id");

-- CreateIndex
CREATE INDEX "payout_project_idx" ON "payout"("project_id", "mode", "created_at", "id") WHERE (project_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "payout_address_idx" ON "payout"("merchant_id", "address") WHERE (address IS NOT NULL);

-- CreateIndex
CREATE INDEX "payout_reference_idx" ON "payout"("merchant_id", "reference") WHERE (reference IS NOT NULL);

-- CreateIndex
CREATE INDEX "payout_tx_id_idx" ON "payout"("tx_id") WHERE (tx_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "payout_batch_idx" ON "payout"("batch_id", "batch_row") WHERE (batch_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "payout_signed_idx" ON "payout"("merchant_id", "mode", "signed_at") WHERE (signed_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "payout_taken_idx" ON "payout"("merchant_id", "mode", "taken_at") WHERE (taken_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "payout_queued_idx" ON "payout"("network", "queued_at", "id") WHERE (status = 'QUEUED');

-- CreateIndex
CREATE INDEX "payout_open_idx" ON "payout"("kind", "mode", "created_at", "id") WHERE (status = 'PENDING_APPROVAL' OR status = 'QUEUED' OR status = 'SIGNED' OR status = 'BROADCAST');

-- CreateIndex
CREATE UNIQUE INDEX "payout_source_key" ON "payout"("origin", "source_id") WHERE (source_id IS NOT NULL AND (origin = 'REFUND' OR origin = 'REBOUND' OR (status <> 'FAILED' AND status <> 'CANCELLED' AND status <> 'REJECTED')));

-- CreateIndex
CREATE UNIQUE INDEX "payout_approval_payout_id_user_id_revision_key" ON "payout_approval"("payout_id", "user_id", "revision");

-- CreateIndex
CREATE INDEX "bank_account_merchant_id_created_at_id_idx" ON "bank_account"("merchant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "auto_withdrawal_merchant_id_created_at_id_idx" ON "auto_withdrawal"("merchant_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "auto_withdrawal_active_key" ON "auto_withdrawal"("merchant_id", "asset") WHERE (disabled_at IS NULL);

-- CreateIndex
CREATE INDEX "auto_withdrawal_look_idx" ON "auto_withdrawal"("look_at") WHERE (disabled_at IS NULL AND look_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "refund_claim_token_hash_key" ON "refund"("claim_token_hash");

-- CreateIndex
CREATE INDEX "refund_debit_day_idx" ON "refund"("merchant_id", "mode", "debit_currency", "created_at");

-- CreateIndex
CREATE INDEX "refund_day_idx" ON "refund"("merchant_id", "mode", "asset", "created_at");

-- CreateIndex
CREATE INDEX "refund_claim_due_idx" ON "refund"("claim_expires_at", "id") WHERE (status = 'PREPARED' AND address IS NULL AND NOT claim_expired);

-- CreateIndex
CREATE INDEX "refund_claim_expired_idx" ON "refund"("project_id", "mode", "created_at", "id") WHERE (claim_expired);

-- CreateIndex
CREATE INDEX "refund_under_way_idx" ON "refund"("id") WHERE (status = 'PREPARED' AND address IS NOT NULL);

-- CreateIndex
CREATE INDEX "refund_invoice_id_created_at_id_idx" ON "refund"("invoice_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "refund_project_id_mode_created_at_id_idx" ON "refund"("project_id", "mode", "created_at", "id");

-- CreateIndex
CREATE INDEX "refund_project_id_mode_status_created_at_id_idx" ON "refund"("project_id", "mode", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "refund_project_id_mode_reason_created_at_id_idx" ON "refund"("project_id", "mode", "reason", "created_at", "id");

-- CreateIndex
CREATE INDEX "refund_sub_merchant_id_idx" ON "refund"("project_id", "mode", "sub_merchant_id", "created_at", "id") WHERE (sub_merchant_id IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "rebound_claim_token_hash_key" ON "rebound"("claim_token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "rebound_standing_key" ON "rebound"("payment_id") WHERE (status <> 'REJECTED');

-- CreateIndex
CREATE INDEX "rebound_claim_due_idx" ON "rebound"("claim_expires_at", "id") WHERE (status = 'PENDING' AND NOT claim_expired);

-- CreateIndex
CREATE INDEX "rebound_claim_expired_idx" ON "rebound"("project_id", "mode", "created_at", "id") WHERE (claim_expired);

-- CreateIndex
CREATE INDEX "rebound_under_way_idx" ON "rebound"("id") WHERE (status = 'WITHDRAW_REQUESTED');

-- CreateIndex
CREATE INDEX "rebound_day_idx" ON "rebound"("merchant_id", "mode", "asset", "inbox_named_at") WHERE (inbox_named_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "payment_rebound_idx" ON "payment"("id") WHERE (decision = 'REBOUND');

-- CreateIndex
CREATE INDEX "rebound_payment_id_created_at_id_idx" ON "rebound"("payment_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "rebound_invoice_idx" ON "rebound"("invoice_id", "created_at", "id") WHERE (invoice_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "rebound_project_id_mode_created_at_id_idx" ON "rebound"("project_id", "mode", "created_at", "id");

-- CreateIndex
CREATE INDEX "rebound_project_id_mode_status_created_at_id_idx" ON "rebound"("project_id", "mode", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "rebound_project_id_mode_reason_created_at_id_idx" ON "rebound"("project_id", "mode", "reason", "created_at", "id");

-- CreateIndex
CREATE INDEX "payment_orphaned_idx" ON "payment"("network", "tx_id") WHERE (status = 'ORPHANED');

-- AddForeignKey
ALTER TABLE "spend" ADD CONSTRAINT "spend_payout_id_fkey" FOREIGN KEY ("payout_id") REFERENCES "payout"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "spend_transaction" ADD CONSTRAINT "spend_transaction_spend_id_fkey" FOREIGN KEY ("spend_id") REFERENCES "spend"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coin" ADD CONSTRAINT "coin_spend_id_fkey" FOREIGN KEY ("spend_id") REFERENCES "spend"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coin" ADD CONSTRAINT "coin_change_of_id_fkey" FOREIGN KEY ("change_of_id") REFERENCES "spend"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payout" ADD CONSTRAINT "payout_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payout" ADD CONSTRAINT "payout_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payout" ADD CONSTRAINT "payout_bank_account_id_fkey" FOREIGN KEY ("bank_account_id") REFERENCES "bank_account"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payout_approval" ADD CONSTRAINT "payout_approval_payout_id_fkey" FOREIGN KEY ("payout_id") REFERENCES "payout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payout_policy" ADD CONSTRAINT "payout_policy_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bank_account" ADD CONSTRAINT "bank_account_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auto_withdrawal" ADD CONSTRAINT "auto_withdrawal_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rebound" ADD CONSTRAINT "rebound_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rebound" ADD CONSTRAINT "rebound_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "fee_schedule" ADD COLUMN     "payout_minimums" JSONB NOT NULL DEFAULT '{}';
