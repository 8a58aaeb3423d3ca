import type { ClosingCondition } from '../domain/merchant/closing.ts';

/** Why a request was turned down in a way the caller can act on. */
export type RefusalCode =
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'STEP_UP_REQUIRED'
  | 'SECOND_FACTOR_REQUIRED'
  | 'CODE_REFUSED'
  | 'WRONG_STATE'
  | 'CLOSING_CONDITIONS_UNMET'
  | 'INVALID_CREDENTIALS'
  | 'EMAIL_NOT_CONFIRMED'
  | 'INVALID_TOKEN'
  | 'PROJECT_NOT_ACTIVE'
  | 'INVOICE_NOT_OPEN'
  | 'ASSET_NOT_AVAILABLE'
  | 'RATE_UNAVAILABLE'
  | 'TEST_MODE_ONLY'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'BALANCE_SHORT'
  | 'LIMIT_REACHED';

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  /** Where in the input, such as ["input", "amount"]. */
  readonly path?: readonly string[];
  /** With RATE_LIMITED: when the next attempt may be made. */
  readonly retryAfterSeconds?: number;
  /** With CLOSING_CONDITIONS_UNMET: all of them, met or not. */
  readonly conditions?: readonly ClosingCondition[];
}

/** A refusal is a value; a fault is thrown (STYLE, habit 6). */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

export const done = <T>(value: T): Result<T> => ({ ok: true, value });

export const refuse = (code: RefusalCode, message: string, ...path: string[]): Result<never> => ({
  ok: false,
  refusal: path.length > 0 ? { code, message, path: ['input', ...path] } : { code, message },
});

/** Too many attempts; a top-level error for the caller. */
export const tooMany = (retryAfterSeconds: number): Result<never> => ({
  ok: false,
  refusal: { code: 'RATE_LIMITED', message: 'Too many attempts; wait a while.', retryAfterSeconds },
});
