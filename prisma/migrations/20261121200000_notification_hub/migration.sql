-- CreateEnum
CREATE TYPE "TelegramLinkEnd" AS ENUM ('DISCONNECTED', 'BLOCKED', 'REPLACED');

-- CreateEnum
CREATE TYPE "WebhookSchedule" AS ENUM ('SHORT', 'LONG');

-- CreateEnum
CREATE TYPE "WebhookStatus" AS ENUM ('ENABLED', 'DISABLED');

-- CreateEnum
CREATE TYPE "WebhookDisabledReason" AS ENUM ('BY_HAND', 'GONE', 'FAILING');

-- AlterEnum
ALTER TYPE "HoldReason" ADD VALUE 'SESSION_DISOWNED';

-- AlterEnum
ALTER TYPE "Channel" ADD VALUE 'WEBHOOK';

-- DropIndex
DROP INDEX "telegram_link_user_id_idx";

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "digest_id" UUID,
ADD COLUMN     "digest_key" TEXT,
ADD COLUMN     "endpoint_id" UUID,
ADD COLUMN     "event_type" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "merchant_id" UUID,
ADD COLUMN     "mode" "Mode",
ADD COLUMN     "payload" TEXT,
ADD COLUMN     "project_id" UUID,
ADD COLUMN     "response_status" INTEGER;

-- AlterTable
ALTER TABLE "notification" ADD COLUMN     "archived_at" TIMESTAMPTZ(3),
ADD COLUMN     "mode" "Mode",
ADD COLUMN     "seen_at" TIMESTAMPTZ(3),
ADD COLUMN     "seq" BIGSERIAL NOT NULL;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "disowned_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "telegram_link" ADD COLUMN     "end_reason" "TelegramLinkEnd",
ADD COLUMN     "muted_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "notification_preference" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "project_id" UUID,
    "category" TEXT,
    "channel" "Channel" NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notification_preference_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_settings" (
    "user_id" UUID NOT NULL,
    "time_zone" TEXT,
    "quiet_from" INTEGER,
    "quiet_to" INTEGER,
    "digest_seconds" INTEGER NOT NULL DEFAULT 300,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notification_settings_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "digest_window" (
    "channel" "Channel" NOT NULL,
    "target" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "digest_window_pkey" PRIMARY KEY ("channel","target","key")
);

-- CreateTable
CREATE TABLE "email_bounce" (
    "email_key" TEXT NOT NULL,
    "bounced_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "email_bounce_pkey" PRIMARY KEY ("email_key")
);

-- CreateTable
CREATE TABLE "delivery_attempt" (
    "id" UUID NOT NULL,
    "delivery_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "outcome" "DeliveryStatus" NOT NULL,
    "error" TEXT,
    "request_headers" JSONB NOT NULL,
    "response_status" INTEGER,
    "response_headers" JSONB,
    "response_body" TEXT,

    CONSTRAINT "delivery_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "telegram_update" (
    "bot" "Bot" NOT NULL,
    "update_id" BIGINT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "telegram_update_pkey" PRIMARY KEY ("bot","update_id")
);

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "mode" "Mode" NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT,
    "types" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "payload_version" TEXT NOT NULL,
    "schedule" "WebhookSchedule" NOT NULL DEFAULT 'LONG',
    "status" "WebhookStatus" NOT NULL DEFAULT 'ENABLED',
    "disabled_reason" "WebhookDisabledReason",
    "disabled_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "warned_at" TIMESTAMPTZ(3),
    "silences" INTEGER NOT NULL DEFAULT 0,
    "paused_until" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_secret" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "sealed_secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_secret_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "notification_preference_user_id_idx" ON "notification_preference"("user_id");

-- CreateIndex
CREATE INDEX "digest_window_ends_at_idx" ON "digest_window"("ends_at");

-- CreateIndex
CREATE INDEX "delivery_attempt_delivery_id_at_id_idx" ON "delivery_attempt"("delivery_id", "at", "id");

-- CreateIndex
CREATE INDEX "delivery_attempt_at_idx" ON "delivery_attempt"("at");

-- CreateIndex
CREATE INDEX "telegram_update_received_at_idx" ON "telegram_update"("received_at");

-- CreateIndex
CREATE INDEX "webhook_endpoint_list_idx" ON "webhook_endpoint"("project_id", "mode", "created_at", "id") WHERE (deleted_at IS NULL);

-- CreateIndex
CREATE INDEX "webhook_secret_endpoint_id_idx" ON "webhook_secret"("endpoint_id");

-- CreateIndex
CREATE INDEX "webhook_secret_expires_at_idx" ON "webhook_secret"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_secret_present_key" ON "webhook_secret"("endpoint_id") WHERE (expires_at IS NULL);

-- CreateIndex
CREATE INDEX "delivery_waiting_idx" ON "delivery"("channel", "target", "id") WHERE (status = 'PENDING');

-- CreateIndex
CREATE INDEX "delivery_digest_idx" ON "delivery"("digest_id") WHERE (digest_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "delivery_user_id_created_at_id_idx" ON "delivery"("user_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "delivery_merchant_idx" ON "delivery"("merchant_id", "channel", "created_at", "id");

-- CreateIndex
CREATE INDEX "delivery_endpoint_idx" ON "delivery"("endpoint_id", "created_at", "id") WHERE (endpoint_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "delivery_endpoint_status_idx" ON "delivery"("endpoint_id", "status", "created_at", "id") WHERE (endpoint_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "delivery_endpoint_type_idx" ON "delivery"("endpoint_id", "event_type", "created_at", "id") WHERE (endpoint_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "delivery_age_idx" ON "delivery"("created_at");

-- CreateIndex
CREATE INDEX "delivery_unsent_idx" ON "delivery"("created_at", "id") WHERE (status >= 'FAILED');

-- CreateIndex
CREATE INDEX "delivery_user_unsent_idx" ON "delivery"("user_id", "created_at", "id") WHERE (status >= 'FAILED');

-- CreateIndex
CREATE INDEX "notification_user_id_seq_idx" ON "notification"("user_id", "seq");

-- CreateIndex
CREATE INDEX "notification_unread_idx" ON "notification"("user_id", "created_at", "id") WHERE (read_at IS NULL AND archived_at IS NULL);

-- CreateIndex
CREATE INDEX "notification_age_idx" ON "notification"("created_at");

-- CreateIndex
CREATE INDEX "telegram_link_user_id_created_at_id_idx" ON "telegram_link"("user_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "telegram_link_chat_idx" ON "telegram_link"("bot", "chat_id") WHERE (chat_id IS NOT NULL AND ended_at IS NULL);

-- CreateIndex
CREATE INDEX "telegram_link_unused_idx" ON "telegram_link"("token_expires_at") WHERE (chat_id IS NULL);

-- AddForeignKey
ALTER TABLE "notification_preference" ADD CONSTRAINT "notification_preference_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_preference" ADD CONSTRAINT "notification_preference_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_settings" ADD CONSTRAINT "notification_settings_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_attempt" ADD CONSTRAINT "delivery_attempt_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_secret" ADD CONSTRAINT "webhook_secret_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
