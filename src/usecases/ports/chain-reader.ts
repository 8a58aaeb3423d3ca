import type { BlockRef } from './chain-store.ts';

/** One incoming transfer of a known asset. */
export interface Transfer {
  readonly txId: string;
  /**
   * Place of an ERC-20 transfer among the transfers of known tokens in its transaction, from 0; output index of the
   * Bitcoin family; -1 for an EVM value transfer. The same wherever the transaction is mined.
   */
  readonly outputIndex: number;
  /** In the form that the deriver writes (EIP-55, bech32). */
  readonly to: string;
  readonly asset: string;
  /** In the asset's smallest unit. */
  readonly amount: bigint;
}

export interface Block extends BlockRef {
  readonly parentHash: string;
  readonly transfers: readonly Transfer[];
}

/** Reads one network. Every method throws ChainUnavailable when the node does not answer; nothing is guessed. */
export interface ChainReader {
  readonly network: string;
  head(): Promise<bigint>;
  /** The block at a height with the transfers in it; null when the chain is shorter. */
  block(height: bigint): Promise<Block | null>;
}

export class ChainUnavailable extends Error {
  override readonly name = 'ChainUnavailable';
}
