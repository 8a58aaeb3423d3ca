import type { Pool } from 'pg';
import type { AddressDeriver, DepositAddresses } from '../../usecases/ports/deposit-addresses.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import { inTransaction } from './transaction.ts';
import { isUniqueViolation } from './unique-violation.ts';

const ASSIGNED = 'SELECT address FROM deposit_address WHERE invoice_id = $2 AND network = $1';

/** Takes the lowest free address; two takers never wait for each other. Nothing when the invoice has one. */
const TAKE = `
  UPDATE deposit_address SET invoice_id = $2, assigned_at = $3
  WHERE id = (
    SELECT id FROM deposit_address WHERE network = $1 AND assigned_at IS NULL
    ORDER BY derivation_index LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING address`;

const ADD = `
  INSERT INTO deposit_address (id, network, address, derivation_index)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[])
  ON CONFLICT DO NOTHING`;

/** Locks it, so that one which another request is just taking does not count. */
const FREE = `
  SELECT id FROM deposit_address WHERE network = $1 AND assigned_at IS NULL
  ORDER BY derivation_index LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** Addresses derived at once. */
const BATCH = 64;

export function createDepositAddresses(pool: Pool, deriver: AddressDeriver, ids: IdSource): DepositAddresses {
  const take = async (network: string, invoiceId: string, at: Date): Promise<string | null> => {
    const { rows } = await pool.query<{ address: string }>({
      name: 'deposit_address_take',
      text: TAKE,
      values: [network, invoiceId, at],
    });
    return rows[0]?.address ?? null;
  };

  const assigned = async (network: string, invoiceId: string): Promise<string | null> => {
    const { rows } = await pool.query<{ address: string }>({
      name: 'deposit_address_assigned',
      text: ASSIGNED,
      values: [network, invoiceId],
    });
    return rows[0]?.address ?? null;
  };

  return {
    async refill(network) {
      if (!deriver.networks.includes(network)) return false;
      await deriveMore(pool, deriver, ids, network);
      return true;
    },
    async assign(network, invoiceId, at) {
      if (!deriver.networks.includes(network)) return null;
      for (;;) {
        const own = await assigned(network, invoiceId);
        if (own !== null) return own;
        try {
          const taken = await take(network, invoiceId, at);
          if (taken !== null) return taken;
        } catch (error) {
          // A concurrent request gave the invoice its address on this network: use that one.
          if (isUniqueViolation(error)) continue;
          throw error;
        }
        await deriveMore(pool, deriver, ids, network);
      }
    },
  };
}

/** Adds the next addresses after the highest index, unless somebody did while this one waited: one at a time a network. */
async function deriveMore(
  pool: Pool,
  deriver: AddressDeriver,
  ids: IdSource,
  network: string,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `deposit-addresses:${network}`,
    ]);
    const free = await client.query(FREE, [network]);
    if (free.rows.length > 0) return;
    const { rows } = await client.query<{ next: number }>(
      'SELECT coalesce(max(derivation_index) + 1, 0) AS next FROM deposit_address WHERE network = $1',
      [network],
    );
    const first = rows[0]?.next ?? 0;
    const indexes = Array.from({ length: BATCH }, (_, i) => first + i);
    await client.query(ADD, [
      indexes.map(() => ids.next()),
      indexes.map(() => network),
      indexes.map((index) => deriver.derive(network, index)),
      indexes,
    ]);
  });
}
