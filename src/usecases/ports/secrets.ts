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
  /** Whether `derive` made the secret of that row, with the present key or a former one. In constant time. */
  isDerived(purpose: string, rowId: string, secret: string): boolean;
  /** Six digits that belong to a row, made as `derive` does, for what a person types. */
  deriveCode(purpose: string, rowId: string): string;
  /** Compares in constant time. */
  equal(a: string, b: string): boolean;
}

/** Encrypts what must be read again (AES-256-GCM): nothing else than the row it belongs to opens it. */
export interface Sealer {
  seal(purpose: string, rowId: string, plain: Uint8Array): Uint8Array;
  /** Throws when it was sealed for another row, with an unknown key, or changed. */
  open(purpose: string, rowId: string, sealed: Uint8Array): Uint8Array;
  /** Whether it was sealed with the present key, and not with one that is on its way out. */
  isCurrent(sealed: Uint8Array): boolean;
}

/** Password hashing (argon2id). Hashing and verifying throw `Overloaded` when too many wait for it. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes the same time for an unknown user: pass null. */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Whether the hash was made with weaker parameters than those of today. */
  needsRehash(hash: string): boolean;
}

/** Passwords that many people use. */
export interface PasswordBlocklist {
  /** Gives the question whether a password, in lower case, is one of them. */
  load(): Promise<(lowerCase: string) => boolean>;
}
