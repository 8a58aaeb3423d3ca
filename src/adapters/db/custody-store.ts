import type { Pool, PoolClient } from 'pg';
import { coinOf } from '../../domain/chain/networks.ts';
import type { CustodyCheck } from '../../domain/custody/custody-check.ts';
import type { CustodySnapshot, CustodyStore } from '../../usecases/ports/custody-store.ts';
import { ADDRESSES, BLOCK, BOOKED, COINS, LAST } from './custody-statements.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { exactJson } from './payment-rows.ts';
import { readOpenSpends } from './spend-store.ts';
import { inTransaction } from './transaction.ts';

/** All that are open: what is left out would be taken for a difference. */
const ALL = 1_000_000;

/** $1 the looks, $2 events. Another process may have been quicker: then its look stands, and nothing is written. */
const RECORD = `
  WITH look AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS l (id uuid, network text, asset text, ledger numeric, chain numeric,
      height bigint, at timestamptz, "differsSince" timestamptz, "toldAt" timestamptz,
      "toldDifference" numeric)
  ), late AS (
    SELECT FROM look l JOIN custody_check c USING (network, asset) WHERE c.at >= l.at OR c.id <> l.id
  ), written AS (
    INSERT INTO custody_check (id, network, asset, ledger, chain, height, at, differs_since, told_at,
      told_difference)
    SELECT id, network, asset, ledger, chain, height, at, "differsSince", "toldAt", "toldDifference" FROM look
    WHERE NOT EXISTS (SELECT FROM late) ORDER BY network, asset
    ON CONFLICT (network, asset) DO UPDATE SET ledger = excluded.ledger, chain = excluded.chain,
      height = excluded.height, at = excluded.at, differs_since = excluded.differs_since, told_at = excluded.told_at,
      told_difference = excluded.told_difference
    RETURNING id
  ), told AS (
    ${insertEvents('$2', 'EXISTS (SELECT FROM written)')}
  )
  SELECT id FROM written`;

interface CheckRow extends Omit<CustodyCheck, 'ledger' | 'chain' | 'height' | 'toldDifference'> {
  readonly ledger: string;
  readonly chain: string;
  readonly height: string;
  readonly toldDifference: string | null;
}

/** The custody check's reads and its one write, on PostgreSQL. */
export const createCustodyStore = (pool: Pool): CustodyStore => ({
  snapshot: (network) => inTransaction(pool, (client) => snapshotOf(client, network)),

  async last(network) {
    const { rows } = await pool.query<CheckRow>({ name: 'custody_last', text: LAST, values: [network] });
    return rows.map((row) => ({
      ...row,
      ledger: BigInt(row.ledger),
      chain: BigInt(row.chain),
      height: BigInt(row.height),
      toldDifference: row.toldDifference === null ? null : BigInt(row.toldDifference),
    }));
  },

  async record(checks, events) {
    const { rowCount } = await pool.query({
      name: 'custody_record',
      text: RECORD,
      values: [exactJson(checks), eventRows(events)],
    });
    return (rowCount ?? 0) > 0;
  },
});

async function snapshotOf(client: PoolClient, network: string): Promise<CustodySnapshot | null> {
  await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  const ask = async <Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> =>
    (await client.query<Row>({ name, text, values })).rows;
  const [block] = await ask<{ height: string; hash: string }>('custody_block', BLOCK, [network]);
  if (!block) return null;
  const coin = coinOf(network);
  const booked = await ask<{ asset: string; amount: string }>('custody_booked', BOOKED, [
    network,
    coin,
    block.height,
  ]);
  const addresses = await ask<{ address: string }>('custody_addresses', ADDRESSES, [network]);
  const coins = await ask<{ txId: string; outputIndex: number }>('custody_coins', COINS, [network, coin]);
  return {
    block: { height: BigInt(block.height), hash: block.hash },
    booked: new Map(booked.map(({ asset, amount }) => [asset, BigInt(amount)])),
    open: await readOpenSpends(client, network, ALL, null),
    places: { addresses: addresses.map(({ address }) => address), coins },
  };
}
