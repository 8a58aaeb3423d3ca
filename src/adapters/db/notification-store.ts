import type { Pool } from 'pg';
import type { NotificationMark, NotificationStore } from '../../usecases/ports/notification-store.ts';
import { isHeard } from './hearing-condition.ts';
import { announceNotifications } from './notification-signal.ts';

/** Rows of one statement: short enough that nobody waits for the person's other clicks. */
const BATCH = 5000;

/** What is set, where it is not so yet. $5 is the time. What was read or archived has been seen. */
const CHANGES: Readonly<Record<NotificationMark, { readonly set: string; readonly where: string }>> = {
  SEEN: { set: 'seen_at = $5', where: 'n.seen_at IS NULL' },
  READ: { set: 'read_at = $5, seen_at = coalesce(n.seen_at, $5)', where: 'n.read_at IS NULL' },
  UNREAD: { set: 'read_at = NULL', where: 'n.read_at IS NOT NULL' },
  ARCHIVED: { set: 'archived_at = $5, seen_at = coalesce(n.seen_at, $5)', where: 'n.archived_at IS NULL' },
  UNARCHIVED: { set: 'archived_at = NULL', where: 'n.archived_at IS NOT NULL' },
};

const IS_READABLE = `n.user_id = $1 AND ${isHeard('n', '$2', '$3')}`;

/** The rows are locked in one order, so that the clicks of two tabs wait for each other and end. */
const changed = (mark: NotificationMark, branch: string): string => `
  changed AS (
    UPDATE notification n SET ${CHANGES[mark].set}
    WHERE n.id = ANY(array(SELECT id FROM ${branch})) AND ${CHANGES[mark].where}
    RETURNING n.user_id
  ), announced AS (${announceNotifications('changed')}
  )`;

/** $4 ids. */
const markOf = (mark: NotificationMark): string => `
  WITH mine AS (
    SELECT n.id FROM notification n WHERE n.id = ANY($4::uuid[]) AND ${IS_READABLE}
    ORDER BY n.created_at, n.id FOR NO KEY UPDATE
  ), ${changed(mark, 'mine')}
  SELECT array(SELECT id FROM mine) AS ids, (SELECT count(*) FROM announced)::int AS announced, $5::timestamptz AS at`;

/**
 * $4 the last one. What is archived, or read when it is to be seen, is in no count. The sum keeps the database from
 * reading all that is older by its index of the order: of that only little is unread.
 */
export const markUpToOf = (mark: 'SEEN' | 'READ'): string => `
  WITH last AS (
    SELECT n.seq FROM notification n WHERE n.id = $4 AND ${IS_READABLE}
  ), batch AS (
    SELECT n.id FROM notification n
    WHERE n.seq + 0 <= (SELECT seq FROM last) AND n.read_at IS NULL AND n.archived_at IS NULL
      AND ${CHANGES[mark].where} AND ${IS_READABLE}
    ORDER BY n.created_at, n.id LIMIT ${BATCH} FOR NO KEY UPDATE
  ), ${changed(mark, 'batch')}
  SELECT (SELECT count(*) FROM last)::int AS found, (SELECT count(*) FROM batch)::int AS marked,
    (SELECT count(*) FROM announced)::int AS announced`;

/** The notification centres on PostgreSQL. */
export const createNotificationStore = (pool: Pool): NotificationStore => ({
  async mark({ userId, ownTypes, grants }, notificationIds, mark, at) {
    const { rows } = await pool.query<{ ids: string[] }>({
      name: `notification_mark_${mark}`,
      text: markOf(mark),
      values: [userId, ownTypes, JSON.stringify(grants), notificationIds, at],
    });
    return rows[0]?.ids ?? [];
  },

  async markUpTo({ userId, ownTypes, grants }, notificationId, mark, at) {
    const statement = { name: `notification_mark_up_to_${mark}`, text: markUpToOf(mark) };
    const values = [userId, ownTypes, JSON.stringify(grants), notificationId, at];
    for (;;) {
      const { rows } = await pool.query<{ found: number; marked: number }>({ ...statement, values });
      const { found, marked } = rows[0] ?? { found: 0, marked: 0 };
      if (marked < BATCH) return found === 1;
    }
  },
});
