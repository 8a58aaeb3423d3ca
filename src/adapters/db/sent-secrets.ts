import type { PoolClient } from 'pg';

/** Voids every link that was mailed to a person and not used, within a transaction that holds the person's row. */
export async function voidLinks(client: PoolClient, userId: string, at: Date): Promise<void> {
  await client.query('UPDATE user_token SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL', [
    userId,
    at,
  ]);
}

/** Voids every six-digit code that was sent to a person and not used, as `voidLinks` does. */
export async function voidCodes(client: PoolClient, userId: string, at: Date): Promise<void> {
  await client.query('UPDATE verification_code SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL', [
    userId,
    at,
  ]);
}
