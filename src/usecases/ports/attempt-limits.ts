import type { AttemptKind } from '../../domain/access/attempt-limits.ts';

/** Who tries: leave out what is not known. The account is an e-mail key or an id, whether or not it exists. */
export interface AttemptSubject {
  readonly account?: string;
  /** IP address; an IPv6 address counts with its /64. */
  readonly address?: string;
}

/** Counts attempts for all processes together (FEATURES A14). */
export interface AttemptLimits {
  /** Counts one attempt before it is made. Null when it may be made, else seconds until the next may. */
  take(kind: AttemptKind, subject: AttemptSubject, at: Date): Promise<number | null>;
  /** Forgets the account's attempts after a right one; those of the address stay. */
  forgive(kind: AttemptKind, subject: AttemptSubject): Promise<void>;
}
