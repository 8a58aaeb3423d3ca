import type { Pool, PoolClient } from 'pg';
import type { Idempotency } from '../../usecases/ports/invoice-store.ts';
import type { KeyUsed } from '../../usecases/ports/refund-store.ts';
import { FIND_IDEMPOTENCY_KEY } from './invoice-statements.ts';

/** What the same key led to before; null for a new one. */
export async function keyUsedBefore(
  client: Pick<Pool | PoolClient, 'query'>,
  { ownerId, operation, key, inputHash }: Idempotency,
): Promise<KeyUsed | null> {
  const { rows } = await client.query<{ input_hash: Buffer; result_id: string }>(FIND_IDEMPOTENCY_KEY, [
    ownerId,
    operation,
    key,
  ]);
  const [first] = rows;
  if (!first) return null;
  return first.input_hash.equals(inputHash)
    ? { kind: 'replayed', resultId: first.result_id }
    : { kind: 'key_reused' };
}
