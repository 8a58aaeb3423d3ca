import { afterAll, beforeAll, expect, it } from 'vitest';
import * as sql from '../../src/adapters/db/chain-statements.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

const PAYMENTS = 30_000;

let db: TestDatabase;

/** Many payments that are done, a few that are not, as many addresses, and the memory of some hundred blocks. */
beforeAll(async () => {
  db = await createTestDatabase();
  const client = await db.pool.connect();
  try {
    // Rows alone matter here, not what they belong to.
    await client.query('SET session_replication_role = replica');
    await client.query(
      `INSERT INTO payment (id, merchant_id, project_id, invoice_id, mode, network, tx_id, output_index, asset, amount,
         status, block_height, block_hash, confirmations_required, detected_at)
       SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'LIVE', 'ETHEREUM', 'tx-' || n,
         0, 'USDT', 5, (CASE WHEN n % 1000 = 0 THEN 'CONFIRMING' ELSE 'CREDITED' END)::"PaymentStatus", n, '0x' || n,
         12, now()
       FROM generate_series(1, ${PAYMENTS}) AS n`,
    );
    await client.query(
      `INSERT INTO deposit_address (id, network, address, derivation_index, invoice_id, assigned_at)
       SELECT gen_random_uuid(), 'ETHEREUM', '0x' || md5(n::text), n, gen_random_uuid(), now()
       FROM generate_series(1, ${PAYMENTS}) AS n`,
    );
    await client.query(
      `INSERT INTO unmatched_transfer (id, network, tx_id, output_index, contract, amount, address, address_network,
         reason, block_height, block_hash, seen_at)
       SELECT gen_random_uuid(), 'ETHEREUM', 'tx-' || n, 0, '', 5, 'x', 'ETHEREUM', 'UNKNOWN_TOKEN', n, '0x' || n, now()
       FROM generate_series(1, ${PAYMENTS}) AS n`,
    );
    await client.query(
      `INSERT INTO chain_block (network, height, hash)
       SELECT 'ETHEREUM', n, '0x' || n FROM generate_series(${PAYMENTS - 300}, ${PAYMENTS}) AS n`,
    );
    await client.query(
      `INSERT INTO chain_cursor (network, height, hash, updated_at) VALUES ('ETHEREUM', ${PAYMENTS}, '0x${PAYMENTS}', now())`,
    );
    await client.query('RESET session_replication_role');
    await client.query('VACUUM ANALYZE');
  } finally {
    client.release();
  }
}, 120_000);
afterAll(() => db.drop());

const HASH = `'0x${PAYMENTS}'`;
const PAGE = `ARRAY['0x1', '0x2']`;

it.each([
  ['WATCHED', sql.WATCHED, [PAGE]],
  ['STALE', sql.STALE, [`'ETHEREUM'`, `${PAYMENTS}`, HASH, `'0xnext'`]],
  ['CONFIRMABLE', sql.CONFIRMABLE, [`'ETHEREUM'`, `${PAYMENTS}`, 'NULL']],
  ['MISPLACED_UP_TO', sql.MISPLACED_UP_TO, [`'ETHEREUM'`, `${PAYMENTS}`]],
  ['POOLED', sql.POOLED, [`'ETHEREUM'`]],
  ['ADVANCE', sql.ADVANCE, [`'ETHEREUM'`, `${PAYMENTS + 1}`, `'0xnext'`, '288', 'now()']],
  [
    'REWIND',
    sql.REWIND,
    [`'ETHEREUM'`, `${PAYMENTS}`, HASH, `${PAYMENTS - 5}`, `'0x${PAYMENTS - 5}'`, 'now()'],
  ],
])('%s reads no table of payments, transfers or addresses as a whole', async (name, text, values) => {
  const client = await db.pool.connect();
  try {
    // As it is planned after some executions: for any values.
    await client.query('BEGIN; SET LOCAL plan_cache_mode = force_generic_plan');
    await client.query(`PREPARE watched AS ${text}`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN EXECUTE watched (${values.join(', ')})`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan, name).not.toMatch(/Seq Scan on (payment|deposit_address|unmatched_transfer)/);
  } finally {
    await client.query('ROLLBACK; DEALLOCATE ALL');
    client.release();
  }
});
