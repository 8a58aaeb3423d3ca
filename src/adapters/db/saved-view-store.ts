import type { Pool } from 'pg';
import type { SavedViewStore } from '../../usecases/ports/saved-view-store.ts';
import { inTransaction } from './transaction.ts';

/** So that two views which are saved at once are counted one after the other. */
const LOCK = 'SELECT id FROM "user" WHERE id = $1 FOR NO KEY UPDATE';

const SAVE = `
  INSERT INTO saved_view (id, user_id, merchant_id, list, name, columns, filter, created_at)
  SELECT $1::uuid, $2::uuid, $3::uuid, $4, $5, $6::text[], $7::jsonb, $8::timestamptz
  WHERE EXISTS (SELECT FROM saved_view WHERE user_id = $2 AND merchant_id = $3 AND list = $4 AND name = $5)
    OR (SELECT count(*) FROM saved_view WHERE user_id = $2) < $9
  ON CONFLICT (user_id, merchant_id, list, name) DO UPDATE SET columns = excluded.columns, filter = excluded.filter
  RETURNING id`;

export const createSavedViewStore = (pool: Pool): SavedViewStore => ({
  save: ({ id, userId, merchantId, list, name, columns, filter, at }, most) =>
    inTransaction(pool, async (client) => {
      await client.query(LOCK, [userId]);
      const values = [id, userId, merchantId, list, name, columns, JSON.stringify(filter), at, most];
      const { rows } = await client.query<{ id: string }>(SAVE, values);
      return rows[0] ? { savedViewId: rows[0].id } : 'full';
    }),

  async remove(userId, savedViewId) {
    const { rowCount } = await pool.query('DELETE FROM saved_view WHERE id = $1 AND user_id = $2', [
      savedViewId,
      userId,
    ]);
    return rowCount === 1;
  },
});
