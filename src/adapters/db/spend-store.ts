import type { Pool } from 'pg';
import type { OnTheWay } from '../../usecases/ports/chain-spender.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { OpenSpend, SpendAbandoned, SpendStore } from '../../usecases/ports/spend-store.ts';
import { debtsFirst } from './debts-first.ts';
import { eventRows } from './event-insert.ts';
import { createLedgerAccounts, type LedgerAccounts } from './ledger-accounts.ts';
import { ledgerRows } from './ledger-rows.ts';
import { isBeyondDay } from './payout-store.ts';
import { toPayout, type PayoutJson } from './payout-rows.ts';
import {
  endValues,
  signedValues,
  stuckValues,
  toCoin,
  toOpenSpend,
  transactionValues,
  waitsValues,
  type CoinJson,
  type OpenRow,
} from './spend-rows.ts';
import { isUniqueViolation } from './unique-violation.ts';
import {
  ABANDONED,
  BROADCAST,
  CHANGE,
  COINS_GONE,
  ENDED,
  FREE_COINS,
  GONE_COINS,
  NONCE,
  ON_THE_WAY,
  OPEN,
  OUTBID,
  QUEUED,
  SIGNED,
  STUCK,
  WAITING,
  WAITS,
} from './spend-statements.ts';

/** What the gateway signed, on PostgreSQL. */
export function createSpendStore(pool: Pool, ids: IdSource): SpendStore {
  const accounts = createLedgerAccounts(pool, ids);
  const wrote = async (name: string, text: string, values: unknown[]): Promise<boolean> =>
    ((await pool.query({ name, text, values })).rowCount ?? 0) > 0;
  const read = async <Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> =>
    (await pool.query<Row>({ name, text, values })).rows;
  return {
    async queued(...page) {
      const rows = await read<{ payout: PayoutJson }>('spend_queued', QUEUED, page);
      return rows.map(({ payout }) => toPayout(payout));
    },

    isBeyondDay: ({ id }, at) => isBeyondDay(pool, id, at),

    async nextNonce(...account) {
      const [row] = await read<{ next: string }>('spend_nonce', NONCE, account);
      return row ? BigInt(row.next) : null;
    },

    freeCoins: async (network, limit) =>
      (await read<CoinJson>('spend_free_coins', FREE_COINS, [network, limit])).map(toCoin),

    async coinsGone(coins) {
      await wrote('spend_coins_gone', COINS_GONE, [coins.map(({ id }) => id), true]);
    },

    goneCoins: async (network, limit) =>
      (await read<CoinJson>('spend_gone_coins', GONE_COINS, [network, limit])).map(toCoin),

    async coinsFound(coins) {
      await wrote('spend_coins_gone', COINS_GONE, [coins.map(({ id }) => id), false]);
    },

    onTheWay: (network, address, from) => onTheWay(pool, network, address, from),

    async signed(spend) {
      try {
        return await wrote('spend_signed', SIGNED, signedValues(spend));
      } catch (error) {
        // The place was used, or an open spend does the same.
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },

    outbid: (spend, transactionId, signed, at) =>
      wrote('spend_outbid', OUTBID, [
        spend.id,
        spend.revision,
        transactionId,
        ...transactionValues(signed),
        at,
      ]),

    broadcast: ({ id, revision, transactions }, events, at) =>
      wrote('spend_broadcast', BROADCAST, [id, revision, transactions.at(-1)?.id, eventRows(events), at]),

    open: (network, limit, after = null) => readOpenSpends(pool, network, limit, after),

    ended: (end) =>
      debtsFirst(pool, 'LIVE', end.entries, async (entries) => {
        const { transactions, postings } = await ledgerRows('LIVE', entries, accounts, ids);
        return await wrote('spend_ended', ENDED, [...endValues(end, ids.next()), transactions, postings]);
      }),

    async change(network) {
      const [row] = await read<{ free: string; change: string }>('spend_change', CHANGE, [network]);
      return row && row.change !== '0' ? BigInt(row.free) + BigInt(row.change) : 0n;
    },

    abandoned: (abandoned) =>
      debtsFirst(pool, 'LIVE', abandoned.entries, async (entries) =>
        wrote('spend_abandoned', ABANDONED, await abandonedValues({ ...abandoned, entries }, accounts, ids)),
      ),

    waits: (payout, waiting) => wrote('spend_waits', WAITS, waitsValues(payout, waiting)),

    async waiting({ id }) {
      const [row] = await read<{ reason: string; since: Date }>('spend_waiting', WAITING, [id]);
      return row ?? null;
    },

    stuck: ({ id }, why, event, at) => wrote('spend_stuck', STUCK, stuckValues(id, why, event, at)),
  };
}

/** In the order in which ABANDONED names them. */
async function abandonedValues(
  { spend, entries, events, at }: SpendAbandoned,
  accounts: LedgerAccounts,
  ids: IdSource,
): Promise<unknown[]> {
  const { transactions, postings } = await ledgerRows('LIVE', entries, accounts, ids);
  const { id, revision, payout } = spend;
  const of = [id, revision, payout?.id ?? null, payout?.revision ?? null];
  return [...of, eventRows(events), at, transactions, postings];
}

/** SIGNED and BROADCAST spends of a network, oldest first, those behind `after`. */
export async function readOpenSpends(
  client: Pick<Pool, 'query'>,
  network: string,
  limit: number,
  after: string | null,
): Promise<readonly OpenSpend[]> {
  const values = [network, limit, after];
  const { rows } = await client.query<OpenRow>({ name: 'spend_open', text: OPEN, values });
  return rows.map(toOpenSpend);
}

async function onTheWay(pool: Pool, network: string, address: string, from: bigint): Promise<OnTheWay> {
  const { rows } = await pool.query<{ asset: string; amount: string; fees: string; spends: number }>({
    name: 'spend_on_the_way',
    text: ON_THE_WAY,
    values: [network, address, from],
  });
  return {
    amounts: new Map(rows.map(({ asset, amount }) => [asset, BigInt(amount)])),
    fees: rows.reduce((sum, { fees }) => sum + BigInt(fees), 0n),
    spends: rows.reduce((sum, { spends }) => sum + spends, 0),
  };
}
