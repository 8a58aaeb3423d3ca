import type { Pool } from 'pg';

/** Of so many merchants are the invoices of a block. */
const MERCHANTS = 100;
const PRICE_MINOR = 1000;
/** What the quote of each invoice asks for. */
export const DUE = 10_000_000n;

const NETWORK = 'ETHEREUM';
/** The n-th address: as long as a real one, and as spread. */
const ADDRESS = `'0x' || lpad(to_hex(n), 8, '0') || md5(n::text)`;
const idOf = (kind: number): string =>
  `(lpad(to_hex(n), 12, '0') || '78008000' || lpad('${kind}', 12, '0'))::uuid`;

export async function seedMerchants(pool: Pool): Promise<void> {
  await pool.query(
    `INSERT INTO merchant (id, name, type, created_at)
     SELECT ${idOf(1)}, 'Bench ' || n, 'BUSINESS', now() FROM generate_series(1, ${MERCHANTS}) AS n`,
  );
  await pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     SELECT ${idOf(2)}, ${idOf(1)}, 'Bench', 'ACTIVE', 600, now() FROM generate_series(1, ${MERCHANTS}) AS n`,
  );
}

/** Addresses that were given out and get nothing in this bench. */
export async function seedOtherAddresses(pool: Pool, count: number): Promise<void> {
  await pool.query(
    `INSERT INTO deposit_address (id, network, address, derivation_index, invoice_id, assigned_at)
     SELECT gen_random_uuid(), '${NETWORK}', ${ADDRESS}, n, gen_random_uuid(), now()
     FROM generate_series(100000000, 100000000 + $1::int - 1) AS n`,
    [count],
  );
}

/** Open invoices `from` to `from + count - 1` with their addresses, in place of those of before; gives the addresses. */
export async function replaceInvoices(pool: Pool, from: number, count: number): Promise<readonly string[]> {
  const numbers = `generate_series(${from}, ${from + count - 1}) AS n`;
  const owner = `((n % ${MERCHANTS}) + 1)`;
  const ownerId = (kind: number): string => idOf(kind).replaceAll('to_hex(n)', `to_hex(${owner})`);
  await pool.query('DELETE FROM deposit_address WHERE derivation_index < 100000000');
  await pool.query(
    `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, created_at, expires_at)
     SELECT ${idOf(3)}, ${ownerId(1)}, ${ownerId(2)}, 'LIVE', 'USD', ${PRICE_MINOR}, now(), now() + interval '1 hour'
     FROM ${numbers}`,
  );
  await pool.query(
    `INSERT INTO quote (id, invoice_id, asset, network, price, amount, rate, rate_source, rate_at, address, created_at,
       expires_at)
     SELECT ${idOf(4)}, ${idOf(3)}, 'USDT', '${NETWORK}', ${PRICE_MINOR}, ${DUE}, 1, 'fixed', now(), ${ADDRESS}, now(),
       now() + interval '1 hour'
     FROM ${numbers}`,
  );
  const { rows } = await pool.query<{ address: string }>(
    `INSERT INTO deposit_address (id, network, address, derivation_index, invoice_id, assigned_at)
     SELECT gen_random_uuid(), '${NETWORK}', ${ADDRESS}, n, ${idOf(3)}, now() FROM ${numbers}
     RETURNING address`,
  );
  return rows.map(({ address }) => address);
}
