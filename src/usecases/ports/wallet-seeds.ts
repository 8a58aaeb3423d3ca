/** What the gateway signs with, by network: BIP-39 seeds, sealed (Sealer) for their network. */
export interface WalletSeeds {
  /** Null where there is none. */
  read(network: string): Promise<Uint8Array | null>;
  /** In the place of the one before. */
  write(network: string, sealedSeed: Uint8Array, at: Date): Promise<void>;
}
