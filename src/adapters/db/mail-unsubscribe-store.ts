import type { Pool } from 'pg';
import type { MailUnsubscribeStore } from '../../usecases/ports/mail-unsubscribe-store.ts';

const END_MAILS = `
  WITH taken_back AS (
    DELETE FROM notification_preference
    WHERE user_id = $2 AND category = $3 AND channel = 'EMAIL' AND project_id IS NOT NULL AND enabled
  )
  INSERT INTO notification_preference (id, user_id, project_id, category, channel, enabled, updated_at)
  SELECT $1, id, NULL, $3, 'EMAIL', false, $4 FROM "user" WHERE id = $2
  ON CONFLICT (user_id, (COALESCE(project_id, '00000000-0000-0000-0000-000000000000'::uuid)), (COALESCE(category, '')),
    channel)
  DO UPDATE SET enabled = false, updated_at = excluded.updated_at`;

export const createMailUnsubscribeStore = (pool: Pool): MailUnsubscribeStore => ({
  async endMails({ id, userId, category, at }) {
    const { rowCount } = await pool.query(END_MAILS, [id, userId, category, at]);
    return rowCount === 1;
  },
});
