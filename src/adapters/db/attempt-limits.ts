import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { networkOf } from '../../domain/access/ip-address.ts';
import { ATTEMPT_LIMITS, type AttemptKind, type AttemptLimit } from '../../domain/access/attempt-limits.ts';
import type { AttemptLimits, AttemptSubject } from '../../usecases/ports/attempt-limits.ts';

/** One statement, in the order of the keys, so that two requests with the same keys cannot wait for each other. */
const TAKE = `
  INSERT INTO attempt_count AS counted (key, count, expires_at)
  SELECT k.key, 1, $2::timestamptz + make_interval(secs => k.seconds)
  FROM jsonb_to_recordset($1::jsonb) AS k (key text, seconds int) ORDER BY k.key
  ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN counted.expires_at <= $2 THEN 1 ELSE counted.count + 1 END,
    expires_at = CASE WHEN counted.expires_at <= $2 THEN excluded.expires_at ELSE counted.expires_at END
  RETURNING key, count, expires_at AS "expiresAt"`;

const MAX_REMEMBERED = 10_000;

interface CountRow {
  readonly key: string;
  readonly count: number;
  readonly expiresAt: Date;
}

/** Attempts on PostgreSQL. What is counted stands there as a hash: the keys are people's addresses. */
export function createAttemptLimits(pool: Pool): AttemptLimits {
  /**
   * Addresses that this process knows to be over a limit, and until when. A flood from one of them must not queue up
   * for its row, and so for the connections that everybody needs.
   */
  const full = new Map<string, Date>();

  return {
    async take(kind, subject, at) {
      const limited = keysOf(kind, subject);
      const only = limited.length === 1 && limited[0]?.limit.by === 'address' ? limited[0].key : null;
      const until = only === null ? undefined : full.get(only);
      if (until && until > at) return secondsUntil(until, at);
      const rows = JSON.stringify(limited.map(({ key, limit }) => ({ key, seconds: limit.windowSeconds })));
      const counted = await pool.query<CountRow>({ name: 'attempt_take', text: TAKE, values: [rows, at] });
      const max = new Map(limited.map(({ key, limit }) => [key, limit.max]));
      const over = counted.rows.filter(({ key, count }) => count > (max.get(key) ?? 0));
      if (only !== null && over[0]) remember(full, only, over[0].expiresAt);
      return over.length > 0 ? Math.max(...over.map(({ expiresAt }) => secondsUntil(expiresAt, at))) : null;
    },

    async forgive(kind, subject) {
      const keys = keysOf(kind, subject).flatMap(({ key, limit }) => (limit.by === 'address' ? [] : [key]));
      await pool.query('DELETE FROM attempt_count WHERE key = ANY($1::text[])', [keys]);
    },
  };
}

const secondsUntil = (end: Date, at: Date): number =>
  Math.max(1, Math.ceil((end.getTime() - at.getTime()) / 1000));

/** The longest known goes first when there are too many: it is over soonest. */
function remember(full: Map<string, Date>, key: string, until: Date): void {
  full.delete(key);
  full.set(key, until);
  const [oldest] = full.keys();
  if (full.size > MAX_REMEMBERED && oldest !== undefined) full.delete(oldest);
}

function keysOf(kind: AttemptKind, { account, address }: AttemptSubject) {
  const network = address === undefined ? undefined : networkOf(address);
  const subjectOf = ({ by }: AttemptLimit): string | undefined => {
    if (by === 'account') return account;
    if (by === 'address') return network;
    return account === undefined || network === undefined ? undefined : `${account} ${network}`;
  };
  const limits: readonly AttemptLimit[] = ATTEMPT_LIMITS[kind];
  return limits.flatMap((limit) => {
    const subject = subjectOf(limit);
    return subject === undefined ? [] : [{ limit, key: `${kind}/${limit.by}/${digest(subject)}` }];
  });
}

const digest = (subject: string): string => createHash('sha256').update(subject).digest('base64url');
