-- CreateEnum
CREATE TYPE "UnmatchedReason" AS ENUM ('UNKNOWN_TOKEN', 'WRONG_NETWORK');

-- CreateEnum
CREATE TYPE "HeldReason" AS ENUM ('UNDERPAID', 'OVERPAID', 'LATE', 'DUPLICATE', 'AFTER_CANCEL', 'WRONG_ASSET', 'UNPRICED', 'WALLET_BLOCKED');

-- CreateEnum
CREATE TYPE "HeldDecision" AS ENUM ('NONE', 'REBOUND');

-- CreateEnum
CREATE TYPE "StaticWalletStatus" AS ENUM ('ACTIVE', 'BLOCKED');

-- CreateEnum
CREATE TYPE "NetworkFeePayer" AS ENUM ('MERCHANT', 'PAYER');

-- AlterEnum
ALTER TYPE "LedgerAccountKind" ADD VALUE 'OWED';

ALTER TYPE "PaymentException" ADD VALUE 'WRONG_ASSET';
ALTER TYPE "PaymentException" ADD VALUE 'UNPRICED';
ALTER TYPE "PaymentException" ADD VALUE 'WALLET_BLOCKED';

-- DropIndex
DROP INDEX "deposit_address_free_idx";

-- DropIndex
DROP INDEX "invoice_project_id_mode_order_id_created_at_id_idx";

-- DropIndex
DROP INDEX "payment_network_tx_id_output_index_key";

-- DropIndex
DROP INDEX "posting_account_id_idx";

-- DropIndex
DROP INDEX "quote_invoice_id_asset_network_key";

-- AlterTable
ALTER TABLE "deposit_address" ADD COLUMN     "static_wallet_id" UUID;

-- AlterTable
ALTER TABLE "invoice" ADD COLUMN     "accepted" DECIMAL(78,0),
ADD COLUMN     "customer_ref" TEXT,
ADD COLUMN     "payment_link_id" UUID,
ADD COLUMN     "sub_merchant_id" TEXT;

-- AlterTable
ALTER TABLE "ledger_transaction" ADD COLUMN     "project_id" UUID;

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "confirmations_required" INTEGER,
ADD COLUMN     "credited" DECIMAL(78,0) NOT NULL DEFAULT 0,
ADD COLUMN     "decision" "HeldDecision" NOT NULL DEFAULT 'NONE',
ADD COLUMN     "fee" DECIMAL(78,0) NOT NULL DEFAULT 0,
ADD COLUMN     "held" DECIMAL(78,0) NOT NULL DEFAULT 0,
ADD COLUMN     "held_reason" "HeldReason",
ADD COLUMN     "network_fee" DECIMAL(78,0) NOT NULL DEFAULT 0,
ADD COLUMN     "orphaned_at" TIMESTAMPTZ(3),
ADD COLUMN     "project_id" UUID,
ADD COLUMN     "rate" DECIMAL(48,18),
ADD COLUMN     "rate_at" TIMESTAMPTZ(3),
ADD COLUMN     "rate_source" TEXT,
ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "settled" DECIMAL(78,0) NOT NULL DEFAULT 0,
ADD COLUMN     "settled_currency" TEXT,
ADD COLUMN     "settlement_currency" TEXT,
ADD COLUMN     "settlement_rate" DECIMAL(48,18),
ADD COLUMN     "static_wallet_id" UUID,
ALTER COLUMN "invoice_id" DROP NOT NULL,
ALTER COLUMN "quote_id" DROP NOT NULL,
ALTER COLUMN "block_height" DROP NOT NULL,
ALTER COLUMN "block_hash" DROP NOT NULL;

-- AlterTable
ALTER TABLE "posting" ADD COLUMN     "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "project_id" UUID;

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "monitoring_seconds" INTEGER NOT NULL DEFAULT 86400,
ADD COLUMN     "network_fee_payer" "NetworkFeePayer" NOT NULL DEFAULT 'MERCHANT',
ADD COLUMN     "rate_lock_seconds" INTEGER NOT NULL DEFAULT 900,
ADD COLUMN     "rate_spread_basis_points" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "settlement_currency" TEXT;

-- AlterTable
ALTER TABLE "quote" ADD COLUMN     "fee_basis_points" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "fixed_fee" DECIMAL(78,0) NOT NULL DEFAULT 0,
ADD COLUMN     "network_fee" DECIMAL(78,0) NOT NULL DEFAULT 0,
ADD COLUMN     "price" DECIMAL(78,0),
ADD COLUMN     "settlement_currency" TEXT,
ADD COLUMN     "settlement_rate" DECIMAL(48,18),
ADD COLUMN     "spread_basis_points" INTEGER NOT NULL DEFAULT 0;

