/** What is sealed, by what it is sealed for: secrets of authenticators, those that sign webhooks, seeds of wallets. */
export const SEAL_PURPOSES = ['totp', 'WEBHOOK_SECRET', 'wallet-seed'] as const;
export type SealPurpose = (typeof SEAL_PURPOSES)[number];

export interface SealedRow {
  /** The row that it is sealed for. */
  readonly rowId: string;
  readonly sealedSecret: Uint8Array;
}

/** Everything that is sealed, for sealing it anew. */
export interface SealedSecrets {
  /** Those behind a row, in the order of their ids. */
  after(purpose: SealPurpose, rowId: string | null, limit: number): Promise<readonly SealedRow[]>;
  /** False when it was replaced or removed meanwhile. */
  replace(purpose: SealPurpose, row: SealedRow, sealedSecret: Uint8Array): Promise<boolean>;
}
