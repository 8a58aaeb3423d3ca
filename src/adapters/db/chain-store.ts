import type { Pool, QueryResultRow } from 'pg';
import type {
  AddressOwner,
  BlockRef,
  ChainStore,
  MisplacedPayment,
  StandingPayment,
} from '../../usecases/ports/chain-store.ts';
import * as sql from './chain-statements.ts';

interface OwnedRow {
  readonly invoice_id: string | null;
  readonly static_wallet_id: string | null;
}

interface PaymentRow extends OwnedRow {
  readonly id: string;
  readonly block_height: string;
  readonly block_hash: string;
  readonly is_confirmed: boolean;
}

type Ask = <Row extends QueryResultRow>(name: string, text: string, values: unknown[]) => Promise<Row[]>;

/** The watchers' memory, one prepared statement a method. */
export function createChainStore(pool: Pool): ChainStore {
  const ask: Ask = async <Row extends QueryResultRow>(name: string, text: string, values: unknown[]) =>
    (await pool.query<Row>({ name, text, values })).rows;
  return { ...cursorMethods(ask), ...paymentMethods(ask) };
}

const cursorMethods = (
  ask: Ask,
): Pick<ChainStore, 'cursor' | 'advance' | 'caughtUp' | 'hashAt' | 'rewind' | 'stepBack' | 'report'> => ({
  async cursor(network) {
    const [row] = await ask<{ height: string; hash: string }>('chain_cursor', sql.CURSOR, [network]);
    return row ? { height: BigInt(row.height), hash: row.hash } : null;
  },
  async advance(network, block, keep, at) {
    const values = [network, block.height, block.hash, keep, at];
    const moved = await ask('chain_advance', sql.ADVANCE, values);
    if (moved.length === 0)
      throw new Error(
        `${network}: the cursor is not one below block ${block.height}; another watcher moved it`,
      );
  },
  async hashAt(network, height) {
    const [row] = await ask<{ hash: string }>('chain_hash_at', sql.HASH_AT, [network, height]);
    return row?.hash ?? null;
  },
  async caughtUp(network, cursor, at) {
    await ask('chain_caught_up', sql.CAUGHT_UP, [network, cursor.height, cursor.hash, at]);
  },
  async rewind(network, from, ancestor, at) {
    const values = [network, from.height, from.hash, ancestor.height, ancestor.hash, at];
    fenced(network, from, await ask('chain_rewind', sql.REWIND, values));
  },
  async stepBack(network, from, to) {
    const values = [network, from.height, from.hash, to.height, to.hash];
    fenced(network, from, await ask('chain_step_back', sql.STEP_BACK, values));
  },
  async report(network, { height, head, finalized, lastError, lastErrorAt, stopped, updatedAt }) {
    const values = [network, height, head, finalized, lastError, lastErrorAt, stopped, updatedAt];
    await ask('chain_report', sql.REPORT, values);
  },
});

function fenced(network: string, from: BlockRef, moved: readonly unknown[]): void {
  if (moved.length === 0)
    throw new Error(`${network}: the cursor is not at block ${from.height}; another watcher moved it`);
}

const paymentMethods = (
  ask: Ask,
): Pick<ChainStore, 'watched' | 'topUps' | 'stale' | 'confirmable' | 'misplacedUpTo' | 'pooled'> => ({
  async watched(addresses) {
    const rows = await ask<OwnedRow & { address: string; network: string }>('chain_watched', sql.WATCHED, [
      addresses,
    ]);
    return rows.map((row) => ({ address: row.address, network: row.network, owner: ownerOf(row) }));
  },
  async topUps(network, txIds) {
    const rows = await ask<{ tx_id: string }>('chain_top_ups', sql.TOP_UPS, [network, txIds]);
    return new Set(rows.map((row) => row.tx_id));
  },
  async stale(network, { height, hash }, next) {
    const values = [network, height, hash, next?.hash ?? null];
    return (await ask<PaymentRow>('chain_stale', sql.STALE, values)).map(standing);
  },
  async confirmable(network, tip, finalized) {
    const values = [network, tip, finalized];
    return (await ask<PaymentRow>('chain_confirmable', sql.CONFIRMABLE, values)).map(standing);
  },
  async misplacedUpTo(network, height) {
    const rows = await ask<PaymentRow & { remembered: string | null }>(
      'chain_misplaced_up_to',
      sql.MISPLACED_UP_TO,
      [network, height],
    );
    return rows.map((row): MisplacedPayment => ({ ...standing(row), remembered: row.remembered }));
  },
  async pooled(network) {
    const rows = await ask<OwnedRow & { id: string; tx_id: string }>('chain_pooled', sql.POOLED, [network]);
    return rows.map((row) => ({ paymentId: row.id, owner: ownerOf(row), txId: row.tx_id }));
  },
});

const standing = (row: PaymentRow): StandingPayment => ({
  paymentId: row.id,
  owner: ownerOf(row),
  blockHeight: BigInt(row.block_height),
  blockHash: row.block_hash,
  isConfirmed: row.is_confirmed,
});

function ownerOf(row: OwnedRow): AddressOwner {
  if (row.invoice_id !== null) return { invoiceId: row.invoice_id };
  if (row.static_wallet_id !== null) return { staticWalletId: row.static_wallet_id };
  throw new Error('a row has neither invoice nor static wallet');
}