-- What was written before keeps its meaning. Payments of before asked for what their networks asked for.
UPDATE "quote" SET "price" = "invoice"."amount" FROM "invoice" WHERE "invoice"."id" = "quote"."invoice_id";
ALTER TABLE "quote" ALTER COLUMN "price" SET NOT NULL;
UPDATE "payment" SET
  "project_id" = "invoice"."project_id",
  "confirmations_required" = CASE "payment"."network" WHEN 'BITCOIN' THEN 2 WHEN 'LITECOIN' THEN 6 ELSE 12 END,
  "credited" = CASE WHEN "payment"."status" = 'CREDITED' THEN "payment"."amount" ELSE 0 END,
  "settled" = CASE WHEN "payment"."status" = 'CREDITED' THEN "payment"."amount" ELSE 0 END,
  "settled_currency" = CASE WHEN "payment"."status" = 'CREDITED' THEN "payment"."asset" END
  FROM "invoice" WHERE "invoice"."id" = "payment"."invoice_id";
ALTER TABLE "payment" ALTER COLUMN "project_id" SET NOT NULL, ALTER COLUMN "confirmations_required" SET NOT NULL;
UPDATE "payment" SET "held" = "amount",
  "held_reason" = (CASE "exception" WHEN 'NONE' THEN 'UNDERPAID' ELSE "exception"::text END)::"HeldReason"
  WHERE "status" = 'CONFIRMED' AND EXISTS (
    SELECT FROM "ledger_transaction" l
    WHERE l."source_type" = 'PAYMENT' AND l."kind" = 'HELD'
      AND l."source_id" = "payment"."id" || '/' || "payment"."sighting");

-- CreateTable
CREATE TABLE "chain_status" (
    "network" TEXT NOT NULL,
    "height" BIGINT,
    "head" BIGINT,
    "finalized" BIGINT,
    "last_error" TEXT,
    "last_error_at" TIMESTAMPTZ(3),
    "stopped" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3),

    CONSTRAINT "chain_status_pkey" PRIMARY KEY ("network")
);

