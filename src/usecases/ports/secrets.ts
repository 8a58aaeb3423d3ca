/** A secret that is shown once and kept only as a hash. */
export interface IssuedSecret {
  /** In clear, for its owner only. */
  readonly secret: string;
  /** SHA-256 of the secret, 32 bytes. */
  readonly hash: Uint8Array;
}

/** Makes and recognises bearer secrets. */
export interface Secrets {
  /** 256 bits of randomness behind a prefix, such as `pbsk_test_`. */
  issue(prefix: string): IssuedSecret;
  hash(secret: string): Uint8Array;
  /**
   * The secret that belongs to a row, made from the gateway's own key and the row's id: a message that is sent
   * later can carry it although no store or queue ever held it.
   */
  derive(purpose: string, rowId: string): IssuedSecret;
}

/** Password hashing (argon2id). */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes the same time for an unknown user: pass null. */
  verify(hash: string | null, password: string): Promise<boolean>;
}
