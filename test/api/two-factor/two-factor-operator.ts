import { randomUUID } from 'node:crypto';
import type { OperatorRole } from '../../../src/domain/access/rights.ts';
import type { MovableClock } from '../../testkit/movable-clock.ts';
import type { TestPlatform } from '../../testkit/platform.ts';
import { secrets, type Person } from './two-factor-kit.ts';

/** An operator with a session, straight from the database. */
export async function openTwoFactorOperator(
  { platform, database: { pool } }: TestPlatform,
  clock: MovableClock,
  role: OperatorRole,
  { secondFactor = true, steppedUp = true }: { secondFactor?: boolean; steppedUp?: boolean } = {},
): Promise<Person> {
  const at = clock.now();
  const [userId, sessionId] = [randomUUID(), randomUUID()];
  const email = `${userId}@operator.example`;
  await pool.query(
    `INSERT INTO "user" (id, email, email_key, password_hash, email_confirmed_at, created_at)
     VALUES ($1, $2, $2, 'none', $3, $3)`,
    [userId, email, at],
  );
  await pool.query(`INSERT INTO operator (user_id, role, created_at) VALUES ($1, $2::"OperatorRole", $3)`, [
    userId,
    role,
    at,
  ]);
  const token = secrets.issue('pbss_');
  await pool.query(
    `INSERT INTO session (id, user_id, token_hash, ip, user_agent, created_at, active_at, second_factor_at, stepped_up_at)
     VALUES ($1, $2, $3, '127.0.0.1', 'test', $4, $4, $5, $6)`,
    [sessionId, userId, token.hash, at, secondFactor ? at : null, steppedUp ? at : null],
  );
  return { email, userId, merchantId: '', client: platform.api.as(token.secret) };
}
