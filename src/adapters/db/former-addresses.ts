import type { Pool } from 'pg';
import type { AddressDeriver } from '../../usecases/ports/deposit-addresses.ts';

/** $1 networks. */
const FREE = `
  SELECT id, network, address, derivation_index AS index FROM deposit_address
  WHERE network = ANY ($1::text[]) AND assigned_at IS NULL`;

/** $1 addresses. One that is given out at this moment belongs to whoever takes it. */
const REMOVE = 'DELETE FROM deposit_address WHERE id = ANY ($1::uuid[]) AND assigned_at IS NULL';

interface FreeAddress {
  readonly id: string;
  readonly network: string;
  readonly address: string;
  readonly index: number;
}

/**
 * Takes the free addresses away that the account keys of today do not give: derived ahead from the key of a former seed,
 * they would be given to invoices that the seed of today cannot spend from.
 */
export async function removeFormerAddresses(pool: Pool, { networks, derive }: AddressDeriver): Promise<void> {
  const { rows } = await pool.query<FreeAddress>(FREE, [networks]);
  const former = rows.filter(({ network, index, address }) => derive(network, index) !== address);
  if (former.length > 0) await pool.query(REMOVE, [former.map(({ id }) => id)]);
}
