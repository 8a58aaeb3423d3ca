-- CreateEnum
CREATE TYPE "CodePurpose" AS ENUM ('TWO_FACTOR_ENROLLMENT', 'EMAIL_CHANGE', 'PHONE_CHANGE');

-- CreateEnum
CREATE TYPE "RequestStatus" AS ENUM ('PENDING', 'APPROVED', 'REJECTED');

-- CreateEnum
CREATE TYPE "HoldReason" AS ENUM ('PASSWORD_CHANGED', 'PASSWORD_RESET', 'EMAIL_CHANGED', 'PHONE_CHANGED', 'API_KEY_CHANGED', 'RECOVERY_CODE_USED', 'TWO_FACTOR_RESET', 'TWO_FACTOR_DISABLED', 'WHITELIST_DISABLED');

-- CreateEnum
CREATE TYPE "OperatorRole" AS ENUM ('ADMIN', 'MODERATOR', 'SUPPORT');

-- CreateEnum
CREATE TYPE "PaymentPolicy" AS ENUM ('HOLD', 'CREDIT', 'REBOUND');

-- AlterEnum
ALTER TYPE "Channel" ADD VALUE 'SMS';

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "TokenPurpose" ADD VALUE 'PASSWORD_RESET';
ALTER TYPE "TokenPurpose" ADD VALUE 'TWO_FACTOR_RESET';

-- DropForeignKey
ALTER TABLE "user_token" DROP CONSTRAINT "user_token_user_id_fkey";

-- DropIndex
DROP INDEX "session_user_id_idx";

-- AlterTable
ALTER TABLE "api_key" ADD COLUMN     "expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "ip_ranges" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "last_used_ip" TEXT,
ADD COLUMN     "rotated_to" UUID,
ADD COLUMN     "scopes" TEXT[];

-- AlterTable
ALTER TABLE "member" ADD COLUMN     "disabled_at" TIMESTAMPTZ(3),
ADD COLUMN     "project_ids" UUID[] DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "restricted" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "merchant" ADD COLUMN     "closed_at" TIMESTAMPTZ(3),
ADD COLUMN     "company" JSONB,
ADD COLUMN     "currency" TEXT NOT NULL DEFAULT 'USD',
ADD COLUMN     "whitelist_on" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "notification" ADD COLUMN     "project_id" UUID;

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "accepted_assets" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "archived_at" TIMESTAMPTZ(3),
ADD COLUMN     "confirmations" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "duplicate_policy" "PaymentPolicy" NOT NULL DEFAULT 'HOLD',
ADD COLUMN     "late_policy" "PaymentPolicy" NOT NULL DEFAULT 'HOLD',
ADD COLUMN     "logo_id" UUID,
ADD COLUMN     "overpaid_policy" "PaymentPolicy" NOT NULL DEFAULT 'CREDIT',
ADD COLUMN     "page" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "underpaid_amount" DECIMAL(78,0),
ADD COLUMN     "underpaid_basis_points" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "underpaid_currency" TEXT,
ADD COLUMN     "underpaid_policy" "PaymentPolicy" NOT NULL DEFAULT 'HOLD';

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "device" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "pin_failures" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "second_factor_at" TIMESTAMPTZ(3),
ADD COLUMN     "stepped_up_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "phone" TEXT,
ADD COLUMN     "pin_hash" TEXT;

