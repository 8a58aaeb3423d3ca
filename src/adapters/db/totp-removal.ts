import type { PoolClient } from 'pg';

/**
 * Takes the authenticator off within a transaction, with its recovery codes; sessions of the person have no second
 * factor any more. False when there was none.
 */
export async function removeTotp(client: PoolClient, userId: string): Promise<boolean> {
  const removed = await client.query({ text: 'DELETE FROM totp WHERE user_id = $1', values: [userId] });
  await client.query({ text: 'DELETE FROM recovery_code WHERE user_id = $1', values: [userId] });
  await client.query({
    text: 'UPDATE session SET second_factor_at = NULL WHERE user_id = $1 AND ended_at IS NULL',
    values: [userId],
  });
  return removed.rowCount === 1;
}
