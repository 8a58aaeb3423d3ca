/**
 * Whoever changes a merchant's team, currency or closing takes this lock first, so that what is read after it stays
 * true until the commit. No row when there is no such merchant or it is closed.
 */
export const LOCK_MERCHANT =
  'SELECT name, currency FROM merchant WHERE id = $1 AND closed_at IS NULL FOR NO KEY UPDATE';
