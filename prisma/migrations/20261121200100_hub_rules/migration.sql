-- What the Prisma schema cannot say of the notification hub.

-- One choice for each project (or all), category (or all) and channel.
CREATE UNIQUE INDEX "notification_preference_choice_key" ON "notification_preference" (
  "user_id", (COALESCE("project_id", '00000000-0000-0000-0000-000000000000'::uuid)), (COALESCE("category", '')),
  "channel");
ALTER TABLE "notification_preference"
  ADD CONSTRAINT "notification_preference_personal" CHECK ("channel" <> 'WEBHOOK');

ALTER TABLE "notification_settings"
  ADD CONSTRAINT "notification_settings_quiet_is_whole" CHECK (("quiet_from" IS NULL) = ("quiet_to" IS NULL)),
  ADD CONSTRAINT "notification_settings_quiet_in_day"
    CHECK ("quiet_from" BETWEEN 0 AND 1439 AND "quiet_to" BETWEEN 0 AND 1439 AND "quiet_from" <> "quiet_to"),
  ADD CONSTRAINT "notification_settings_digest_bounds" CHECK ("digest_seconds" BETWEEN 0 AND 86400);

-- A part of a message ends with the message, and is none itself.
ALTER TABLE "delivery"
  ADD CONSTRAINT "delivery_part_has_key" CHECK ("digest_id" IS NULL OR "digest_key" IS NOT NULL),
  ADD CONSTRAINT "delivery_part_of_another" CHECK ("digest_id" <> "id"),
  ADD CONSTRAINT "delivery_endpoint_is_webhook" CHECK (("channel" = 'WEBHOOK') = ("endpoint_id" IS NOT NULL));

ALTER TABLE "webhook_endpoint"
  ALTER COLUMN "types" SET NOT NULL,
  ADD CONSTRAINT "webhook_endpoint_disabled_has_reason"
    CHECK (("status" = 'DISABLED') = ("disabled_reason" IS NOT NULL) AND ("status" = 'DISABLED') = ("disabled_at" IS NOT NULL));

UPDATE "delivery" d SET "event_type" = e."type", "merchant_id" = e."merchant_id", "project_id" = e."project_id",
  "mode" = e."mode"
FROM "event" e WHERE e."id" = d."event_id";
UPDATE "notification" n SET "mode" = e."mode" FROM "event" e WHERE e."id" = n."event_id" AND e."mode" IS NOT NULL;
UPDATE "telegram_link" SET "end_reason" = 'BLOCKED' WHERE "ended_at" IS NOT NULL;
