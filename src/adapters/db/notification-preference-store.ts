import type { Pool } from 'pg';
import { DEFAULT_SETTINGS } from '../../domain/notification/notification-settings.ts';
import type { NotificationPreferenceStore } from '../../usecases/ports/notification-preference-store.ts';

const CHOOSE = `
  INSERT INTO notification_preference (id, user_id, project_id, category, channel, enabled, updated_at)
  VALUES ($1, $2, $3, $4, $5::"Channel", $6, $7)
  ON CONFLICT (user_id, (COALESCE(project_id, '00000000-0000-0000-0000-000000000000'::uuid)), (COALESCE(category, '')),
    channel)
  DO UPDATE SET enabled = excluded.enabled, updated_at = excluded.updated_at`;

const TAKE_BACK = `
  DELETE FROM notification_preference
  WHERE user_id = $1 AND project_id IS NOT DISTINCT FROM $2 AND category IS NOT DISTINCT FROM $3
    AND channel = $4::"Channel"`;

/** $3, $5 and $8: whether time zone, quiet hours and digest are given. */
const UPDATE = `
  WITH spoken AS (
    UPDATE "user" SET locale = $10 WHERE id = $1 AND $10::text IS NOT NULL
  )
  INSERT INTO notification_settings AS s (user_id, time_zone, quiet_from, quiet_to, digest_seconds, updated_at)
  VALUES ($1, $4, $6, $7, coalesce($9, ${DEFAULT_SETTINGS.digestSeconds}), $2)
  ON CONFLICT (user_id) DO UPDATE SET
    time_zone = CASE WHEN $3 THEN excluded.time_zone ELSE s.time_zone END,
    quiet_from = CASE WHEN $5 THEN excluded.quiet_from ELSE s.quiet_from END,
    quiet_to = CASE WHEN $5 THEN excluded.quiet_to ELSE s.quiet_to END,
    digest_seconds = CASE WHEN $8 THEN excluded.digest_seconds ELSE s.digest_seconds END,
    updated_at = excluded.updated_at`;

export const createNotificationPreferenceStore = (pool: Pool): NotificationPreferenceStore => ({
  async choose({ id, userId, projectId, category, channel, enabled, at }) {
    if (enabled === null) await pool.query(TAKE_BACK, [userId, projectId, category, channel]);
    else await pool.query(CHOOSE, [id, userId, projectId, category, channel, enabled, at]);
  },

  async updateSettings(userId, { timeZone, quiet, digestSeconds, locale }, at) {
    await pool.query(UPDATE, [
      userId,
      at,
      timeZone !== undefined,
      timeZone ?? null,
      quiet !== undefined,
      quiet?.from ?? null,
      quiet?.to ?? null,
      digestSeconds !== undefined,
      digestSeconds ?? null,
      locale ?? null,
    ]);
  },
});