-- CreateTable
CREATE TABLE "unmatched_transfer" (
    "id" UUID NOT NULL,
    "network" TEXT NOT NULL,
    "tx_id" TEXT NOT NULL,
    "output_index" INTEGER NOT NULL,
    "contract" TEXT NOT NULL DEFAULT '',
    "asset" TEXT,
    "amount" DECIMAL(78,0) NOT NULL,
    "address" TEXT NOT NULL,
    "address_network" TEXT NOT NULL,
    "reason" "UnmatchedReason" NOT NULL,
    "invoice_id" UUID,
    "static_wallet_id" UUID,
    "block_height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "orphaned_at" TIMESTAMPTZ(3),

    CONSTRAINT "unmatched_transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "static_wallet" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "network" TEXT NOT NULL,
    "customer_ref" TEXT NOT NULL,
    "label" TEXT,
    "address" TEXT NOT NULL,
    "status" "StaticWalletStatus" NOT NULL DEFAULT 'ACTIVE',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "blocked_at" TIMESTAMPTZ(3),

    CONSTRAINT "static_wallet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_link" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT,
    "currency" TEXT NOT NULL,
    "minimum_amount" DECIMAL(78,0),
    "maximum_amount" DECIMAL(78,0),
    "return_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fee_schedule" (
    "id" UUID NOT NULL,
    "merchant_id" UUID,
    "project_id" UUID,
    "basis_points" INTEGER NOT NULL,
    "fixed" JSONB NOT NULL DEFAULT '{}',
    "network" JSONB NOT NULL DEFAULT '{}',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "fee_schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_day" (
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "day" DATE NOT NULL,
    "status" "InvoiceStatus" NOT NULL,
    "currency" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "amount_paid" DECIMAL(78,0) NOT NULL,

    CONSTRAINT "invoice_day_pkey" PRIMARY KEY ("project_id","mode","day","status","currency")
);

-- CreateTable
CREATE TABLE "invoice_day_due" (
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "day" DATE NOT NULL,
    "txid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,

    CONSTRAINT "invoice_day_due_pkey" PRIMARY KEY ("project_id","mode","day")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "list" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "columns" TEXT[],
    "filter" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "unmatched_transfer_network_block_height_idx" ON "unmatched_transfer"("network", "block_height");

-- CreateIndex
CREATE INDEX "unmatched_transfer_seen_at_id_idx" ON "unmatched_transfer"("seen_at", "id");

-- CreateIndex
CREATE INDEX "unmatched_transfer_network_seen_at_id_idx" ON "unmatched_transfer"("network", "seen_at", "id");

-- CreateIndex
CREATE INDEX "unmatched_transfer_reason_seen_at_id_idx" ON "unmatched_transfer"("reason", "seen_at", "id");

-- CreateIndex
CREATE INDEX "unmatched_transfer_network_reason_seen_at_id_idx" ON "unmatched_transfer"("network", "reason", "seen_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "unmatched_transfer_network_tx_id_contract_output_index_key" ON "unmatched_transfer"("network", "tx_id", "contract", "output_index");

-- CreateIndex
CREATE INDEX "static_wallet_project_id_mode_created_at_id_idx" ON "static_wallet"("project_id", "mode", "created_at", "id");

-- CreateIndex
CREATE INDEX "static_wallet_project_id_mode_status_created_at_id_idx" ON "static_wallet"("project_id", "mode", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "static_wallet_project_id_mode_network_created_at_id_idx" ON "static_wallet"("project_id", "mode", "network", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "static_wallet_project_id_mode_customer_ref_network_key" ON "static_wallet"("project_id", "mode", "customer_ref", "network");

-- CreateIndex
CREATE INDEX "payment_link_project_id_mode_created_at_id_idx" ON "payment_link"("project_id", "mode", "created_at", "id");

-- CreateIndex
CREATE INDEX "fee_schedule_merchant_id_idx" ON "fee_schedule"("merchant_id");

-- CreateIndex
CREATE UNIQUE INDEX "saved_view_user_id_merchant_id_list_name_key" ON "saved_view"("user_id", "merchant_id", "list", "name");

-- CreateIndex
CREATE UNIQUE INDEX "deposit_address_static_wallet_id_key" ON "deposit_address"("static_wallet_id");

-- CreateIndex
CREATE INDEX "deposit_address_address_idx" ON "deposit_address"("address");

-- CreateIndex
CREATE INDEX "deposit_address_unassigned_idx" ON "deposit_address"("network", "derivation_index") WHERE (assigned_at IS NULL);

-- CreateIndex
CREATE INDEX "invoice_project_id_mode_currency_status_created_at_id_idx" ON "invoice"("project_id", "mode", "currency", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "invoice_project_id_mode_currency_amount_idx" ON "invoice"("project_id", "mode", "currency", "amount");

-- CreateIndex
CREATE INDEX "invoice_exception_idx" ON "invoice"("project_id", "mode", "exception", "status", "created_at", "id") WHERE (exception <> 'NONE');

-- CreateIndex
CREATE INDEX "invoice_paid_at_idx" ON "invoice"("project_id", "mode", "paid_at", "id", "created_at") WHERE (paid_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "invoice_customer_ref_idx" ON "invoice"("project_id", "mode", "customer_ref", "created_at", "id") WHERE (customer_ref IS NOT NULL);

-- CreateIndex
CREATE INDEX "invoice_sub_merchant_id_idx" ON "invoice"("project_id", "mode", "sub_merchant_id", "created_at", "id") WHERE (sub_merchant_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "invoice_payment_link_id_idx" ON "invoice"("payment_link_id", "created_at", "id") WHERE (payment_link_id IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "payment_network_tx_id_output_index_key" ON "payment"("network", "tx_id", "output_index") WHERE (status <> 'ORPHANED');

-- CreateIndex
CREATE UNIQUE INDEX "payment_deposit_key" ON "payment"("static_wallet_id", "network", "tx_id", "output_index") WHERE (static_wallet_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "payment_tx_id_idx" ON "payment"("tx_id");

-- CreateIndex
CREATE INDEX "payment_static_wallet_id_detected_at_id_idx" ON "payment"("static_wallet_id", "detected_at", "id") WHERE (static_wallet_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "payment_project_id_mode_detected_at_id_idx" ON "payment"("project_id", "mode", "detected_at", "id");

-- CreateIndex
CREATE INDEX "payment_of_invoice_status_idx" ON "payment"("project_id", "mode", "status", "detected_at", "id") WHERE (static_wallet_id IS NULL);

-- CreateIndex
CREATE INDEX "payment_of_invoice_asset_idx" ON "payment"("project_id", "mode", "asset", "network", "detected_at", "id") WHERE (static_wallet_id IS NULL);

-- CreateIndex
CREATE INDEX "payment_held_idx" ON "payment"("project_id", "mode", "detected_at", "id") WHERE (held > 0);

-- CreateIndex
CREATE INDEX "payment_network_block_height_idx" ON "payment"("network", "block_height");

-- CreateIndex
CREATE INDEX "quote_invoice_id_idx" ON "quote"("invoice_id");

-- AddForeignKey
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_payment_link_id_fkey" FOREIGN KEY ("payment_link_id") REFERENCES "payment_link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_static_wallet_id_fkey" FOREIGN KEY ("static_wallet_id") REFERENCES "static_wallet"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "static_wallet" ADD CONSTRAINT "static_wallet_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_link" ADD CONSTRAINT "payment_link_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
