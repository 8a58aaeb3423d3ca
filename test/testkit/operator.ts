import type { OperatorRole } from '../../src/domain/access/rights.ts';
import type { ApiClient } from '../../src/demo/api-client.ts';
import type { Platform } from '../../src/demo/platform.ts';
import type { TestDatabase } from './database.ts';
import { globalIdOf } from './facts.ts';
import { insertSession, insertUser, type SessionFacts } from './people.ts';

export interface TestOperator {
  readonly email: string;
  /** Row id of the person; `id` is the global one of the operator. */
  readonly userId: string;
  readonly id: string;
  readonly token: string;
  readonly api: ApiClient;
}

/**
 * An operator of a test's own, signed in with a second factor and just stepped up; the facts say otherwise:
 * `{ secondFactorAt: null }` for one without the factor, `at` for the business time of a moved clock.
 */
export async function openOperator(
  platform: Pick<Platform, 'api'>,
  { pool }: Pick<TestDatabase, 'pool'>,
  role: OperatorRole,
  facts: SessionFacts = {},
): Promise<TestOperator> {
  const at = facts.at ?? new Date();
  const email = `${role.toLowerCase()}-${crypto.randomUUID()}@gateway.example`;
  const userId = await insertUser(pool, email, at);
  await pool.query('INSERT INTO operator (user_id, role, created_at) VALUES ($1, $2::"OperatorRole", $3)', [
    userId,
    role,
    at,
  ]);
  const { token } = await insertSession(pool, userId, { secondFactorAt: at, steppedUpAt: at, ...facts });
  return { email, userId, id: globalIdOf('Operator', userId), token, api: platform.api.as(token) };
}
