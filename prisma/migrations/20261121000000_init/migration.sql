-- CreateEnum
CREATE TYPE "MerchantType" AS ENUM ('PERSONAL', 'BUSINESS');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('OWNER', 'ADMIN', 'FINANCE', 'DEVELOPER', 'SUPPORT', 'VIEWER');

-- CreateEnum
CREATE TYPE "TokenPurpose" AS ENUM ('EMAIL_CONFIRMATION');

-- CreateEnum
CREATE TYPE "InvoiceStatus" AS ENUM ('CREATED', 'PARTIAL', 'CONFIRMING', 'PAID', 'OVERPAID', 'CANCELED');

-- CreateEnum
CREATE TYPE "InvoiceException" AS ENUM ('NONE', 'EXPIRED', 'CANCELLED', 'PAID_LATE', 'PAID_PARTIAL_ACCEPTED', 'PAID_WITHIN_THRESHOLD');

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('DETECTED', 'CONFIRMING', 'CONFIRMED', 'CREDITED', 'ORPHANED');

-- CreateEnum
CREATE TYPE "PaymentException" AS ENUM ('NONE', 'LATE', 'DUPLICATE', 'AFTER_CANCEL');

-- CreateEnum
CREATE TYPE "LedgerAccountKind" AS ENUM ('PENDING', 'AVAILABLE', 'HELD', 'INCOMING', 'CUSTODY', 'FEES', 'NETWORK_FEES', 'CONVERSION');

-- CreateEnum
CREATE TYPE "Channel" AS ENUM ('EMAIL', 'INFO_BOT', 'MERCHANT_BOT');

