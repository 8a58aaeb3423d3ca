/** Outputs of the Bitcoin family that the gateway may spend. */
export interface CoinCollect {
  /**
   * Adds a coin for every LIVE payment and deposit of the network's own coin that is confirmed, deep enough and has none,
   * and removes those that nothing uses and a reorg took back. One atomic write, safe to repeat.
   *
   * @param fromHeight payments in lower blocks are not looked at: 0 at first, later what the last call gave
   * @returns the height to go on from
   */
  collect(from: CoinSource, fromHeight: bigint): Promise<bigint>;
}

export interface CoinSource {
  readonly network: string;
  /** The network's own coin. */
  readonly asset: string;
  /**
   * Blocks, its own included, that a coin must have. A shop may take a payment with fewer; a payout that spends it would
   * go with its block.
   */
  readonly confirmations: number;
}
