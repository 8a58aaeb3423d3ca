/** Receiving addresses: derived ahead of need from the network's extended public key (BIP-32), given out once. */
export interface DepositAddresses {
  /**
   * The invoice's own address on the network; the same one when asked again. Derives more when the pool is empty.
   * Null when the network is not configured.
   */
  assign(network: string, invoiceId: string, at: Date): Promise<string | null>;
  /**
   * Derives more addresses when none is free, for whoever takes one in a statement of its own (a static wallet).
   * False when the network is not configured.
   */
  refill(network: string): Promise<boolean>;
}

/** Derives addresses; the seed is never here. */
export interface AddressDeriver {
  /** Networks with an extended public key. */
  readonly networks: readonly string[];
  /** The address of the child `0/index`. EVM: BIP-44 account xpub, EIP-55 form. UTXO: BIP-84, bech32. */
  derive(network: string, index: number): string;
}
