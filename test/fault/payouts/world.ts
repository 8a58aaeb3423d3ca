import type { Pool } from 'pg';
import type { CustodyChain } from '../../../src/usecases/ports/custody-chain.ts';
import type { Deposit } from './books.ts';
import type { Cut } from './front.ts';
import type { SenderSettings } from './sender.ts';

/** A chain with the gateway's keys on it, as its own node tells of it. */
export interface World {
  readonly settings: SenderSettings;
  readonly assets: readonly [string, ...string[]];
  /** A payout's parts, in the smallest unit: what the least one is, and what the gateway takes for sending it. */
  readonly least: Readonly<Record<string, bigint>>;
  /** What the gateway's addresses hold that no payment brought. */
  readonly ownFunds: Readonly<Record<string, bigint>>;
  readonly custody: CustodyChain;
  /** Methods that the sender asks the node for. */
  readonly methods: readonly [string, ...string[]];
  cut(method: string, how: Cut, times: number): void;
  readonly cuts: readonly string[];
  receiver(): Promise<string>;
  /** What arrived at an address, and by how many transactions. */
  received(address: string, asset: string): Promise<bigint>;
  /** Payments to new deposit addresses, with enough blocks above them. */
  deposit(wanted: readonly { readonly asset: string; readonly amount: bigint }[]): Promise<Deposit[]>;
  /** Whether this transaction is in a block. */
  isMined(txId: string, blockHash: string): Promise<boolean>;
  /** All that the gateway's keys hold. */
  held(asset: string): Promise<bigint>;
  mine(blocks: number): Promise<void>;
  /** Takes the last block back; what was in it is in none. */
  reorg(): Promise<void>;
  /** No block takes what was sent until now, for what it pays. */
  stick(): Promise<void>;
  unstick(): Promise<void>;
  /** What must hold of the chain's side besides, as a list of what does not. */
  faults(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** The gateway has taken in all blocks up to this one. */
export const setCursor = (pool: Pool, network: string, height: number, hash: string): Promise<unknown> =>
  pool.query(
    `INSERT INTO chain_cursor (network, height, hash, updated_at) VALUES ($1, $2, $3, now())
     ON CONFLICT (network) DO UPDATE SET height = excluded.height, hash = excluded.hash`,
    [network, height, hash],
  );