-- CreateEnum
CREATE TYPE "DeliveryStatus" AS ENUM ('PENDING', 'SENT', 'FAILED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "Bot" AS ENUM ('INFO', 'MERCHANT');

-- CreateEnum
CREATE TYPE "Moderation" AS ENUM ('NOT_REQUESTED', 'ON_MODERATION', 'ACTIVE', 'REJECTED', 'BLOCKED');

-- CreateEnum
CREATE TYPE "ApiKeyKind" AS ENUM ('PUBLISHABLE', 'SECRET');

-- CreateEnum
CREATE TYPE "Mode" AS ENUM ('TEST', 'LIVE');

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "email_key" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "email_confirmed_at" TIMESTAMPTZ(3),
    "locale" TEXT NOT NULL DEFAULT 'en',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_token" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "purpose" "TokenPurpose" NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "ip" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "active_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "merchant" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" "MerchantType" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "merchant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "Role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deposit_address" (
    "id" UUID NOT NULL,
    "network" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "derivation_index" INTEGER NOT NULL,
    "invoice_id" UUID,
    "assigned_at" TIMESTAMPTZ(3),

    CONSTRAINT "deposit_address_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "chain_cursor" (
    "network" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "chain_cursor_pkey" PRIMARY KEY ("network")
);

-- CreateTable
CREATE TABLE "chain_block" (
    "network" TEXT NOT NULL,
    "height" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "chain_block_pkey" PRIMARY KEY ("network","height")
);

-- CreateTable
CREATE TABLE "event" (
    "seq" BIGSERIAL NOT NULL,
    "txid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "mode" "Mode",
    "merchant_id" UUID,
    "project_id" UUID,
    "actor" JSONB NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "data" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "event_cursor" (
    "reader" TEXT NOT NULL,
    "txid" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "event_cursor_pkey" PRIMARY KEY ("reader")
);

-- CreateTable
CREATE TABLE "invoice" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "status" "InvoiceStatus" NOT NULL DEFAULT 'CREATED',
    "exception" "InvoiceException" NOT NULL DEFAULT 'NONE',
    "amount_seen" DECIMAL(78,0) NOT NULL DEFAULT 0,
    "amount_paid" DECIMAL(78,0) NOT NULL DEFAULT 0,
    "order_id" TEXT,
    "description" TEXT,
    "customer_email" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "return_url" TEXT,
    "cancel_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quote" (
    "id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "asset" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "rate" DECIMAL(48,18) NOT NULL,
    "rate_source" TEXT NOT NULL,
    "rate_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quote_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "quote_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "network" TEXT NOT NULL,
    "tx_id" TEXT NOT NULL,
    "output_index" INTEGER NOT NULL,
    "asset" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "status" "PaymentStatus" NOT NULL,
    "exception" "PaymentException" NOT NULL DEFAULT 'NONE',
    "block_height" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,
    "sighting" INTEGER NOT NULL DEFAULT 1,
    "detected_at" TIMESTAMPTZ(3) NOT NULL,
    "credited_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_account" (
    "id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "kind" "LedgerAccountKind" NOT NULL,
    "asset" TEXT NOT NULL,
    "merchant_id" UUID,
    "network" TEXT,
    "balance" DECIMAL(78,0) NOT NULL DEFAULT 0,

    CONSTRAINT "ledger_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_transaction" (
    "id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "source_type" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_transaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "posting" (
    "id" UUID NOT NULL,
    "transaction_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "asset" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,

    CONSTRAINT "posting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "merchant_id" UUID,
    "event_type" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "channel" "Channel" NOT NULL,
    "target" TEXT NOT NULL,
    "user_id" UUID,
    "status" "DeliveryStatus" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "telegram_link" (
    "id" UUID NOT NULL,
    "bot" "Bot" NOT NULL,
    "user_id" UUID NOT NULL,
    "merchant_id" UUID,
    "chat_id" BIGINT,
    "token_hash" BYTEA NOT NULL,
    "token_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "connected_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "telegram_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "telegram_cursor" (
    "bot" "Bot" NOT NULL,
    "update_id" BIGINT NOT NULL,

    CONSTRAINT "telegram_cursor_pkey" PRIMARY KEY ("bot")
);

-- CreateTable
CREATE TABLE "project" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "site_url" TEXT,
    "moderation" "Moderation" NOT NULL,
    "invoice_lifetime_seconds" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "kind" "ApiKeyKind" NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "owner_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "result_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("owner_id","operation","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key_key" ON "user"("email_key");

-- CreateIndex
CREATE UNIQUE INDEX "user_token_token_hash_key" ON "user_token"("token_hash");

-- CreateIndex
CREATE INDEX "user_token_user_id_idx" ON "user_token"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "member_user_id_idx" ON "member"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "member_merchant_id_user_id_key" ON "member"("merchant_id", "user_id");

-- CreateIndex
CREATE INDEX "deposit_address_free_idx" ON "deposit_address"("network", "derivation_index") WHERE (invoice_id IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "deposit_address_network_address_key" ON "deposit_address"("network", "address");

-- CreateIndex
CREATE UNIQUE INDEX "deposit_address_network_derivation_index_key" ON "deposit_address"("network", "derivation_index");

-- CreateIndex
CREATE UNIQUE INDEX "deposit_address_invoice_id_network_key" ON "deposit_address"("invoice_id", "network");

-- CreateIndex
CREATE UNIQUE INDEX "event_id_key" ON "event"("id");

-- CreateIndex
CREATE INDEX "event_merchant_id_txid_seq_idx" ON "event"("merchant_id", "txid", "seq");

-- CreateIndex
CREATE INDEX "event_subject_id_txid_seq_idx" ON "event"("subject_id", "txid", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "event_txid_seq_key" ON "event"("txid", "seq");

-- CreateIndex
CREATE INDEX "invoice_project_id_mode_created_at_id_idx" ON "invoice"("project_id", "mode", "created_at", "id");

-- CreateIndex
CREATE INDEX "invoice_project_id_mode_status_created_at_id_idx" ON "invoice"("project_id", "mode", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "invoice_project_id_mode_order_id_created_at_id_idx" ON "invoice"("project_id", "mode", "order_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "invoice_open_expires_at_idx" ON "invoice"("expires_at") WHERE (status = 'CREATED' OR status = 'PARTIAL');

-- CreateIndex
CREATE UNIQUE INDEX "quote_invoice_id_asset_network_key" ON "quote"("invoice_id", "asset", "network");

-- CreateIndex
CREATE INDEX "payment_invoice_id_idx" ON "payment"("invoice_id");

-- CreateIndex
CREATE INDEX "payment_quote_id_idx" ON "payment"("quote_id");

-- CreateIndex
CREATE INDEX "payment_unconfirmed_idx" ON "payment"("network", "block_height") WHERE (status = 'DETECTED' OR status = 'CONFIRMING');

-- CreateIndex
CREATE UNIQUE INDEX "payment_network_tx_id_output_index_key" ON "payment"("network", "tx_id", "output_index");

-- CreateIndex
CREATE INDEX "ledger_account_merchant_id_mode_asset_idx" ON "ledger_account"("merchant_id", "mode", "asset");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_transaction_source_type_source_id_kind_key" ON "ledger_transaction"("source_type", "source_id", "kind");

-- CreateIndex
CREATE INDEX "posting_account_id_idx" ON "posting"("account_id");

-- CreateIndex
CREATE INDEX "posting_transaction_id_idx" ON "posting"("transaction_id");

-- CreateIndex
CREATE INDEX "notification_user_id_created_at_id_idx" ON "notification"("user_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "notification_event_id_user_id_key" ON "notification"("event_id", "user_id");

-- CreateIndex
CREATE INDEX "delivery_due_idx" ON "delivery"("next_attempt_at") WHERE (status = 'PENDING');

-- CreateIndex
CREATE UNIQUE INDEX "delivery_event_id_channel_target_key" ON "delivery"("event_id", "channel", "target");

-- CreateIndex
CREATE UNIQUE INDEX "telegram_link_token_hash_key" ON "telegram_link"("token_hash");

-- CreateIndex
CREATE INDEX "telegram_link_user_id_idx" ON "telegram_link"("user_id");

-- CreateIndex
CREATE INDEX "telegram_link_merchant_id_idx" ON "telegram_link"("merchant_id");

-- CreateIndex
CREATE INDEX "project_merchant_id_created_at_id_idx" ON "project"("merchant_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_token_hash_key" ON "api_key"("token_hash");

-- CreateIndex
CREATE INDEX "api_key_project_id_created_at_id_idx" ON "api_key"("project_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- AddForeignKey
ALTER TABLE "user_token" ADD CONSTRAINT "user_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quote" ADD CONSTRAINT "quote_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_quote_id_fkey" FOREIGN KEY ("quote_id") REFERENCES "quote"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_account" ADD CONSTRAINT "ledger_account_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posting" ADD CONSTRAINT "posting_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "ledger_transaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posting" ADD CONSTRAINT "posting_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "ledger_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "telegram_link" ADD CONSTRAINT "telegram_link_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "telegram_link" ADD CONSTRAINT "telegram_link_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
