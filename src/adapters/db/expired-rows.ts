import type { Pool } from 'pg';
import type { ExpiredRows } from '../../usecases/ports/expired-rows.ts';

/** Rows of a table in one statement: short enough to hold nobody up. */
const BATCH = 1000;
const DAY_MS = 24 * 3_600_000;
/** Links and codes stay after their end, for whoever looks into a complaint. */
const SECRETS_KEPT_MS = DAY_MS;

/** Telegram repeats an update for a day, and counts anew after a quiet week. */
const UPDATES_KEPT_MS = 3 * DAY_MS;
/** The notification centre goes back a little more than a year. */
const NOTIFICATIONS_KEPT_MS = 400 * DAY_MS;

/** What was sent to whom, and what webhook endpoints answered. */
const DELIVERIES_KEPT_MS = 90 * DAY_MS;
const ATTEMPTS_KEPT_MS = 30 * DAY_MS;

/** By an index that begins with `since`, the time from which a row is kept on for so long. */
const TABLES: readonly ExpiringTable[] = [
  { table: 'attempt_count', key: 'key', since: 'expires_at', keptMs: 0 },
  { table: 'user_token', key: 'id', since: 'expires_at', keptMs: SECRETS_KEPT_MS },
  { table: 'verification_code', key: 'id', since: 'expires_at', keptMs: SECRETS_KEPT_MS },
  { table: 'digest_window', key: 'channel, target, key', since: 'ends_at', keptMs: 0 },
  {
    table: 'telegram_link',
    key: 'id',
    since: 'token_expires_at',
    keptMs: SECRETS_KEPT_MS,
    unless: 'chat_id IS NOT NULL',
  },
  { table: 'telegram_update', key: 'bot, update_id', since: 'received_at', keptMs: UPDATES_KEPT_MS },
  { table: 'notification', key: 'id', since: 'created_at', keptMs: NOTIFICATIONS_KEPT_MS },
  { table: 'webhook_secret', key: 'id', since: 'expires_at', keptMs: 0 },
  { table: 'delivery_attempt', key: 'id', since: 'at', keptMs: ATTEMPTS_KEPT_MS },
  {
    table: 'delivery',
    key: 'id',
    since: 'created_at',
    keptMs: DELIVERIES_KEPT_MS,
    unless: `status = 'PENDING'`,
  },
];

interface ExpiringTable {
  readonly table: string;
  readonly key: string;
  readonly since: string;
  readonly keptMs: number;
  /** What is kept on, however old. */
  readonly unless?: string;
}

export const createExpiredRows = (pool: Pool): ExpiredRows => ({
  async removeSome(at) {
    let more = false;
    for (const { table, key, since, keptMs, unless = 'false' } of TABLES) {
      const expired = `${since} < $1 AND NOT (${unless})`;
      // Asked twice: a row that is given more time meanwhile stays.
      const { rowCount } = await pool.query(
        `DELETE FROM ${table} WHERE ${expired}
         AND (${key}) IN (SELECT ${key} FROM ${table} WHERE ${expired} LIMIT ${BATCH})`,
        [new Date(at.getTime() - keptMs)],
      );
      more ||= rowCount === BATCH;
    }
    return more;
  },
});
