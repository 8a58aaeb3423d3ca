import type { SpendPlace, SpendPlaces, SpendTransfer } from './chain-spender.ts';

/** An address whose deposits are worth sending on to the hot wallet. */
export interface SweepCandidate {
  readonly address: string;
  /** The child below the account's key: `0/n`. */
  readonly derivationIndex: number;
  readonly asset: string;
}

/** Where deposits wait. */
export interface SweepCandidates {
  /**
   * Of the `limit` addresses below `before` (from the newest one on), those whose final deposits of an asset, less what was
   * swept, reach its threshold (in the smallest unit; other assets are left alone), and from or to which no spend is open.
   * `next` is where to go on; null when those were the last ones.
   */
  after(
    network: string,
    thresholds: Readonly<Record<string, bigint>>,
    before: number | null,
    limit: number,
  ): Promise<{ readonly candidates: readonly SweepCandidate[]; readonly next: number | null }>;
}

/** What a sweep asks a network with accounts. Every method throws ChainUnavailable when no node answers. */
export interface SweepChain {
  readonly network: string;
  /** What an address has, in the asset's smallest unit, rounded down. */
  balance(address: string, asset: string): Promise<bigint>;
  /** What a transfer from an address would cost now at most, in the coin's smallest unit. Throws TransferRefused. */
  cost(from: string, transfer: SpendTransfer): Promise<bigint>;
  /** The address's own next nonce. */
  placeAt(address: string, path: string, store: SpendPlaces): Promise<SpendPlace>;
}
