import type { Pool } from 'pg';
import type { ModerationStore } from '../../usecases/ports/moderation-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { insertModerationChange, moderationRows } from './moderation-insert.ts';

/** $1 project, $2 state seen, $3 new state, $4 whether an archived one will do, $5 the history, $6 the event. */
const CHANGE_MODERATION = `
  WITH changed AS (
    UPDATE project SET moderation = $3::"Moderation"
    WHERE id = $1 AND moderation = $2::"Moderation" AND ($4 OR archived_at IS NULL)
    RETURNING id
  ), history AS (
    ${insertModerationChange('$5', 'EXISTS (SELECT FROM changed)')}
  ), told AS (
    ${insertEvents('$6', 'EXISTS (SELECT FROM changed)')}
  )
  SELECT id FROM changed`;

export function createModerationStore(pool: Pool): ModerationStore {
  return {
    async changeModeration(change, { archived }, event) {
      const { projectId, from, to } = change;
      const values = [
        projectId,
        from,
        to,
        archived === 'either',
        moderationRows([change]),
        eventRows([event]),
      ];
      const { rowCount } = await pool.query({ text: CHANGE_MODERATION, values });
      return rowCount === 1 ? 'written' : 'stale';
    },
  };
}
