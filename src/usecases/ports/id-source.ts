/** Makes row ids. */
export interface IdSource {
  /** A UUIDv7 (RFC 9562): grows with time, so that indexes stay dense. */
  next(): string;
}
