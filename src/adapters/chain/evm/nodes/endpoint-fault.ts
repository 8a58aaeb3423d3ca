/** What went wrong at an endpoint, as far as it decides what to do next. */
export type FaultKind =
  /** It could not be reached, or its server failed. */
  | 'UNREACHABLE'
  /** It did not answer in time. */
  | 'TIMEOUT'
  /** It asked to be left alone for a while. */
  | 'RATE_LIMITED'
  /** It would answer if less were asked for at once. */
  | 'TOO_LARGE'
  /** It does not have the block. */
  | 'ABSENT'
  /** It refused the call for another reason. */
  | 'REFUSED'
  /** What it sent is not what the method gives. */
  | 'GARBAGE'
  /** What it sent does not fit together, because it serves several views of the chain or lies. */
  | 'CONTRADICTION'
  /** Other endpoints are further. */
  | 'LAGGING'
  /** It is of another chain, or does not have what the configuration needs: somebody must look at it. */
  | 'MISFIT';

/** Why one endpoint did not do. The message names no address: it may hold the provider's key. */
export class EndpointFault extends Error {
  override readonly name = 'EndpointFault';
  readonly kind: FaultKind;
  /** How long it asked to be left alone, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(kind: FaultKind, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether an error is a fault of one of these kinds. */
export const isFault = (error: unknown, ...kinds: readonly FaultKind[]): error is EndpointFault =>
  error instanceof EndpointFault && kinds.includes(error.kind);