-- AlterTable
ALTER TABLE "user_token" ALTER COLUMN "user_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "verification_code" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "purpose" "CodePurpose" NOT NULL,
    "target" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "verification_code_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "totp" (
    "user_id" UUID NOT NULL,
    "sealed_secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "enabled_at" TIMESTAMPTZ(3),
    "last_step" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "totp_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "recovery_code" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "email_key" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "project_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "token_hash" BYTEA NOT NULL,
    "invited_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "withdrawal_hold" (
    "id" UUID NOT NULL,
    "merchant_id" UUID,
    "user_id" UUID,
    "reason" "HoldReason" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "withdrawal_hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "withdrawal_address" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "network" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "usable_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "withdrawal_address_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "currency_request" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "currency" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" "RequestStatus" NOT NULL DEFAULT 'PENDING',
    "answer" TEXT,
    "decided_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "currency_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator" (
    "user_id" UUID NOT NULL,
    "role" "OperatorRole" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "operator_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "two_factor_reset_request" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "status" "RequestStatus" NOT NULL DEFAULT 'PENDING',
    "answer" TEXT,
    "decided_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "two_factor_reset_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "number" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "user_id" UUID,
    "merchant_id" UUID,
    "project_id" UUID,
    "actor" JSONB NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "data" JSONB NOT NULL,
    "ip" TEXT,
    "device" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "attempt_count" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attempt_count_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "moderation_change" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "from" "Moderation" NOT NULL,
    "to" "Moderation" NOT NULL,
    "reason" TEXT,
    "actor" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "moderation_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project_logo" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "image" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "project_logo_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "verification_code_user_id_purpose_created_at_idx" ON "verification_code"("user_id", "purpose", "created_at");

-- CreateIndex
CREATE INDEX "verification_code_expires_at_idx" ON "verification_code"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "recovery_code_user_id_code_hash_key" ON "recovery_code"("user_id", "code_hash");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_merchant_id_created_at_id_idx" ON "invitation"("merchant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "withdrawal_hold_merchant_id_ends_at_idx" ON "withdrawal_hold"("merchant_id", "ends_at");

-- CreateIndex
CREATE INDEX "withdrawal_hold_user_id_ends_at_idx" ON "withdrawal_hold"("user_id", "ends_at");

-- CreateIndex
CREATE INDEX "withdrawal_address_merchant_id_created_at_id_idx" ON "withdrawal_address"("merchant_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "withdrawal_address_listed_key" ON "withdrawal_address"("merchant_id", "network", "address") WHERE (removed_at IS NULL);

-- CreateIndex
CREATE INDEX "currency_request_merchant_id_created_at_id_idx" ON "currency_request"("merchant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "currency_request_status_created_at_id_idx" ON "currency_request"("status", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "currency_request_open_key" ON "currency_request"("merchant_id") WHERE (status = 'PENDING');

-- CreateIndex
CREATE INDEX "two_factor_reset_request_status_created_at_id_idx" ON "two_factor_reset_request"("status", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "two_factor_reset_request_open_key" ON "two_factor_reset_request"("user_id") WHERE (status = 'PENDING');

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_event_id_key" ON "audit_entry"("event_id");

-- CreateIndex
CREATE INDEX "audit_entry_user_id_number_idx" ON "audit_entry"("user_id", "number");

-- CreateIndex
CREATE INDEX "audit_entry_user_id_type_number_idx" ON "audit_entry"("user_id", "type", "number");

-- CreateIndex
CREATE INDEX "audit_entry_merchant_id_number_idx" ON "audit_entry"("merchant_id", "number");

-- CreateIndex
CREATE INDEX "attempt_count_expires_at_idx" ON "attempt_count"("expires_at");

-- CreateIndex
CREATE INDEX "moderation_change_project_id_created_at_id_idx" ON "moderation_change"("project_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "project_unarchived_idx" ON "project"("merchant_id", "created_at", "id") WHERE (archived_at IS NULL);

-- CreateIndex
CREATE INDEX "project_moderation_created_at_id_idx" ON "project"("moderation", "created_at", "id");

-- CreateIndex
CREATE INDEX "project_logo_project_id_idx" ON "project_logo"("project_id");

-- CreateIndex
CREATE INDEX "member_merchant_id_created_at_id_idx" ON "member"("merchant_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "session_user_id_created_at_id_idx" ON "session"("user_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "user_token_expires_at_idx" ON "user_token"("expires_at");

-- AddForeignKey
ALTER TABLE "user_token" ADD CONSTRAINT "user_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verification_code" ADD CONSTRAINT "verification_code_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "totp" ADD CONSTRAINT "totp_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "withdrawal_address" ADD CONSTRAINT "withdrawal_address_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "currency_request" ADD CONSTRAINT "currency_request_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "two_factor_reset_request" ADD CONSTRAINT "two_factor_reset_request_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operator" ADD CONSTRAINT "operator_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "moderation_change" ADD CONSTRAINT "moderation_change_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
